using System.Globalization;
using System.Net;
using System.Text.Json;
using SimLedger.Server.DueList;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Summaries are kept in memory: they must be what counting the listed lines gives, whatever was recorded, by whom, and however time went on.</summary>
public sealed class SummariesThatHold : IAsyncLifetime
{
    private static readonly DateTimeOffset Recorded = new(2018, 6, 20, 15, 30, 0, TimeSpan.Zero);

    private readonly StoppedClock _clock = new(Recorded);
    private readonly Random _random = new(20261121);
    private int _registered;
    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App, _clock);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Over_a_random_history_a_summary_is_what_counting_the_listed_lines_gives()
    {
        var client = await _host.NewOrganisation();
        var cards = await RandomFleet.Record(client, _random, 35, Recorded);
        for (var step = 0; step < 120; step++)
        {
            switch (_random.Next(8))
            {
                case 0: await Describe(client, cards[_random.Next(cards.Count)]); break;
                case 1: await _host.Get<Reappraisal>().CatchUp(client.Tenant, 10, default); break;
                case 2: await _host.Get<Reappraisal>().Rebuild(client.Tenant, default); break;
                case 3: _clock.Now = await NextChange(client) ?? _clock.Now; break;
                case 4: _clock.Now = _clock.Now.AddSeconds(_random.Next(1, 1200)); break;
                case 5: _clock.Now = _clock.Now.AddHours(_random.Next(1, 60)); break;
                case 6: _clock.Now = _clock.Now.UtcDateTime.Date.AddDays(1).AddTicks(-_random.Next(2)); break;
                default: break; // Asked again, and nothing has changed.
            }
            foreach (var query in new[] { "", "carrier=cn-mobile,ph-tm", "tag=otp&closed=true", "within=30d" })
            {
                var lines = (await DueListOracle.ReadAll(client, query, 200)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
                SummaryOracle.Check(lines, await Summary(client, query), _clock.Now, query);
            }
        }
    }

    [Fact]
    public async Task Nothing_is_counted_anew_until_a_row_is_written_or_a_day_may_have_begun()
    {
        var client = await _host.NewOrganisation();
        await RandomFleet.Record(client, _random, 7, Recorded);
        var before = Total(await Summary(client));
        Assert.True(before > 0);
        // Behind the server's back: who sees it has looked at the rows.
        await _database.Tamper($"delete from card_standing where tenant_id = '{client.Tenant}'");
        Assert.Equal(before, Total(await Summary(client)));

        _clock.Now = Recorded.AddMinutes(15);
        Assert.Equal(0, Total(await Summary(client)));

        await _host.Get<Reappraisal>().Rebuild(client.Tenant, default);
        Assert.Equal(before, Total(await Summary(client)));
    }

    [Fact]
    public async Task What_another_process_records_counts_at_once()
    {
        await using var other = await ApiHost.Start(_database.App, _clock);
        var client = await _host.NewOrganisation();
        var there = client.At(other.Url);
        for (var cards = 1; cards <= 5; cards++)
        {
            await Register(there);
            Assert.Equal(cards, Total(await Summary(client)));
            Assert.Equal(cards, Total(await Summary(there)));
        }
    }

    [Fact]
    public async Task Many_who_ask_at_once_while_cards_are_registered_each_see_what_was_registered_before_they_asked()
    {
        var client = await _host.NewOrganisation();
        var registered = 0;
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Register(client);
                Interlocked.Increment(ref registered);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 15; n++)
            {
                var known = Volatile.Read(ref registered);
                Assert.InRange(Total(await Summary(client)), known, int.MaxValue);
            }
        })));

        await stop.CancelAsync();
        await writing;
        Assert.Equal(registered, Total(await Summary(client)));
    }

    private async Task Register(ApiClient client) =>
        await client.Register(string.Create(CultureInfo.InvariantCulture, $$"""{ "carrier": "ph-tm", "lines": [{ "number": "+63917{{++_registered:0000000}}", "product": "prepaid" }] }"""));

    private async Task Describe(ApiClient client, Guid card) => await client.Post(
        $"/v1/cards/{card}/descriptions", $$"""{"tags": {{(_random.Next(2) == 0 ? "[]" : "[\"otp\"]")}}, "owner": "{{RandomFleet.Owners[_random.Next(RandomFleet.Owners.Length)]}}"}""");

    /// <summary>The very instant from which a row is another.</summary>
    private async Task<DateTimeOffset?> NextChange(ApiClient client) => await _database.Tamper(string.Create(
        CultureInfo.InvariantCulture, $"select min(next_change_at) from card_standing where tenant_id = '{client.Tenant}' and next_change_at > '{_clock.Now:O}'")) is DateTime next ? new DateTimeOffset(next, TimeSpan.Zero) : null;

    private static async Task<JsonElement> Summary(ApiClient client, string query = "") => (await client.Get($"/v1/due-list/summary?{query}")).Is(HttpStatusCode.OK).Json;

    private static int Total(JsonElement summary) => summary.GetProperty("total").GetInt32();
}
