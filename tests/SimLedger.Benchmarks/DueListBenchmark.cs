using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>The due list over HTTP, at 10,000 and 1,000,000 lines of 200 unequal tenants: the server is a process of its own, connections are kept alive.</summary>
internal static class DueListBenchmark
{
    private const int Slices = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Rows as imports leave them: most dated over two years, one in twenty to settle, five carriers, forty owners, some lost; one tag on all lines, and on a third
    /// of them one of a hundred others.
    /// </summary>
    private const string SeedSql = """
        insert into tenant_heads (tenant_id, recorded_at, created_at, rules_revision)
        select 'tenant-' || n, now(), now(), (select rules_revision from tenant_heads where tenant_id = '_') from generate_series(1, 200) n;
        insert into card_standing (tenant_id, line_id, card_id, number, iccid, carrier, product, owner, zone, stage, band, due_on, rank, closed, ends_on, deadline_at, renew_by,
                                   prepare_from, clock, rule_version, confidence, flags, ladder, next_change_at, holds_until, stream_version, rules_revision, tags)
        select 'tenant-' || t.n, gen_random_uuid(), gen_random_uuid(), '+639' || lpad(i::text, 9, '0'), '8963' || lpad(i::text, 15, '0'),
               (array['ph-tm', 'ph-smart', 'hk-cmhk', 'gb-giffgaff', 'cn-mobile'])[1 + i % 5], 'prepaid', 'Owner ' || i % 40, 'Asia/Manila',
               case when d.day < current_date then 'lapsed' else 'active' end, case when i % 20 = 0 then 0 else 1 end, d.day, i % 3, i % 50 = 0, d.day, d.day + interval '16 hours',
               d.day - 7, d.day - 14, 'load', 'mc-05-12-2017', 'secondary', case when i % 20 = 0 then array['ruleUnknown'] else array[]::text[] end,
               jsonb_build_array(jsonb_build_object('stage', 'lapsed', 'from', to_char(d.day + 1, 'YYYY-MM-DD"T00:00:00Z"'), 'to', null, 'endsOn', null)),
               case when d.day >= current_date then (d.day + 1)::timestamptz end, null, 5, (select rules_revision from tenant_heads where tenant_id = '_'),
               array['fleet'] || case when i % 3 = 0 then array['tag-' || i % 100] else array[]::text[] end
        from (select n, ceil({0} / n / (select sum(1.0 / m) from generate_series(1, 200) m))::int as size from generate_series(1, 200) n) t
        cross join lateral generate_series(1, t.size) i
        cross join lateral (select current_date - 60 + (i::bigint * 7919 % 730)::int as day) d;
        insert into line_facets (tenant_id, line_id, facet, value, closed, band, due_on, rank)
        select s.tenant_id, s.line_id, f.facet, f.value, s.closed, s.band, s.due_on, s.rank from card_standing s
        cross join lateral (select 'tag', unnest(s.tags) union all select 'flag', unnest(s.flags)) f (facet, value)
        """;

    private static readonly (string Name, string Path)[] Asks =
    [
        ("first page", "/v1/due-list?limit=50"),
        ("within 30d", "/v1/due-list?limit=50&within=30d"),
        ("carrier", "/v1/due-list?limit=50&carrier=hk-cmhk"),
        ("tag of few", "/v1/due-list?limit=50&tag=tag-42"),
        ("tag of all", "/v1/due-list?limit=50&tag=fleet"),
        ("three tags", "/v1/due-list?limit=50&tag=tag-42,tag-3,fleet"),
        ("owner", "/v1/due-list?limit=50&owner=Owner%207"),
        ("flag", "/v1/due-list?limit=50&flag=ruleUnknown"),
        ("tag, owner and carrier", "/v1/due-list?limit=50&tag=fleet&owner=Owner%207&carrier=hk-cmhk"),
        ("critical, dated", "/v1/due-list?limit=50&importance=critical&settle=false"),
        ("with closed lines", "/v1/due-list?limit=50&closed=true"),
        ("cards by first digits", "/v1/cards?limit=50&number=639000012"),
        ("cards by anything", "/v1/cards?limit=50&q=Owner%207"),
        ("summary", "/v1/due-list/summary"),
        ("summary of a tag", "/v1/due-list/summary?tag=tag-42"),
        ("summary of an owner", "/v1/due-list/summary?owner=Owner%207"),
    ];

    /// <param name="sizes">Lines of all tenants together.</param>
    public static async Task<List<Result>> Run(Bench bench, params int[] sizes)
    {
        var results = new List<Result>();
        foreach (var lines in sizes)
        {
            var name = await bench.CreateDatabase();
            await Bench.Scalar(bench.Superuser(name), SeedSql.Replace("{0}", $"{lines}", StringComparison.Ordinal));
            await Bench.Scalar(bench.Superuser(name), "vacuum analyze");
            await using var database = TenantDatabase.Open(bench.App(name));
            await using var server = ServerUnderTest.Launch(bench.App(name));
            foreach (var (label, rank) in new[] { ("largest", 1), ("median", 100) })
            {
                using var client = Bench.Client(server.Url, await Bench.Key(database, Bench.Tenant(rank)));
                await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
                using var page = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(Asks[0].Path));
                var cursor = page.RootElement.GetProperty("nextCursor").GetString();
                // The median tenant has some thousand lines: it shows that others do not slow it, by what is asked most.
                var asks = rank > 1 || cursor is null ? Asks.Where(ask => ask.Name is "first page" or "summary") : [.. Asks, ("next page", $"{Asks[0].Path}&cursor={cursor}")];
                foreach (var (ask, path) in asks)
                {
                    foreach (var clients in new[] { 1, 16 }) await Measure(results, client, $"due list, {lines:N0} lines, {label} tenant, {ask}, {clients} clients", path, clients);
                }
            }
        }
        return results;
    }

    internal static async Task Measure(List<Result> results, HttpClient client, string label, string path, int clients)
    {
        await Bench.Load(clients, TimeSpan.FromSeconds(1), _ => client.GetByteArrayAsync(path));
        var (p50, p99) = (new List<double>(), new List<double>());
        for (var slice = 0; slice < Slices; slice++)
        {
            var (times, _) = await Bench.Load(clients, Slice, _ => client.GetByteArrayAsync(path));
            p50.Add(Bench.Percentile(times, 0.50));
            p99.Add(Bench.Percentile(times, 0.99));
        }
        results.Add(Result.Print($"{label}: p50", Bench.Median(p50), "ms"));
        results.Add(Result.Print($"{label}: p99", Bench.Median(p99), "ms"));
    }
}
