using System.Globalization;
using System.Net;
using SimLedger.Server.DueList;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The list is exact at any instant, however long ago its rows were written.</summary>
public sealed class DueListOverTime : IAsyncLifetime
{
    // Before a change of rules on 2018-07-05, so that rows also change for that reason and not by their dates alone.
    private static readonly DateTimeOffset Recorded = new(2018, 6, 20, 15, 30, 0, TimeSpan.Zero);

    private readonly StoppedClock _clock = new(Recorded);
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.Start((await TestDatabase.Create()).App, _clock);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task At_every_instant_the_pages_are_what_evaluating_all_lines_gives_before_and_after_the_rows_are_caught_up()
    {
        var client = await _host.NewOrganisation();
        var cards = await Fleet(client, new Random(20181121), 80);
        var stages = new HashSet<string>();

        foreach (var hours in new[] { 0, 9, 24 * 15, 24 * 40, 24 * 200, 24 * 400 })
        {
            _clock.Now = Recorded.AddHours(hours);
            await Compare(client, cards);
            stages.UnionWith((await client.Get("/v1/due-list?limit=200")).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("stage").GetString()!));
        }
        Assert.Superset(new HashSet<string> { "unstarted", "active", "lapsed", "grace" }, stages);

        Assert.True((await _host.Get<Reappraisal>().CatchUp(client.Tenant, 100, default)).Cards > 0);
        await Compare(client, cards);
        Assert.Equal((0, false), await _host.Get<Reappraisal>().CatchUp(client.Tenant, 100, default));
    }

    [Fact]
    public async Task Pages_of_one_list_tell_of_one_instant_though_time_goes_on_between_them()
    {
        var client = await _host.NewOrganisation();
        var cards = await Fleet(client, new Random(7), 30);
        _clock.Now = Recorded.AddDays(30);
        var expected = await DueListOracle.Expect(client, cards, _clock.Now);
        var first = (await client.Get("/v1/due-list?limit=5")).Is(HttpStatusCode.OK);

        _clock.Now = Recorded.AddDays(30).AddMinutes(10);
        var rest = (await client.Get($"/v1/due-list?limit=200&cursor={first.Json.GetProperty("nextCursor").GetString()}")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(first.Json.GetProperty("asOf").GetString(), rest.GetProperty("asOf").GetString());
        Assert.Equal(expected, first.Json.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(i => i.GetRawText()));
    }

    private async Task Compare(ApiClient client, List<Guid> cards)
    {
        Same(await DueListOracle.Expect(client, cards, _clock.Now), await DueListOracle.ReadAll(client, "", 7));
        Same(await DueListOracle.Expect(client, cards, _clock.Now, within: 0), await DueListOracle.ReadAll(client, "within=0d", 200));
        Same(await DueListOracle.Expect(client, cards, _clock.Now, within: 30), await DueListOracle.ReadAll(client, "within=30d", 3));
        Same(await DueListOracle.Expect(client, cards, _clock.Now, stages: ["lost"]), await DueListOracle.ReadAll(client, "stage=lost", 2));
        Same(
            await DueListOracle.Expect(client, cards, _clock.Now, 300, ["lost", "active", "grace", "lapsed"], ["hk-cmhk", "ph-smart"]),
            await DueListOracle.ReadAll(client, $"within=300d&stage=lost,active&stage=grace,lapsed&carrier=ph-smart,{Uri.EscapeDataString("中移香港")}", 4));
    }

    private void Same(List<string> expected, List<string> read)
    {
        Assert.True(expected.Count == read.Count, $"{_clock.Now:u}: {read.Count} rows, not {expected.Count}.");
        for (var i = 0; i < expected.Count; i++) Assert.True(expected[i] == read[i], $"{_clock.Now:u}, row {i}:\nexpected {expected[i]}\nread     {read[i]}");
    }

    /// <summary>Cards of every carrier and of none, in every state, some with two lines.</summary>
    private static async Task<List<Guid>> Fleet(ApiClient client, Random random, int count)
    {
        (string? Carrier, string? Product, string Currency)[] kinds =
        [
            ("cn-mobile", "keep-number-8", "CNY"), ("gb-giffgaff", "payg", "GBP"), ("hk-cmhk", "one-card-two-numbers", "HKD"), ("ph-smart", "prepaid", "PHP"),
            ("ph-tm", "prepaid", "PHP"), ("No such carrier", null, "EUR"), (null, null, "USD"),
        ];
        var cards = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var (carrier, product, currency) = kinds[i % kinds.Length];
            var activated = random.Next(4) > 0 ? $", \"activatedOn\": \"{Day(random.Next(30, 700))}\"" : "";
            var line = product is null ? $"\"region\": \"\"{activated}" : $"\"product\": \"{product}\"{activated}";
            var second = random.Next(4) == 0 ? $", {{ {line} }}" : "";
            var importance = new[] { "normal", "high", "critical" }[random.Next(3)];
            var card = await client.Register(
                $$"""{ {{(carrier is null ? "" : $"\"carrier\": \"{carrier}\", ")}}"importance": "{{importance}}", "lines": [{ "number": "+8613{{i:000000000}}", {{line}} }{{second}}] }""");
            cards.Add(card);
            var lineId = (await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines")[0].GetProperty("lineId").GetGuid();
            if (random.Next(5) > 0) (await client.Post($"/v1/cards/{card}/activations", $$"""{ "lineId": "{{lineId}}", "at": "{{Day(random.Next(0, 700))}}" }""")).Is(HttpStatusCode.OK);
            for (var entries = random.Next(4); entries > 0; entries--)
            {
                var (what, body) = random.Next(4) switch
                {
                    0 => ("carrier-statements", $"\"endsOn\": \"{Day(random.Next(-400, 200))}\""),
                    1 => ("renewals", "\"amount\": \"30\", \"currency\": \"" + currency + "\""),
                    _ => ("top-ups", $"\"amount\": \"{random.Next(5, 400)}\", \"currency\": \"{currency}\", \"balanceAfter\": \"{random.Next(-20, 60)}\""),
                };
                (await client.Post($"/v1/cards/{card}/{what}", $$"""{ "lineId": "{{lineId}}", "at": "{{Day(random.Next(0, 400))}}", {{body}} }""")).Is(HttpStatusCode.OK);
            }
        }
        return cards;
    }

    private static string Day(int daysAgo) => Recorded.AddDays(-daysAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
