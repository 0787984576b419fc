using System.Diagnostics;

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
        while (await Task.WhenAny(output, Task.Delay(50)) != output) peak = PeakMemory.Of(process.Id, "VmHWM") is var now && double.IsNaN(now) ? peak : now;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(await output);
        return new VerbRun(Stopwatch.GetElapsedTime(started).TotalSeconds, ProcessorTime.OfEndedChildren() - children, peak);
    }
}
