using System.Net.Sockets;
using System.Text;
using SimLedger.IntegrationTests.Feed;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>Goal: no upload holds the server for ever, and one that is given up leaves nothing. Method: sockets that send slowly.</summary>
public sealed class SlowUploads(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_file_that_drips_in_is_answered_408() => TooSlow(await Drip(api.Host, await api.Host.NewOrganisation(), Imports.Header));

    [Fact]
    public async Task A_file_that_is_not_whole_in_its_time_is_answered_408_and_what_was_stored_of_it_is_gone()
    {
        await using var hurried = await ApiHost.Start(api.Database.App, new Streaming.HurriedClock(300)); // Half an hour is six seconds.
        var client = await hurried.NewOrganisation();

        // Enough at once that the rate is well above the least one all the time, and a chunk is stored.
        var sending = Drip(hurried, client, Imports.File(8000));
        while (await Files(client) == 0 && !sending.IsCompleted) await Task.Delay(20);
        Assert.False(sending.IsCompleted, "A chunk is stored while the rest is still to come.");

        var answer = await sending;
        TooSlow(answer);
        Assert.Contains("30 minutes", answer, StringComparison.Ordinal);
        Assert.Equal(0L, await Files(client));
        Assert.Equal(0L, (long)(await api.Database.Tamper($"select count(*) from jobs where tenant_id = '{client.Tenant}'"))!);
    }

    private static void TooSlow(string answer)
    {
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("\"request-too-slow\"", answer, StringComparison.Ordinal);
    }

    private async Task<long> Files(ApiClient client) => (long)(await api.Database.Tamper($"select count(*) from import_files where tenant_id = '{client.Tenant}'"))!;

    /// <summary>Sends the beginning of a file of five million bytes, then a byte every half second until the server has enough.</summary>
    private static async Task<string> Drip(ApiHost host, ApiClient client, string beginning)
    {
        var url = new Uri(host.Url);
        using var socket = new TcpClient(url.Host, url.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.Key}\r\nIdempotency-Key: slow\r\nContent-Type: text/csv\r\nContent-Length: 5000000\r\n\r\n{beginning}"));
        var answer = new MemoryStream();
        var reading = stream.CopyToAsync(answer);
        try
        {
            for (var tries = 0; await Task.WhenAny(reading, Task.Delay(500)) != reading; tries++)
            {
                Assert.True(tries < 120, "There was no answer within a minute.");
                await stream.WriteAsync("a"u8.ToArray());
            }
            await reading;
        }
        catch (IOException)
        {
            // Closed under a byte of ours: what it had said before was read.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
