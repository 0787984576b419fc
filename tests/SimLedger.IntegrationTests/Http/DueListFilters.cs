using System.Globalization;
using System.Net;
using System.Text.Json;
using SimLedger.Server.DueList;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Random filters of a random fleet at many instants, against filtering all cards here.</summary>
public sealed class DueListFilters : IAsyncLifetime
{
    // Before a change of rules on 2018-07-05, so that rows also change for that reason and not by their dates alone.
    private static readonly DateTimeOffset Recorded = new(2018, 6, 20, 15, 30, 0, TimeSpan.Zero);

    private readonly StoppedClock _clock = new(Recorded);
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
    public async Task Any_filters_together_list_and_count_what_evaluating_and_filtering_all_lines_gives()
    {
        var client = await _host.NewOrganisation();
        var other = await _host.NewOrganisation();
        var cards = await RandomFleet.Record(client, _random, 70, Recorded);
        await RandomFleet.Record(other, new Random(1), 14, Recorded);
        var found = 0;

        foreach (var hours in new[] { 0, 9, 24 * 15, 24 * 40, 24 * 200, 24 * 400 })
        {
            _clock.Now = Recorded.AddHours(hours);
            found += await Compare(client, cards, 25);
        }
        Assert.True((await _host.Get<Reappraisal>().CatchUp(client.Tenant, 100, default)).Cards > 0);
        found += await Compare(client, cards, 25);
        Assert.True(found > 500, "The filters drawn must find something.");
    }

    [Fact]
    public async Task Rebuilding_writes_the_rows_and_facets_that_appends_wrote()
    {
        var client = await _host.NewOrganisation();
        await RandomFleet.Record(client, _random, 40, Recorded);
        var (rows, facets) = (await Content("card_standing", client), await Content("line_facets", client));
        Assert.Equal(await Projection(client), facets);

        await _database.Tamper($"delete from card_standing where tenant_id = '{client.Tenant}'; update line_facets set value = 'spoilt ' || value, closed = true where facet = 'tag'");
        await _host.Get<Reappraisal>().Rebuild(client.Tenant, default);

        Assert.Equal((rows, facets), (await Content("card_standing", client), await Content("line_facets", client)));
    }

    [Fact]
    public async Task Rows_from_before_the_facets_get_them_from_the_job_that_their_rules_revision_calls_for()
    {
        var client = await _host.NewOrganisation();
        await RandomFleet.Record(client, _random, 20, Recorded);
        var facets = await Content("line_facets", client);
        // As the migration leaves them: the columns at their defaults, no facets, every head a revision on.
        await _database.Tamper("delete from line_facets; update card_standing set tags = '{}', eid = null; update tenant_heads set rules_revision = rules_revision + 1");
        var revision = await _host.Get<Reappraisal>().RevisionToReach(client.Tenant, default);
        Assert.NotNull(revision);

        await _host.Get<Reappraisal>().Rebuild(client.Tenant, default);

        Assert.Equal(facets, await Content("line_facets", client));
        Assert.Null(await _host.Get<Reappraisal>().RevisionToReach(client.Tenant, default));
    }

    [Fact]
    public async Task Pages_read_while_lines_are_tagged_and_paid_for_show_each_other_line_once()
    {
        var client = await _host.NewOrganisation();
        var cards = await RandomFleet.Record(client, _random, 40, Recorded);
        var busy = cards.Take(10).ToList();
        var quiet = (await DueListOracle.ReadAll(client, "closed=true", 200)).Where(row => !busy.Exists(card => row.Contains(card.ToString(), StringComparison.Ordinal))).ToList();
        using var stop = new CancellationTokenSource();

        var writing = Task.Run(async () =>
        {
            for (var n = 0; !stop.IsCancellationRequested; n++)
            {
                var card = busy[n % busy.Count];
                (await client.Post($"/v1/cards/{card}/descriptions", $$"""{"tags": {{(n % 3 == 0 ? "[]" : $"[\"otp\", \"n{n % 7}\"]")}}}""")).Is(HttpStatusCode.OK);
            }
            return 0;
        });
        for (var round = 0; round < 8; round++)
        {
            var read = await DueListOracle.ReadAll(client, "closed=true", 3);
            Assert.Equal(quiet, read.Where(row => !busy.Exists(card => row.Contains(card.ToString(), StringComparison.Ordinal))));
        }
        await stop.CancelAsync();
        await writing;

        Assert.Equal(await Projection(client), await Content("line_facets", client));
    }

    [Theory]
    [InlineData("flag=late", "flag", "value-unknown")]
    [InlineData("importance=low", "importance", "value-unknown")]
    [InlineData("settle=yes", "settle", "value-unknown")]
    [InlineData("closed=1", "closed", "value-unknown")]
    [InlineData("closed=true&closed=true", "closed", "member-twice")]
    [InlineData("tag=", "tag", "text-unusable")]
    [InlineData("owner=a,,b", "owner", "text-unusable")]
    [InlineData("tags=otp", "tags", "member-unknown")]
    public async Task A_filter_that_cannot_be_meant_so_is_refused_by_name_for_the_list_and_the_summary(string query, string name, string code)
    {
        var client = await _host.NewOrganisation();

        foreach (var path in new[] { "/v1/due-list", "/v1/due-list/summary" })
        {
            var error = Assert.Single((await client.Get($"{path}?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateArray());
            Assert.Equal((name, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
        }
    }

    /// <returns>Lines found.</returns>
    private async Task<int> Compare(ApiClient client, List<Guid> cards, int times)
    {
        var lines = await DueListOracle.Lines(client, cards);
        var found = 0;
        for (var n = 0; n < times; n++)
        {
            var (query, passes) = Draw();
            var expected = lines.Where(passes).ToList();

            var read = await DueListOracle.ReadAll(client, query, _random.Next(1, 30));

            var wanted = DueListOracle.InOrder(expected);
            Assert.True(wanted.SequenceEqual(read), $"{_clock.Now:u} {query}: {read.Count} rows, not {wanted.Count}; first difference:\n{wanted.Except(read).FirstOrDefault()}\n{read.Except(wanted).FirstOrDefault()}");
            SummaryOracle.Check(expected, (await client.Get($"/v1/due-list/summary?{query}")).Is(HttpStatusCode.OK).Json, _clock.Now, query);
            found += read.Count;
        }
        return found;
    }

    /// <summary>A query and what it means.</summary>
    private (string Query, Func<JsonElement, bool> Passes) Draw()
    {
        var parts = new List<string>();
        var tests = new List<Func<JsonElement, bool>>();
        var stages = Maybe("stage", ["active", "lapsed", "grace", "lost", "unstarted"]);
        if (stages is not null) tests.Add(l => stages.Contains(DueListOracle.Text(l, "stage")));
        if (Maybe("carrier", ["ph-tm", "ph-smart", "cn-mobile", "No such carrier"]) is { } carriers) tests.Add(l => carriers.Contains(DueListOracle.Text(l, "carrier")));
        if (Maybe("tag", [.. RandomFleet.Tags, "none has it"]) is { } tags) tests.Add(l => l.GetProperty("tags").EnumerateArray().Any(t => tags.Contains(t.GetString())));
        if (Maybe("owner", [.. RandomFleet.Owners, "nobody"]) is { } owners) tests.Add(l => owners.Contains(DueListOracle.Text(l, "owner")));
        if (Maybe("flag", ["ruleUnknown", "notStarted", "arrears", "currencyMismatch"]) is { } flags) tests.Add(l => l.GetProperty("flags").EnumerateArray().Any(f => flags.Contains(f.GetString())));
        if (Maybe("product", ["prepaid", "payg", "none"]) is { } products) tests.Add(l => products.Contains(DueListOracle.Text(l, "product")));
        if (Maybe("importance", ["normal", "high", "critical"]) is { } ranks) tests.Add(l => ranks.Contains(DueListOracle.Text(l, "importance")));
        if (_random.Next(4) == 0)
        {
            var settle = _random.Next(2) == 0;
            parts.Add($"settle={(settle ? "true" : "false")}");
            tests.Add(l => l.GetProperty("settle").GetBoolean() == settle);
        }
        if (_random.Next(4) == 0)
        {
            var days = _random.Next(400);
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"within={days}d"));
            tests.Add(l => l.GetProperty("settle").GetBoolean() || DueListOracle.IsDueBy(l, _clock.Now, days));
        }
        var closed = _random.Next(3) == 0;
        if (closed) parts.Add("closed=true");
        else tests.Add(l => !l.GetProperty("closed").GetBoolean() || (stages?.Contains("lost") == true && DueListOracle.Text(l, "stage") == "lost"));
        return (string.Join('&', parts), line => tests.TrueForAll(test => test(line)));

        HashSet<string?>? Maybe(string name, string[] values)
        {
            if (_random.Next(4) > 0) return null;
            var chosen = values.Where(_ => _random.Next(2) == 0).DefaultIfEmpty(values[0]).ToList();
            var words = chosen.Select(v => Uri.EscapeDataString(v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)));
            parts.Add(_random.Next(2) == 0 ? $"{name}={string.Join(',', words)}" : string.Join('&', words.Select(w => $"{name}={w}")));
            return [.. chosen];
        }
    }

    private async Task<string> Content(string table, ApiClient client) =>
        (string)(await _database.Tamper($"select coalesce(string_agg((to_jsonb(t) - 'rules_revision')::text, E'\\n' order by (to_jsonb(t) - 'rules_revision')::text), '') from {table} t where t.tenant_id = '{client.Tenant}'"))!;

    /// <summary>What line_facets must say, from card_standing.</summary>
    private async Task<string> Projection(ApiClient client) => (string)(await _database.Tamper($"""
        select coalesce(string_agg(to_jsonb(t)::text, E'\n' order by to_jsonb(t)::text), '') from (
            select s.tenant_id, s.line_id, f.facet, f.value, s.closed, s.band, s.due_on, s.rank from card_standing s
            cross join lateral (select 'tag', unnest(s.tags) union all select 'flag', unnest(s.flags)) f (facet, value) where s.tenant_id = '{client.Tenant}') t
        """))!;
}
