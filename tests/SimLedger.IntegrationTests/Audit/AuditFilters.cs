using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using SimLedger.Cards;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;

namespace SimLedger.IntegrationTests.Audit;

/// <summary>What the audit lists under its filters, against a plain reading of every fact by every filter.</summary>
public sealed class AuditFilters : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Types = ["ToppedUp", "Activated", "EntryVoided"];
    private static readonly string[] Actors = ["key:anna", "key:bo", "system:import"];
    private static readonly Guid[] Imports = [Guid.CreateVersion7(), Guid.CreateVersion7()];
    private static readonly Guid[] Cards = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];

    // Dates, instants with every kind of offset, one that no zone on earth has, none at all, and what is no time though it is called so.
    private static readonly string?[] Ats =
    [
        "2026-02-27", "2026-03-04", "2026-03-05T00:00:00Z", "2026-03-05T00:30:00.25+08:00", "2026-03-04T22:00:00-03:30", "2026-03-04T10:00:00+17:00",
        "2026-03-07T23:59:59.9999999Z", null, "soon", "2026-03-05T00:00",
    ];

    private readonly StoppedClock _clock = new(Start);
    private readonly List<Recorded> _recorded = [];
    private ApiHost _host = null!;
    private ApiClient _client = null!;

    /// <summary>Some 120 facts over ten days, drawn so that every value meets every other; another organisation has the same.</summary>
    public async Task InitializeAsync()
    {
        var database = await TestDatabase.Create();
        _host = await ApiHost.Start(database.App, _clock);
        _client = await _host.NewOrganisation();
        var others = await _host.NewOrganisation();
        var (draw, versions) = (new Random(7), Cards.ToDictionary(c => c, _ => 0));
        for (var i = 1; i <= 120; i++)
        {
            _clock.Now += TimeSpan.FromMinutes(draw.Next(0, 240));
            Guid? import = draw.Next(3) == 0 ? Imports[draw.Next(2)] : null;
            // A request may have the id of an import as its own and is none; only the way in tells.
            var fact = new Recorded(
                i, Cards[draw.Next(3)], Types[draw.Next(3)], Actors[draw.Next(3)], import, draw.Next(20) == 0 ? "api" : import is null ? "api" : "import:fleet.csv", Ats[draw.Next(Ats.Length)], _clock.Now);
            _recorded.Add(fact);
            foreach (var tenant in new[] { _client.Tenant, others.Tenant })
            {
                var data = fact.At is null ? "{}" : $$"""{"at":"{{fact.At}}"}""";
                var append = new Append(
                    tenant, fact.Card, versions[fact.Card], [new NewEvent(Guid.CreateVersion7(), fact.Type, Encoding.UTF8.GetBytes(data))],
                    new AuditContext(fact.Actor, fact.Origin, null, (fact.Import ?? Guid.CreateVersion7()).ToString("D")));
                Assert.IsType<AppendAnswer.Appended>(await _host.Get<EventLedger>().Append(append, default));
            }
            versions[fact.Card]++;
        }
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Every_combination_of_filters_lists_exactly_what_fits_newest_first_page_by_page()
    {
        var draw = new Random(11);
        for (var mask = 0; mask < 256; mask++)
        {
            var moments = Enumerable.Range(0, 4).Select(_ => Moment(draw)).ToList();
            moments.Sort(0, 2, Comparer<(string Text, DateTimeOffset At)>.Create((a, b) => a.At.CompareTo(b.At))); // From is not after to.
            var (types, actor, card, import) = (Types.Take(draw.Next(1, 3)).ToList(), Actors[draw.Next(3)], Cards[draw.Next(3)], Imports[draw.Next(2)]);
            (string Query, Func<Recorded, bool> Holds)[] all =
            [
                ($"from={moments[0].Text}", f => f.RecordedAt >= moments[0].At), ($"to={moments[1].Text}", f => f.RecordedAt < moments[1].At),
                ($"knownAt={moments[2].Text}", f => f.RecordedAt <= moments[2].At), ($"asOf={moments[3].Text}", f => f.Type == "EntryVoided" || f.HappenedAt <= moments[3].At),
                ($"actor={actor}", f => f.Actor == actor), ($"type={string.Join(',', types)}", f => types.Contains(f.Type)), ($"card={card}", f => f.Card == card),
                ($"import={import}", f => f.Import == import && f.Origin != "api"),
            ];
            var asked = all.Where((_, bit) => (mask & (1 << bit)) != 0).ToList();
            var query = string.Join('&', asked.Select(a => a.Query).Append($"limit={draw.Next(1, 60)}"));

            var expected = _recorded.Where(f => asked.TrueForAll(a => a.Holds(f))).Select(f => f.Position).OrderDescending();

            Assert.True(expected.SequenceEqual(await Listed(query)), query);
        }
    }

    [Fact]
    public async Task What_was_known_at_a_moment_includes_what_was_recorded_in_that_very_moment()
    {
        var fact = _recorded[60];
        var at = fact.RecordedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        Assert.Contains(fact.Position, await Listed($"knownAt={at}"));
        Assert.Contains(fact.Position, await Listed($"from={at}"));
        Assert.DoesNotContain(fact.Position, await Listed($"to={at}"));
    }

    [Fact]
    public async Task A_cursor_goes_only_with_the_filters_that_it_was_made_for()
    {
        string[] filters =
        [
            "", "from=2026-03-01", "to=2026-12-31", "knownAt=2026-12-31", "asOf=2026-12-31", "actor=key:anna", "type=ToppedUp", $"card={Cards[0]}", $"import={Imports[0]}", "type=ToppedUp,Activated",
            "actor=key:anna&type=ToppedUp",
        ];
        var cursors = new List<string>();
        foreach (var filter in filters) cursors.Add((await _client.Get($"/v1/audit?limit=1&{filter}")).Is(HttpStatusCode.OK).Json.GetProperty("nextCursor").GetString()!);
        for (var i = 0; i < filters.Length; i++)
        {
            for (var j = 0; j < filters.Length; j++)
            {
                var answer = await _client.Get($"/v1/audit?limit=1&{filters[i]}&cursor={cursors[j]}");
                if (i == j) answer.Is(HttpStatusCode.OK);
                else answer.Problem(HttpStatusCode.BadRequest, "cursor-unusable");
            }
        }
    }

    [Theory]
    [InlineData("asOf=yesterday", "asOf", "time-malformed")]
    [InlineData("knownAt=2026-13-01", "knownAt", "time-malformed")]
    [InlineData("import=fleet.csv", "import", "id-malformed")]
    [InlineData("asOf=", "asOf", "value-empty")]
    [InlineData("owner=Ana", "owner", "member-unknown")]
    [InlineData("type=TopUp", "type", "value-unknown")] // Nothing would fit it, and an auditor take that for an answer.
    [InlineData("type=ToppedUp,toppedup", "type", "value-unknown")]
    [InlineData("from=2026-03-05&to=2026-03-04T23:59:59Z", "to", "out-of-range")]
    public async Task What_is_no_filter_is_refused(string query, string pointer, string code)
    {
        foreach (var path in new[] { "/v1/audit", "/v1/exports/audit" })
        {
            var error = Assert.Single((await _client.Get($"{path}?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateArray());
            Assert.Equal((pointer, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task All_types_of_facts_may_be_asked_for_at_once()
    {
        var types = string.Join(',', CardEventJson.Types.Append("RulePackPublished").Append("RulePackWithdrawn"));

        Assert.Equal(_recorded.Select(f => f.Position).OrderDescending(), await Listed($"type={types}"));
    }

    /// <summary>Positions over all pages; each page says truly how far back it looked.</summary>
    private async Task<List<long>> Listed(string query)
    {
        List<long> positions = [];
        for (var next = $"/v1/audit?{query}"; next is not null;)
        {
            var page = (await _client.Get(next)).Is(HttpStatusCode.OK);
            var facts = page.Json.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("position").GetInt64()).ToList();
            Assert.All(facts, p => Assert.True(p >= page.Json.GetProperty("lookedBackTo").GetInt64()));
            Assert.Equal(page.Json.GetProperty("nextCursor").ValueKind == JsonValueKind.Null, page.Header("Link") is null);
            positions.AddRange(facts);
            next = Links.Next(page);
        }
        return positions;
    }

    /// <summary>A date or an instant within the time of the facts, and what it means.</summary>
    private static (string Text, DateTimeOffset At) Moment(Random draw)
    {
        var at = Start + TimeSpan.FromMinutes(draw.Next(-2 * 1440, 12 * 1440));
        if (draw.Next(2) == 0) return (at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), at);
        return (at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero));
    }

    private sealed record Recorded(long Position, Guid Card, string Type, string Actor, Guid? Import, string Origin, string? At, DateTimeOffset RecordedAt)
    {
        public DateTimeOffset HappenedAt => At switch
        {
            { Length: 10 } date => DateTimeOffset.Parse($"{date}T00:00:00Z", CultureInfo.InvariantCulture),
            "2026-03-04T10:00:00+17:00" => new DateTimeOffset(2026, 3, 3, 17, 0, 0, TimeSpan.Zero), // .NET refuses the offset as well.
            null or "soon" or "2026-03-05T00:00" => RecordedAt,
            var instant => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture),
        };
    }
}
