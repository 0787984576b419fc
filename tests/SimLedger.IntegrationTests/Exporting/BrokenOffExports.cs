using System.Diagnostics;
using System.Net;
using System.Text;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;
using SimLedger.Server.Exporting;

namespace SimLedger.IntegrationTests.Exporting;

/// <summary>An export that cannot be finished never looks like a whole one.</summary>
public sealed class BrokenOffExports : IAsyncLifetime
{
    // Far more than what the buffers of a connection hold.
    private const int Facts = 2_000;
    private const int BytesOfAFact = 40_000;

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(3) };

    private TestDatabase _database = null!;
    private ApiHost _host = null!;
    private ApiClient _client = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App);
        _client = await _host.NewOrganisation();
        var data = Encoding.UTF8.GetBytes($$"""{"note":"{{new string('x', BytesOfAFact)}}"}""");
        for (var i = 0; i < Facts; i += 20)
        {
            var facts = Enumerable.Range(0, 20).Select(_ => new NewEvent(Guid.CreateVersion7(), "Happened", data)).ToList();
            Assert.IsType<AppendAnswer.Appended>(await _host.Get<EventLedger>().Append(new Append(_client.Tenant, Guid.CreateVersion7(), 0, facts, new AuditContext("key:test", "test")), default));
        }
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task When_the_database_fails_on_the_way_the_connection_is_broken_off(string format)
    {
        using var begun = await Begin(format);
        await using var body = await begun.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        await _database.Tamper("alter table events rename to events_away");
        try
        {
            await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
        }
        finally
        {
            await _database.Tamper("alter table events_away rename to events");
        }

        using var whole = await Begin(format);
        Assert.True((await whole.Content.ReadAsByteArrayAsync()).Length > Facts * BytesOfAFact);
    }

    [Fact]
    public async Task Before_the_first_row_a_failure_is_an_ordinary_problem()
    {
        await _database.Tamper("alter table events rename to events_away");
        var answer = await _client.Get("/v1/exports/audit");
        await _database.Tamper("alter table events_away rename to events");

        answer.Problem(HttpStatusCode.InternalServerError, "internal-error");
        Assert.Null(answer.Header("Content-Disposition"));
    }

    [Fact]
    public async Task A_server_that_stops_breaks_its_exports_off_at_once()
    {
        using var begun = await Begin("csv");
        await using var body = await begun.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        var began = Stopwatch.StartNew();

        await _host.DisposeAsync();

        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"It took {began.Elapsed}.");
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
        _host = await ApiHost.Start(_database.App);
    }

    [Fact]
    public async Task So_many_are_open_at_once_and_a_place_is_given_back_when_the_client_goes()
    {
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < ExportAnswer.MostOpen; i++) open.Add(await Begin("csv"));

        (await _client.Get("/v1/exports/audit")).Problem(HttpStatusCode.ServiceUnavailable, "busy");
        (await (await _host.NewOrganisation()).Get("/v1/exports/audit")).Is(HttpStatusCode.OK);

        foreach (var response in open) response.Dispose();
        for (var tries = 0; (await _client.Get("/v1/exports/audit?actor=nobody")).Status != HttpStatusCode.OK; tries++)
        {
            Assert.True(tries < 50, "The places were not given back.");
            await Task.Delay(200);
        }
    }

    [Fact]
    public async Task An_export_may_take_longer_than_any_other_request_as_long_as_the_client_reads()
    {
        using var begun = await Begin("ndjson");
        await using var body = await begun.Content.ReadAsStreamAsync();
        var (part, lines, began) = (new byte[1 << 20], 0, Stopwatch.StartNew());
        for (var n = await body.ReadAsync(part); n > 0; n = await body.ReadAsync(part))
        {
            lines += part.AsSpan(0, n).Count((byte)'\n');
            if (began.Elapsed < TimeSpan.FromSeconds(34)) await Task.Delay(TimeSpan.FromSeconds(0.5));
        }
        Assert.Equal(Facts, lines);
        Assert.True(began.Elapsed > TimeSpan.FromSeconds(31), "It was read too fast to tell.");
    }

    private async Task<HttpResponseMessage> Begin(string format)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_host.Url}/v1/exports/audit?format={format}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_client.Key}");
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }
}
