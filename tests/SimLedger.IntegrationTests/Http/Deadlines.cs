using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using SimLedger.Ledger;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Goal: no client and no database can make the server hang. Method: clients that send slowly, tables that stay locked, a backend that stands still.</summary>
public sealed class Deadlines(StrictInput.OneCard card) : IClassFixture<StrictInput.OneCard>
{
    /// <summary>The request's time and what it takes to notice and answer.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(35);

    [Fact]
    public async Task A_body_that_drips_in_is_answered_408_and_closed()
    {
        var before = await card.Facts();
        var (answer, took) = await Drip(
            $"POST {card.Path}/top-ups HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {card.Client.Key}\r\nIdempotency-Key: drip\r\nContent-Type: application/json\r\nContent-Length: 600\r\n\r\n{{");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("\"request-too-slow\"", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took}");
        Assert.Equal(before, await card.Facts());
    }

    [Fact]
    public async Task Headers_that_drip_in_are_cut_off()
    {
        // Before there is a request: the framework's server answers by itself, without a body.
        var (answer, took) = await Drip("GET /v1/due-list HTTP/1.1\r\nHost: x\r\nX-Slow: ");

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        Assert.True(took < TimeSpan.FromSeconds(25), $"{took}");
    }

    // All at once: they wait most of the time.
    [Fact]
    public async Task A_table_that_stays_locked_costs_a_503_in_time_and_nothing_else() => await Task.WhenAll(
        Locked("lock table events in access exclusive mode"), // Reads wait, and commands before they are decided.
        Locked("lock table events in share mode"), // Commands wait while they are written.
        Locked("lock table idempotency in access exclusive mode"),
        Locked("lock table tenant_heads in access exclusive mode"),
        Locked("lock table credentials in access exclusive mode"));

    private static async Task Locked(string lockSql)
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App);
        var client = await host.NewOrganisation();
        var id = await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639000000801","product":"prepaid"}]}""");
        await using var holder = new NpgsqlConnection(database.Superuser);
        await holder.OpenAsync();
        ApiAnswer[] answers;
        string key = Guid.NewGuid().ToString();
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand(lockSql, holder, transaction)) await command.ExecuteNonQueryAsync();
            answers = await InTimeAll(client.Get($"/v1/cards/{id}"), client.Post($"/v1/cards/{id}/top-ups", """{"amount":"50"}""", key));
            await transaction.RollbackAsync();
        }

        // What the lock does not touch may be answered; what it does touch is answered 503.
        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK || Is503(answer), $"{lockSql}: {answer.Text}"));
        Assert.True(answers.Any(Is503), lockSql);
        (await client.Post($"/v1/cards/{id}/top-ups", """{"amount":"50"}""", key)).Is(HttpStatusCode.OK);
        Assert.Equal(1L, await database.Tamper("select count(*) from events where type = 'ToppedUp'"));
    }

    [Fact]
    public async Task An_append_that_was_taken_already_does_not_hold_its_caller_beyond_his_deadline()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App);
        var client = await host.NewOrganisation();
        await using var holder = new NpgsqlConnection(database.Superuser);
        await holder.OpenAsync();
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("lock table events in share mode", holder, transaction)) await command.ExecuteNonQueryAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            var append = new Append(client.Tenant, Guid.NewGuid(), 0, [new NewEvent(Guid.NewGuid(), "Tested", "{}"u8.ToArray())], new AuditContext("test", "test", null, null, null));

            var waiting = host.Get<EventLedger>().Append(append, patience.Token);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(6)));
            await transaction.RollbackAsync();
        }
        for (var tries = 0; (long)(await database.Tamper("select count(*) from events where type = 'Tested'"))! != 1; tries++)
        {
            Assert.True(tries < 100, "What was taken is carried through.");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Backends_that_stand_still_cost_a_503_in_time_and_nothing_else()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App);
        var client = await host.NewOrganisation();
        var id = await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639000000802","product":"prepaid"}]}""");
        var key = Guid.NewGuid().ToString();
        var stopped = ((int[])(await database.Tamper($"select array_agg(pid) from pg_stat_activity where datname = '{database.Name}' and usename = 'simledger_app'"))!).ToList();
        Assert.NotEmpty(stopped);
        ApiAnswer[] answers;
        await Signal("STOP", stopped);
        try
        {
            answers = await InTimeAll(client.Post($"/v1/cards/{id}/top-ups", """{"amount":"50"}""", key), client.Get($"/v1/cards/{id}"), client.Get("/v1/due-list"));
        }
        finally
        {
            await Signal("CONT", stopped);
        }

        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK || Is503(answer), answer.Text));
        Assert.Contains(answers, Is503);
        (await client.Post($"/v1/cards/{id}/top-ups", """{"amount":"50"}""", key)).Is(HttpStatusCode.OK);
        Assert.Equal(1L, await database.Tamper("select count(*) from events where type = 'ToppedUp'"));
    }

    private static bool Is503(ApiAnswer answer) =>
        answer is { Status: HttpStatusCode.ServiceUnavailable, ContentHeaders.ContentType.MediaType: "application/problem+json" } && answer.Header("Retry-After") is not null;

    private static async Task<ApiAnswer[]> InTimeAll(params Task<ApiAnswer>[] requests) => await Task.WhenAll(requests).WaitAsync(InTime);

    private static async Task Signal(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. processes.Select(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends a beginning, then a byte every half second until the server has enough.</summary>
    private async Task<(string Answer, TimeSpan Took)> Drip(string beginning)
    {
        using var socket = new TcpClient();
        var url = new Uri(card.Api.Host.Url);
        await socket.ConnectAsync(url.Host, url.Port);
        var stream = socket.GetStream();
        var started = Stopwatch.StartNew();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning));
        var answer = new MemoryStream();
        var reading = stream.CopyToAsync(answer);
        try
        {
            while (started.Elapsed < InTime && await Task.WhenAny(reading, Task.Delay(500)) != reading) await stream.WriteAsync("a"u8.ToArray());
            await reading;
        }
        catch (IOException)
        {
            // Closed under a byte of ours: what it had said before was read.
        }
        return (Encoding.UTF8.GetString(answer.ToArray()), started.Elapsed);
    }
}
