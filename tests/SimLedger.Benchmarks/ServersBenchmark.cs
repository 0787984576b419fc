using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;

namespace SimLedger.Benchmarks;

/// <summary>
/// The same commands through two server processes on one database, beside one of them alone, in turns; as many connections in all. Afterwards: whether a deadlock happened,
/// a position was skipped, a chain or a card's standing does not fit its facts.
/// </summary>
internal static class ServersBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Positions are unique and begin at 1: that the highest is the number of them means that there is no gap.</summary>
    private const string SkippedSql = """
        select count(*) from tenant_heads h
        left join (select tenant_id, count(*) as facts, max(position) as highest from events group by tenant_id) e using (tenant_id)
        where (coalesce(e.facts, 0), coalesce(e.highest, 0)) <> (h.position, h.position)
        """;

    private const string BehindSql = """
        select count(*) from (select tenant_id, stream_id, max(version) as version from events group by tenant_id, stream_id) e
        left join card_standing s on s.tenant_id = e.tenant_id and s.card_id = e.stream_id where s.stream_version is distinct from e.version
        """;

    private const string DeadlocksSql = "select deadlocks from pg_stat_database where datname = current_database()";

    public static async Task<List<Result>> Run(Bench bench)
    {
        var name = await bench.CreateDatabase();
        await using var load = await CommandLoad.Prepare(bench, name);
        var (alone, both) = (new List<Rate>(), new List<Rate>());
        var times = new List<double>();
        await using (var first = await load.Launch())
        await using (var second = await load.Launch())
        {
            await load.Run(WarmUp, first);
            await load.Run(WarmUp, first, second);
            await bench.Settle(name);
            for (var slice = 0; slice < Bench.Slices; slice++)
            {
                alone.Add((await load.Run(Bench.Slice, first)).Rate);
                var (rate, took) = await load.Run(Bench.Slice, first, second);
                both.Add(rate);
                times.AddRange(took);
            }
        }
        const string label = "command over HTTP, two servers on one database, 32 connections";
        List<Result> results =
        [
            Result.Print(label, [.. both.Select(r => r.PerSecond)], "commands/s", "one server", [.. alone.Select(r => r.PerSecond)], Goal.AtLeast(1.2, 0.9)),
            Result.Print($"{label}: p50", Bench.Percentile(times, 0.50), "ms"),
            Result.Print($"{label}: p99", Bench.Percentile(times, 0.99), "ms"),
            Result.Print($"{label}: processor time of the servers", [.. both.Select(r => r.Server)], "µs each", "one server", [.. alone.Select(r => r.Server)]),
            Result.Print($"{label}: processor time of PostgreSQL", [.. both.Select(r => r.Postgres)], "µs each", "one server", [.. alone.Select(r => r.Postgres)]),
        ];
        results.AddRange(await Check(bench, name, label));
        return results;
    }

    private static async Task<List<Result>> Check(Bench bench, string name, string label)
    {
        await using var database = TenantDatabase.Open(bench.App(name));
        var verifier = new ChainVerifier(database);
        var broken = 0;
        foreach (var tenant in await database.TenantIds(CancellationToken.None))
        {
            if ((await verifier.Verify(tenant, CancellationToken.None)).Break is not { } found) continue;
            Console.WriteLine($"{tenant}: the chain is broken at {found.Position}: {found.What}");
            broken++;
        }
        var none = Goal.AtMost(0, 0);
        return
        [
            Result.Print($"{label}: deadlocks", await Count(bench, name, DeadlocksSql), "deadlocks", none),
            Result.Print($"{label}: skipped positions", await Count(bench, name, SkippedSql), "organisations", none),
            Result.Print($"{label}: chains that do not verify", broken, "organisations", none),
            Result.Print($"{label}: standings that are not those of the newest fact", await Count(bench, name, BehindSql), "cards", none),
        ];
    }

    private static async Task<long> Count(Bench bench, string name, string sql) => (long)(await Bench.Scalar(bench.Superuser(name), sql))!;
}
