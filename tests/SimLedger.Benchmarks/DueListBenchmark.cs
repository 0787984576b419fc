using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>The due list over HTTP, at 10,000 and 1,000,000 lines of 200 unequal tenants: the server is a process of its own, connections are kept alive.</summary>
internal static class DueListBenchmark
{
    private const int Slices = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    /// <summary>Rows as imports leave them: most dated over two years, one in twenty to settle, five carriers, some lost.</summary>
    private const string SeedSql = """
        insert into tenant_heads (tenant_id, recorded_at, created_at, rules_revision)
        select 'tenant-' || n, now(), now(), (select rules_revision from tenant_heads where tenant_id = '_') from generate_series(1, 200) n;
        insert into card_standing (tenant_id, line_id, card_id, number, iccid, carrier, product, owner, zone, stage, band, due_on, rank, closed, ends_on, deadline_at, renew_by,
                                   prepare_from, clock, rule_version, confidence, flags, ladder, next_change_at, holds_until, stream_version, rules_revision)
        select 'tenant-' || t.n, gen_random_uuid(), gen_random_uuid(), '+639' || lpad(i::text, 9, '0'), '8963' || lpad(i::text, 15, '0'),
               (array['ph-tm', 'ph-smart', 'hk-cmhk', 'gb-giffgaff', 'cn-mobile'])[1 + i % 5], 'prepaid', 'Owner ' || i % 40, 'Asia/Manila',
               case when d.day < current_date then 'lapsed' else 'active' end, case when i % 20 = 0 then 0 else 1 end, d.day, i % 3, i % 50 = 0, d.day, d.day + interval '16 hours',
               d.day - 7, d.day - 14, 'load', 'mc-05-12-2017', 'secondary', '{}',
               jsonb_build_array(jsonb_build_object('stage', 'lapsed', 'from', to_char(d.day + 1, 'YYYY-MM-DD"T00:00:00Z"'), 'to', null, 'endsOn', null)),
               case when d.day >= current_date then (d.day + 1)::timestamptz end, null, 5, (select rules_revision from tenant_heads where tenant_id = '_')
        from (select n, ceil({0} / n / (select sum(1.0 / m) from generate_series(1, 200) m))::int as size from generate_series(1, 200) n) t
        cross join lateral generate_series(1, t.size) i
        cross join lateral (select current_date - 60 + (i * 7919 % 730) as day) d;
        """;

    public static async Task<List<Result>> Run(Bench bench)
    {
        var results = new List<Result>();
        foreach (var lines in new[] { 10_000, 1_000_000 })
        {
            var name = await bench.CreateDatabase();
            await Bench.Scalar(bench.Superuser(name), SeedSql.Replace("{0}", $"{lines}", StringComparison.Ordinal));
            await Bench.Scalar(bench.Superuser(name), "vacuum analyze card_standing");
            await using var database = TenantDatabase.Open(bench.App(name));
            await using var server = ServerUnderTest.Launch(bench.App(name));
            foreach (var (label, rank) in new[] { ("largest", 1), ("median", 100) })
            {
                using var client = Bench.Client(server.Url, await Bench.Key(database, Bench.Tenant(rank)));
                await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
                var first = await client.GetStringAsync("/v1/due-list?limit=50");
                using var page = System.Text.Json.JsonDocument.Parse(first);
                var cursor = page.RootElement.GetProperty("nextCursor").GetString();
                var asks = new List<(string, string)> { ("first page", "/v1/due-list?limit=50"), ("carrier", "/v1/due-list?limit=50&carrier=hk-cmhk"), ("within 30d", "/v1/due-list?limit=50&within=30d") };
                if (cursor is not null) asks.Add(("next page", $"/v1/due-list?limit=50&cursor={cursor}"));
                foreach (var (ask, path) in asks)
                {
                    foreach (var clients in new[] { 1, 16 }) await Measure(results, client, $"due list, {lines:N0} lines, {label} tenant, {ask}, {clients} clients", path, clients);
                }
            }
        }
        return results;
    }

    private static async Task Measure(List<Result> results, HttpClient client, string label, string path, int clients)
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
