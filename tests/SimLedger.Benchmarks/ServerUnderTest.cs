using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SimLedger.Benchmarks;

/// <summary>`serve` as a process of its own, beside this one.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly Process _process;

    private ServerUnderTest(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static ServerUnderTest Launch(string connection)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SimLedger.Server.dll"), "serve"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__SimLedger"] = connection;
        start.Environment["ASPNETCORE_URLS"] = url;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return new ServerUnderTest(process, url);
    }

    /// <summary>Asks until the first answer comes.</summary>
    public static async Task FirstAnswer(HttpClient client, string path)
    {
        for (var tries = 0; tries < 6000; tries++)
        {
            try
            {
                using var answer = await client.GetAsync(path);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(5);
        }
        throw new TimeoutException("The server did not answer within 30 seconds.");
    }

    /// <summary>Resident memory in MB; NaN where the system does not tell.</summary>
    public double ResidentMegabytes()
    {
        var line = File.Exists($"/proc/{_process.Id}/status") ? File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)) : null;
        return line is null ? double.NaN : double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The most resident memory there ever was, in MB; NaN where the system does not tell.</summary>
    public double PeakMegabytes() => VerbRun.Peak(_process.Id);

    /// <summary>Processor time in seconds so far.</summary>
    public double ProcessorSeconds()
    {
        _process.Refresh();
        return _process.TotalProcessorTime.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
