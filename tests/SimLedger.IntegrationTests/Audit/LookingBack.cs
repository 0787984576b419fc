using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;

namespace SimLedger.IntegrationTests.Audit;

/// <summary>A page of the audit looks at a bounded number of facts, however rare what it looks for, and says where to go on.</summary>
public sealed class LookingBack : IAsyncLifetime
{
    private const int Facts = (2 * AuditTrail.LooksBack) + 20_000;
    private const int OfBigImport = AuditTrail.LooksBack + 10_000;

    private static readonly Guid Small = Guid.CreateVersion7();
    private static readonly Guid Big = Guid.CreateVersion7();

    private TestDatabase _database = null!;
    private ApiHost _host = null!;
    private ApiClient _client = null!;

    /// <summary>The rare actor at the positions 5 and 70,000; the small import at 3 and 4; the big one from 100 on, with the rare actor again at 200.</summary>
    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App);
        _client = await _host.NewOrganisation();
        // Written past the ledger, which would take a minute for so many.
        await _database.Tamper($$"""
            insert into events (tenant_id, position, stream_id, version, event_id, type, data, salt, digest, recorded_at, actor, origin, causation_id)
            select '{{_client.Tenant}}', n, gen_random_uuid(), 1, gen_random_uuid(), 'Happened', '{}', '\x00', sha256('x'), now(),
                   case when n in (5, 200, 70000) then 'key:rare' else 'key:usual' end,
                   case when n in (3, 4) or n between 100 and {{99 + OfBigImport}} then 'import:f.csv' else 'api' end,
                   case when n in (3, 4) then '{{Small}}' when n between 100 and {{99 + OfBigImport}} then '{{Big}}' else gen_random_uuid()::text end
            from generate_series(1, {{Facts}}) n;
            update tenant_heads set position = {{Facts}}, recorded_at = now() where tenant_id = '{{_client.Tenant}}'
            """);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_rare_actor_is_found_over_pages_that_each_look_so_far_back()
    {
        var pages = await Pages("actor=key:rare&limit=10");

        Assert.Equal([[], [70_000L], [200, 5]], pages.Select(p => p.Positions));
        Assert.Equal([Facts + 1 - AuditTrail.LooksBack, Facts + 1 - (2 * AuditTrail.LooksBack), 1], pages.Select(p => p.LookedBackTo));
    }

    [Fact]
    public async Task A_full_page_looked_back_to_its_last_fact()
    {
        var page = (await _client.Get("/v1/audit?limit=10")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(Facts - 9, page.GetProperty("lookedBackTo").GetInt64());
        Assert.Equal(10, page.GetProperty("facts").GetArrayLength());
    }

    [Fact]
    public async Task The_facts_of_an_import_are_found_at_once_however_old()
    {
        var page = Assert.Single(await Pages($"import={Small}"));

        Assert.Equal([4, 3], page.Positions);
        Assert.Equal(1, page.LookedBackTo);
        Assert.Empty(Assert.Single(await Pages($"import={Guid.NewGuid()}")).Positions);
    }

    [Fact]
    public async Task Within_a_large_import_a_page_looks_at_so_many_of_its_facts()
    {
        var pages = await Pages($"import={Big}&actor=key:rare");

        Assert.Equal([[200L]], pages.Skip(1).Select(p => p.Positions));
        Assert.Equal(100 + OfBigImport - AuditTrail.LooksBack, pages[0].LookedBackTo);
    }

    [Fact]
    public async Task An_import_is_read_by_its_own_index_whether_there_are_statistics_or_not()
    {
        for (var turn = 0; turn < 2; turn++)
        {
            await _database.Tamper("select pg_stat_reset()");
            await Pages($"import={Small}");
            await Pages($"import={Big}&actor=key:rare");
            for (var tries = 0; await Read("events_of_import") < AuditTrail.LooksBack; tries++)
            {
                Assert.True(tries < 60, "The index was not read, or not counted within half a minute.");
                await Task.Delay(TimeSpan.FromSeconds(0.5)); // It is counted when the connection has been idle for a while.
            }
            Assert.InRange(await Read("events_in_order"), 0, 100);
            await _database.Tamper("analyze events");
        }
    }

    /// <summary>Entries read from an index since the counts were last reset.</summary>
    private async Task<long> Read(string index) => (long)(await _database.Tamper($"select idx_tup_read from pg_stat_user_indexes where indexrelname = '{index}'"))!;

    private async Task<List<(List<long> Positions, long LookedBackTo)>> Pages(string query)
    {
        var pages = new List<(List<long>, long)>();
        for (var next = $"/v1/audit?{query}"; next is not null;)
        {
            var page = (await _client.Get(next)).Is(HttpStatusCode.OK);
            pages.Add((Positions(page.Json), page.Json.GetProperty("lookedBackTo").GetInt64()));
            next = Links.Next(page);
        }
        return pages;
    }

    private static List<long> Positions(JsonElement page) => [.. page.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("position").GetInt64())];
}
