using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>The due list over HTTP, of 200 unequal tenants: the server is a process of its own, connections are kept alive.</summary>
internal static class DueListBenchmark
{
    /// <summary>
    /// Rows as imports leave them, with ids that rise with time, the names that they hold, and a finished job for each tenant, the reference's row: most dated over two years, one in twenty to settle, five carriers, forty owners, some lost; one tag on all lines, and on a third
    /// of them one of a hundred others.
    /// </summary>
    private const string SeedSql = """
        insert into tenant_heads (tenant_id, recorded_at, created_at, rules_revision)
        select 'tenant-' || n, now(), now(), (select rules_revision from tenant_heads where tenant_id = '_') from generate_series(1, 200) n;
        insert into card_standing (tenant_id, line_id, card_id, number, iccid, carrier, product, owner, zone, stage, band, due_on, rank, closed, ends_on, deadline_at, renew_by,
                                   prepare_from, clock, rule_version, confidence, flags, ladder, next_change_at, holds_until, stream_version, rules_revision, tags)
        select 'tenant-' || t.n, ids.line, ids.card, '+639' || lpad(i::text, 9, '0'), '8963' || lpad(i::text, 15, '0'),
               (array['ph-tm', 'ph-smart', 'hk-cmhk', 'gb-giffgaff', 'cn-mobile'])[1 + i % 5], 'prepaid', 'Owner ' || i % 40, 'Asia/Manila',
               case when d.day < current_date then 'lapsed' else 'active' end, case when i % 20 = 0 then 0 else 1 end, d.day, i % 3, i % 50 = 0, d.day, d.day + interval '16 hours',
               d.day - 7, d.day - 14, 'load', 'mc-05-12-2017', 'secondary', case when i % 20 = 0 then array['ruleUnknown'] else array[]::text[] end,
               jsonb_build_array(jsonb_build_object('stage', 'lapsed', 'from', to_char(d.day + 1, 'YYYY-MM-DD"T00:00:00Z"'), 'to', null, 'endsOn', null)),
               case when d.day >= current_date then (d.day + 1)::timestamptz end, null, 5, (select rules_revision from tenant_heads where tenant_id = '_'),
               array['fleet'] || case when i % 3 = 0 then array['tag-' || i % 100] else array[]::text[] end
        from (select n, ceil({0} / n / (select sum(1.0 / m) from generate_series(1, 200) m))::int as size from generate_series(1, 200) n) t
        cross join lateral generate_series(1, t.size) i
        cross join lateral (select current_date - 60 + (i::bigint * 7919 % 730)::int as day) d
        cross join lateral (select md5(t.n || ':' || i) as hash, lpad(to_hex(1600000000000 + i * 1000::bigint), 12, '0') as time) h
        cross join lateral (select (h.time || '7' || substr(h.hash, 1, 3) || '8' || substr(h.hash, 4, 15))::uuid as card,
                                   (h.time || '7' || substr(h.hash, 11, 3) || '8' || substr(h.hash, 14, 15))::uuid as line) ids;
        insert into line_facets (tenant_id, line_id, facet, value, closed, band, due_on, rank)
        select s.tenant_id, s.line_id, f.facet, f.value, s.closed, s.band, s.due_on, s.rank from card_standing s
        cross join lateral (select 'tag', unnest(s.tags) union all select 'flag', unnest(s.flags)) f (facet, value);
        insert into reservations (tenant_id, kind, value, stream_id)
        select s.tenant_id, k.kind, k.value, s.card_id from card_standing s cross join lateral (values ('number', s.number), ('iccid', s.iccid)) k (kind, value);
        insert into jobs (tenant_id, job_id, kind, subject, state, request, actor, created_at, started_at, finished_at)
        select 'tenant-' || n, (lpad(to_hex(n), 8, '0') || '-0000-0000-0000-000000000000')::uuid, 'reappraisal', '1', 'succeeded', '{}', 'bench', now(), now(), now() from generate_series(1, 200) n
        """;

    /// <summary>The indexes of the two tables that are no constraints.</summary>
    private const string IndexesSql = """
        select coalesce(array_agg(pg_get_indexdef(i.indexrelid) order by i.indexrelid), '{}') from pg_index i
        where i.indrelid in ('card_standing'::regclass, 'line_facets'::regclass) and not i.indisprimary
        """;

    private const string DropIndexesSql = """
        do $$ declare name text; begin
            for name in select i.indexrelid::regclass::text from pg_index i where i.indrelid in ('card_standing'::regclass, 'line_facets'::regclass) and not i.indisprimary
            loop execute 'drop index ' || name; end loop; end $$
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

    /// <summary>What 16 clients ask as well; the others tell them nothing new.</summary>
    private static readonly string[] AskedByMany = ["first page", "next page", "carrier", "tag of few", "tag of all", "tag, owner and carrier", "cards by anything", "summary", "summary of a tag"];

    /// <param name="sizes">Lines of all tenants together.</param>
    public static async Task<List<Result>> Run(Bench bench, params int[] sizes)
    {
        var results = new List<Result>();
        foreach (var lines in sizes)
        {
            var name = await bench.CreateDatabase();
            await Seed(bench, name, lines);
            await using var database = TenantDatabase.Open(bench.App(name));
            await using var server = ServerUnderTest.Launch(bench.App(name));
            foreach (var (label, rank) in new[] { ("largest", 1), ("median", 100) })
            {
                using var client = Bench.Client(server.Url, await Bench.Key(database, Bench.Tenant(rank)));
                await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
                // The median tenant shows that others do not slow it, by what is asked most.
                var asks = rank > 1 ? [.. Asks.Where(ask => ask.Name is "first page" or "summary")] : await WithNextPage(client);
                var load = new ReadLoad(client, $"/v1/jobs/{JobOf(rank)}", () => server.ProcessorSeconds() + bench.PostgresSeconds());
                await load.WarmUp([.. asks.Select(ask => ask.Path)]);
                var of = $"due list, {lines:N0} lines, {label} tenant";
                results.AddRange(await load.Measure(of, asks, clients: 1, TimeSpan.FromSeconds(0.4)));
                results.AddRange(await load.Measure(of, [.. asks.Where(ask => AskedByMany.Contains(ask.Name))], clients: 16, TimeSpan.FromSeconds(0.6)));
            }
        }
        return results;
    }

    private static async Task<(string Name, string Path)[]> WithNextPage(HttpClient client)
    {
        using var page = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(Asks[0].Path));
        return page.RootElement.GetProperty("nextCursor").GetString() is { } cursor ? [.. Asks, ("next page", $"{Asks[0].Path}&cursor={cursor}")] : Asks;
    }

    private static Guid JobOf(int rank) => new(rank, 0, 0, new byte[8]);

    /// <summary>The indexes are made again after the rows, as the schema has them: five million lines take minutes, not an hour.</summary>
    private static async Task Seed(Bench bench, string name, int lines)
    {
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(bench.Superuser(name)) { Options = "-c synchronous_commit=off -c maintenance_work_mem=512MB" }.ConnectionString;
        var indexes = (string[])(await Bench.Scalar(connection, IndexesSql))!;
        await Bench.Scalar(connection, DropIndexesSql);
        await Bench.Scalar(connection, SeedSql.Replace("{0}", $"{lines}", StringComparison.Ordinal));
        foreach (var index in indexes) await Bench.Scalar(connection, index);
        await Bench.Scalar(connection, "vacuum analyze");
        await Bench.Scalar(connection, "checkpoint");
    }
}
