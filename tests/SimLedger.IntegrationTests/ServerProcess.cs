using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SimLedger.IntegrationTests;

/// <summary>The program as an administrator runs it: a process of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private ServerProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public int Id => _process.Id;

    /// <summary>What it printed so far, both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    /// <summary>Starts `serve` (or another verb that serves) and waits until it is ready.</summary>
    public static async Task<ServerProcess> Serve(string? connection, IReadOnlyDictionary<string, string>? environment = null, string verb = "serve")
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = StartInfo([verb], connection, environment);
        start.Environment["ASPNETCORE_URLS"] = url;
        var process = Process.Start(start)!;
        var server = new ServerProcess(process, url);
        process.OutputDataReceived += (_, line) => server.Note(line.Data);
        process.ErrorDataReceived += (_, line) => server.Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        var started = Stopwatch.StartNew();
        while (started.Elapsed < Patience && !process.HasExited)
        {
            try
            {
                if ((await http.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK) return server;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"The server did not become ready:\n{server.Output}");
    }

    /// <summary>Starts a verb and leaves it running.</summary>
    public static Process Start(IReadOnlyList<string> arguments, string? connection)
    {
        var process = Process.Start(StartInfo(arguments, connection, null))!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        IReadOnlyList<string> arguments, string? connection, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Process.Start(StartInfo(arguments, connection, environment))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"{string.Join(' ', arguments)} did not end: {await output}{await errors}");
        }
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>kill -9: no goodbye to anybody.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As Ctrl-C or a service manager ends it.</summary>
    public async Task<int> Stop(string signal = "TERM")
    {
        using (var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Stop();
        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ProcessStartInfo StartInfo(IReadOnlyList<string> arguments, string? connection, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SimLedger.Server.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("ConnectionStrings__SimLedger");
        if (connection is not null) start.Environment["ConnectionStrings__SimLedger"] = connection;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Count < 10_000) _output.Add(line);
        }
    }
}
