using System.Diagnostics;
using System.Globalization;

namespace SimLedger.Benchmarks;

/// <summary>A verb as a process of its own.</summary>
/// <param name="Seconds">By the clock on the wall, the start of the process included.</param>
/// <param name="Processor">Seconds of processor time.</param>
/// <param name="PeakMegabytes">Most resident memory; NaN where the system does not tell.</param>
internal sealed record VerbRun(double Seconds, double Processor, double PeakMegabytes)
{
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async Task<VerbRun> Of(string connection, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SimLedger.Server.dll"), .. arguments]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__SimLedger"] = connection;
        var (started, children, peak) = (Stopwatch.GetTimestamp(), ProcessorTime.OfEndedChildren(), double.NaN);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        while (await Task.WhenAny(output, Task.Delay(50)) != output) peak = Peak(process.Id) is var now && double.IsNaN(now) ? peak : now;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(await output);
        return new VerbRun(Stopwatch.GetElapsedTime(started).TotalSeconds, ProcessorTime.OfEndedChildren() - children, peak);
    }

    /// <summary>The most resident memory a process ever had, in MB; NaN where the system does not tell, or it has ended.</summary>
    public static double Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? double.NaN : double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return double.NaN;
        }
    }
}
