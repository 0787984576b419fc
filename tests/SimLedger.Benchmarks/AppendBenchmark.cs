namespace SimLedger.Benchmarks;

/// <summary>
/// Durable appends a second over 200 unequal tenants, to cards that exist and to new ones, beside pgbench inserting one row of the same bytes a transaction with as many
/// clients; in turns, in the same run.
/// </summary>
internal static class AppendBenchmark
{
    private const int Cards = 200_000;
    private const int CallersOfCost = 32;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private static readonly (int Callers, double Aim, double Least)[] Wanted = [(1, 0.6, 0.4), (8, 0.8, 0.5), (32, 1.2, 0.8), (128, 2.0, 1.2)];

    /// <param name="lanes">Commit lanes of the ledger, one measurement for each number.</param>
    public static async Task<List<Result>> Run(Bench bench, int[] lanes)
    {
        var results = new List<Result>();
        foreach (var many in lanes)
        {
            var name = await bench.CreateDatabase();
            var pgbench = await Pgbench.Prepare(bench, name);
            await using var load = await AppendLoad.Prepare(bench, name, Cards, Bench.Tenants, many);
            await bench.Measure(CallersOfCost, WarmUp, load.ToExistingCard);
            await bench.Measure(CallersOfCost, WarmUp, load.ToNewCard);
            await bench.Settle(name);
            foreach (var (callers, aim, least) in Wanted)
            {
                await Measure(results, bench, load, pgbench, $"{(lanes.Length > 1 ? $", {many} lanes" : "")}, {callers} callers", callers, Goal.AtLeast(aim, least));
            }
        }
        return results;
    }

    private static async Task Measure(List<Result> results, Bench bench, AppendLoad load, Pgbench pgbench, string label, int callers, Goal goal)
    {
        var (existing, fresh, references) = (new List<Rate>(), new List<Rate>(), new List<Rate>());
        var (existingTimes, freshTimes) = (new List<double>(), new List<double>());
        for (var slice = 0; slice < Bench.Slices; slice++)
        {
            var (rate, times) = await bench.Measure(callers, Bench.Slice, load.ToExistingCard);
            existing.Add(rate);
            existingTimes.AddRange(times);
            references.Add(await pgbench.Run(callers, Bench.Slice));
            (rate, times) = await bench.Measure(callers, Bench.Slice, load.ToNewCard);
            fresh.Add(rate);
            freshTimes.AddRange(times);
        }
        Tell(results, $"append to existing cards{label}", existing, existingTimes, references, goal, callers == CallersOfCost ? Goal.AtMost(0.5, 1.0) : null);
        Tell(results, $"append to new cards{label}", fresh, freshTimes, references, null, null);
    }

    private static void Tell(List<Result> results, string label, List<Rate> rates, List<double> times, List<Rate> references, Goal? speed, Goal? cost)
    {
        results.Add(Result.Print(label, [.. rates.Select(r => r.PerSecond)], "appends/s", "pgbench, one-row inserts", [.. references.Select(r => r.PerSecond)], speed));
        results.Add(Result.Print($"{label}: p50", Bench.Percentile(times, 0.50), "ms"));
        results.Add(Result.Print($"{label}: p99", Bench.Percentile(times, 0.99), "ms"));
        results.Add(Result.Print($"{label}: processor time", [.. rates.Select(r => r.Microseconds)], "µs each", "pgbench and its PostgreSQL", [.. references.Select(r => r.Microseconds)], cost));
        results.Add(Result.Print($"{label}: of it this process", [.. rates.Select(r => r.Caller)], "µs each", "pgbench itself", [.. references.Select(r => r.Caller)]));
        results.Add(Result.Print($"{label}: of it PostgreSQL", [.. rates.Select(r => r.Postgres)], "µs each", "PostgreSQL under pgbench", [.. references.Select(r => r.Postgres)]));
    }
}
