using System.Globalization;
using System.Net;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.Http;

/// <summary>What was answered at a moment is answered again when that moment is asked for; what the server answers to itself is the oracle.</summary>
public sealed class AtOtherTimes : IAsyncLifetime
{
    // After the shipped rules were published, by the clock of the machine.
    private static readonly DateTimeOffset Start = new(DateTimeOffset.UtcNow.Year + 1, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private readonly SetClock _clock = new() { Now = Start };
    private readonly Random _random = new(20261121);
    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App, _clock);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_card_and_the_list_asked_for_at_a_moment_are_what_they_were_then_whatever_was_recorded_and_published_since()
    {
        var client = await _host.NewOrganisation();
        var cards = await RandomFleet.Record(client, _random, 21, Start);
        var seen = new List<(DateTimeOffset At, List<string> Lines, List<string> Cards, List<string> List)>();
        for (var round = 0; round < 5; round++)
        {
            _clock.Now += TimeSpan.FromDays(_random.Next(20, 90)) + TimeSpan.FromHours(_random.Next(24));
            seen.Add((_clock.Now, await Lines(client, cards, ""), await Members(client, cards, ""), await DueListOracle.ReadAll(client, "closed=true", 200)));
            _clock.Now += TimeSpan.FromMinutes(1);
            foreach (var card in cards.Where(_ => _random.Next(2) == 0)) await Change(client, card);
            if (round == 2) await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 33)));
        }

        foreach (var (at, lines, members, list) in seen)
        {
            var moment = $"asOf={Text(at)}&knownAt={Text(at)}";
            Assert.Equal(lines, await Lines(client, cards, $"?{moment}"));
            Assert.Equal(members, await Members(client, cards, $"?{moment}"));
            Assert.Equal(list, await DueListOracle.ReadAll(client, $"closed=true&{moment}", 7));
            Assert.Equal(list.Where(row => row.Contains("\"carrier\":\"ph-tm\"", StringComparison.Ordinal)), await DueListOracle.ReadAll(client, $"closed=true&carrier=ph-tm&{moment}", 3, byLink: true));
        }
    }

    [Fact]
    public async Task A_day_to_come_shows_what_will_be_if_nothing_is_done()
    {
        var client = await _host.NewOrganisation();
        var cards = await RandomFleet.Record(client, _random, 21, Start);
        var ahead = Start.AddDays(200);
        var lines = await Lines(client, cards, $"?asOf={Text(ahead)}");
        var list = await DueListOracle.ReadAll(client, $"asOf={Text(ahead)}&closed=true", 4);
        var soon = await DueListOracle.ReadAll(client, $"asOf={Text(ahead)}&within=30d&tag=otp", 4);

        _clock.Now = ahead;

        Assert.Equal(await Lines(client, cards, ""), lines);
        Assert.Equal(await DueListOracle.ReadAll(client, "closed=true", 200), list);
        Assert.Equal(await DueListOracle.ReadAll(client, "within=30d&tag=otp", 200), soon);
    }

    [Fact]
    public async Task What_was_entered_late_counts_for_its_day_by_what_is_known_now_and_not_by_what_was_known_then()
    {
        var client = await _host.NewOrganisation();
        var card = await client.Register("""{"carrier": "hk-cmhk", "lines": [{"number": "+85290000001", "product": "one-card-two-numbers"}]}""");
        _clock.Now = Start.AddDays(10);
        (await client.Post($"/v1/cards/{card}/activations", $$"""{"at": "{{Start.AddDays(-5):yyyy-MM-dd}}"}""")).Is(HttpStatusCode.OK);

        Assert.Equal("active", await Stage($"asOf={Text(Start)}"));
        Assert.Equal("unstarted", await Stage($"asOf={Text(Start)}&knownAt={Text(Start)}"));
        Assert.Equal("unstarted", await Stage($"asOf={Start.AddDays(-6):yyyy-MM-dd}"));
        Assert.Equal("active", await Stage($"asOf={Start.AddDays(-5):yyyy-MM-dd}")); // The start of that day in Hong Kong.
        Assert.Equal("unstarted", await Stage($"knownAt={Text(Start)}"));
        (await client.Get($"/v1/cards/{card}?knownAt={Text(Start.AddDays(-1))}")).Problem(HttpStatusCode.NotFound, "card-not-found");
        var answer = (await client.Get($"/v1/cards/{card}?asOf={Text(Start)}")).Is(HttpStatusCode.OK);
        Assert.Null(answer.ETag);
        Assert.Equal(Start, answer.Json.GetProperty("asOf").GetDateTimeOffset());

        async Task<string?> Stage(string moment) => (await client.Get($"/v1/cards/{card}?{moment}")).Is(HttpStatusCode.OK).Json.GetProperty("lines")[0].GetProperty("stage").GetString();
    }

    [Fact]
    public async Task What_was_the_case_and_what_is_known_cannot_be_asked_of_the_future()
    {
        var client = await _host.NewOrganisation();
        var card = await client.Register("""{"lines": [{"number": "+85290000001"}]}""");

        foreach (var (path, name, code) in new[]
        {
            ($"/v1/cards/{card}?knownAt={Text(Start.AddSeconds(1))}", "knownAt", "out-of-range"), ($"/v1/due-list?knownAt={Text(Start.AddDays(1))}", "knownAt", "out-of-range"),
            ($"/v1/due-list?asOf={Text(Start.AddDays(4000))}", "asOf", "out-of-range"), ("/v1/due-list?asOf=yesterday", "asOf", "time-malformed"),
        })
        {
            var error = Assert.Single((await client.Get(path)).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateArray());
            Assert.Equal((name, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
        }
        var first = (await client.Get($"/v1/due-list?asOf={Text(Start.AddDays(-1))}")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(1, first.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_list_of_then_over_more_cards_than_it_is_made_from_is_refused_with_a_cure()
    {
        var client = await _host.NewOrganisation();
        await _database.Tamper($"""
            insert into card_standing (tenant_id, line_id, card_id, zone, stage, band, due_on, rank, closed, flags, ladder, stream_version, rules_revision)
            select '{client.Tenant}', gen_random_uuid(), gen_random_uuid(), 'UTC', 'active', 1, '2099-01-01', 2, false, '{"{}"}', '[]', 1, 1 from generate_series(1, 20001)
            """);

        var problem = (await client.Get($"/v1/due-list?asOf={Text(Start.AddDays(-1))}")).Problem(HttpStatusCode.UnprocessableEntity, "due-list-too-large");

        Assert.Contains("/v1/cards/{cardId}?asOf=", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task Change(ApiClient client, Guid card)
    {
        var day = _clock.Now.AddDays(-_random.Next(60)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var line = (await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines")[0].GetProperty("lineId").GetString();
        var (what, body) = _random.Next(5) switch
        {
            0 => ("descriptions", $$"""{"owner": "{{RandomFleet.Owners[_random.Next(4)]}}", "tags": ["otp", "t{{_random.Next(9)}}"], "importance": "critical"}"""),
            1 => ("carrier-statements", $$"""{"lineId": "{{line}}", "at": "{{day}}", "endsOn": "{{_clock.Now.AddDays(_random.Next(-30, 200)):yyyy-MM-dd}}"}"""),
            2 => ("number-changes", $$"""{"lineId": "{{line}}", "number": "+8614{{_random.Next(100_000_000, 999_999_999)}}"}"""),
            _ => ("activations", $$"""{"lineId": "{{line}}", "at": "{{day}}"}"""),
        };
        Assert.Contains((await client.Post($"/v1/cards/{card}/{what}", body)).Status, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity });
    }

    private static async Task<List<string>> Lines(ApiClient client, List<Guid> cards, string moment)
    {
        var lines = new List<string>();
        foreach (var card in cards) lines.AddRange((await client.Get($"/v1/cards/{card}{moment}")).Is(HttpStatusCode.OK).Json.GetProperty("lines").EnumerateArray().Select(l => l.GetRawText()));
        return lines;
    }

    /// <summary>The cards' own members, without what only the answer of another moment has.</summary>
    private static async Task<List<string>> Members(ApiClient client, List<Guid> cards, string moment)
    {
        var members = new List<string>();
        foreach (var card in cards)
        {
            var json = (await client.Get($"/v1/cards/{card}{moment}")).Is(HttpStatusCode.OK).Json;
            members.Add(string.Join(',', json.EnumerateObject().Where(m => m.Name is not ("asOf" or "knownAt" or "lines")).Select(m => $"{m.Name}:{m.Value.GetRawText()}")));
        }
        return members;
    }

    private static string Text(DateTimeOffset moment) => Uri.EscapeDataString(moment.ToString("O", CultureInfo.InvariantCulture));
}
