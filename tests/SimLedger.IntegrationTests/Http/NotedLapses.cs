using System.Net;
using SimLedger.Server.DueList;

namespace SimLedger.IntegrationTests.Http;

/// <summary>What time alone brings about is noted once, whoever looks first and however late, and withdrawn when it turns out not to have been.</summary>
public sealed class NotedLapses : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 9, 0, 0, TimeSpan.Zero);

    private readonly StoppedClock _clock = new(Start);
    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App, _clock);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Two_processes_note_each_lapse_and_loss_exactly_once()
    {
        await using var other = await ApiHost.Start(_database.App, _clock);
        var client = await _host.NewOrganisation();
        var cards = new List<Guid>();
        for (var i = 0; i < 60; i++) cards.Add(await Card(client, i));

        foreach (var days in new[] { 1, 100, 200, 400, 1000 })
        {
            _clock.Now = Start.AddDays(days);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? _host : other).Get<Reappraisal>().CatchUp(client.Tenant, 20, default)));
        }

        foreach (var card in cards) Assert.Equal(["Lapsed", "Lost"], await Notes(client, card));
        Assert.Equal((0, false), await _host.Get<Reappraisal>().CatchUp(client.Tenant, 20, default));
    }

    [Fact]
    public async Task After_any_downtime_what_passed_is_noted_and_marked_as_ours()
    {
        var client = await _host.NewOrganisation();
        var card = await Card(client, 1);

        _clock.Now = Start.AddYears(5);
        await _host.Get<Reappraisal>().CatchUp(client.Tenant, 5, default);

        var facts = (await client.Get($"/v1/cards/{card}/history")).Json.GetProperty("facts").EnumerateArray().Where(fact => fact.GetProperty("note").GetBoolean()).ToList();
        Assert.Equal(["Lost", "Lapsed"], facts.Select(fact => fact.GetProperty("type").GetString()));
        Assert.All(facts, fact => Assert.Equal("system:keeper", fact.GetProperty("actor").GetString()));
        Assert.All(facts, fact => Assert.Equal("2026-07-09T16:00:00Z", fact.GetProperty("data").GetProperty("deadlineAt").GetString()));
    }

    [Fact]
    public async Task A_lapse_is_withdrawn_when_it_turns_out_that_something_was_done_in_time()
    {
        var client = await _host.NewOrganisation();
        var card = await Card(client, 1);
        _clock.Now = Start.AddDays(200);
        await _host.Get<Reappraisal>().CatchUp(client.Tenant, 5, default);
        Assert.Equal("Lapsed", (await Notes(client, card))[0]);

        (await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-06-01","amount":"50"}""")).Is(HttpStatusCode.OK);
        await _host.Get<Reappraisal>().CatchUp(client.Tenant, 5, default);

        Assert.Equal("LapseWithdrawn", (await Notes(client, card))[^1]);
        Assert.DoesNotContain("Lapsed", await Standing(client, card), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_lapse_that_was_mended_before_anybody_looked_is_noted_all_the_same()
    {
        var client = await _host.NewOrganisation();
        var card = (await client.Post("/v1/cards", """{"carrier":"ph-tm","lines":[{"number":"+639170000001","product":"prepaid"}]}""")).Json.GetProperty("cardId").GetGuid();
        (await client.Post($"/v1/cards/{card}/carrier-statements", """{"endsOn":"2026-02-01"}""")).Is(HttpStatusCode.OK);

        _clock.Now = Start.AddDays(40);
        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":"300"}""")).Is(HttpStatusCode.OK);
        await _host.Get<Reappraisal>().CatchUp(client.Tenant, 5, default);

        Assert.Equal(["Lapsed"], await Notes(client, card));
    }

    /// <summary>A card whose carrier says that it is good until 9 July.</summary>
    private static async Task<Guid> Card(ApiClient client, int number)
    {
        var card = await client.Register($$"""{"carrier":"hk-cmhk","lines":[{"number":"+8525123{{number:0000}}","product":"one-card-two-numbers"}]}""");
        (await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-01-01"}""")).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/carrier-statements", """{"endsOn":"2026-07-09"}""")).Is(HttpStatusCode.OK);
        return card;
    }

    /// <summary>Notes in the order they were recorded.</summary>
    private static async Task<List<string>> Notes(ApiClient client, Guid card) =>
    [
        .. (await client.Get($"/v1/cards/{card}/history")).Json.GetProperty("facts").EnumerateArray().Reverse()
            .Where(fact => fact.GetProperty("note").GetBoolean()).Select(fact => fact.GetProperty("type").GetString()!),
    ];

    private static async Task<List<string>> Standing(ApiClient client, Guid card) =>
        [.. (await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("stage").GetString()!)];
}
