using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SimLedger.IntegrationTests.Hosting;

/// <summary>What stands at the other end of OTLP over HTTP: keeps the bytes of each signal as they came.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Bytes)> _received = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.Take);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>All bytes of a signal: traces, metrics or logs.</summary>
    public byte[] Bytes(string signal) => [.. _received.Where(r => r.Signal == signal).SelectMany(r => r.Bytes)];

    /// <summary>Texts of a signal; protobuf keeps them as UTF-8, so they can be searched as they stand.</summary>
    public string Text(string signal) => Encoding.UTF8.GetString(Bytes(signal));

    public IReadOnlyList<byte[]> Messages(string signal) => [.. _received.Where(r => r.Signal == signal).Select(r => r.Bytes)];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task Take(HttpContext http)
    {
        Assert.Equal("application/x-protobuf", http.Request.ContentType);
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        _received.Enqueue((http.Request.Path.Value![(http.Request.Path.Value!.LastIndexOf('/') + 1)..], bytes.ToArray()));
    }
}
