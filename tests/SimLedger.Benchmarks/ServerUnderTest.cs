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

    public static ServerUnderTest Launch(string connection) => Launch(connection, "SimLedger.Server.dll", "serve");

    /// <summary>A process that answers HTTP at the address it is given in ASPNETCORE_URLS.</summary>
    /// <param name="program">In the folder of this program.</param>
    public static ServerUnderTest Launch(string connection, string program, string verb)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), verb]) { RedirectStandardError = true, RedirectStandardOutput = true };
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

    /// <summary>Processor time so far, in seconds; NaN where the system does not tell.</summary>
    public double ProcessorSeconds() => ProcessorTime.OfFamily(_process.Id);

    /// <summary>Resident memory in MB; NaN where the system does not tell.</summary>
    public double ResidentMegabytes() => PeakMemory.Of(_process.Id, "VmRSS");

    /// <summary>The most that is resident from now on.</summary>
    public PeakMemory WatchMemory() => new(_process.Id);

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
