using System.Net.Sockets;
using System.Text;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.Feed;

/// <summary>Clients that ask for much and read nothing: the server keeps little for them and lets them go. Alone, since memory is the whole process's.</summary>
[Collection(nameof(UnreadAnswers))]
[CollectionDefinition(nameof(UnreadAnswers), DisableParallelization = true)]
public sealed class UnreadAnswers(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Facts = 500;
    private const int BytesOfAFact = 60_000;

    [Fact]
    public async Task A_client_that_does_not_read_is_let_go_and_holds_no_memory()
    {
        await using var hurried = await ApiHost.Start(api.Database.App, new Streaming.HurriedClock(6)); // Two minutes are twenty seconds.
        var client = (await api.Host.NewOrganisation()).At(hurried.Url);
        await Polling.Record(api.Host, client.Tenant, Facts, $$"""{"of":"{{new string('x', BytesOfAFact)}}"}""");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Socket[] unread =
        [
            await Ask(hurried.Url, client, "/v1/events?after=0", "text/event-stream"), await Ask(hurried.Url, client, "/v1/exports/audit", "text/csv"), await Ask(hurried.Url, client, "/v1/exports/audit", "application/x-ndjson"),
        ];

        await Task.Delay(TimeSpan.FromSeconds(28));

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Facts * BytesOfAFact / 5);
        foreach (var socket in unread)
        {
            Assert.InRange(await ReadToTheEnd(socket), 1, Facts * BytesOfAFact * 3 / 4);
            socket.Dispose();
        }
    }

    private static async Task<Socket> Ask(string host, ApiClient client, string path, string accept)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        var url = new Uri(host);
        await socket.ConnectAsync(url.Host, url.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.Key}\r\nAccept: {accept}\r\n\r\n"));
        return socket;
    }

    /// <summary>What was under way until it was let go.</summary>
    private static async Task<long> ReadToTheEnd(Socket socket)
    {
        var (read, buffer) = (0L, new byte[1 << 20]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            for (var n = await socket.ReceiveAsync(buffer, patience.Token); n > 0; n = await socket.ReceiveAsync(buffer, patience.Token)) read += n;
        }
        catch (SocketException)
        {
            // Reset: that is how it was let go.
        }
        return read;
    }
}
