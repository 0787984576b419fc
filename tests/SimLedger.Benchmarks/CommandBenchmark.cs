namespace SimLedger.Benchmarks;

/// <summary>The whole command over HTTP, from a server process of its own, beside pgbench inserting one row a transaction with as many clients; in turns, in the same run.</summary>
internal static class CommandBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<List<Result>> Run(Bench bench)
    {
        var name = await bench.CreateDatabase();
        var pgbench = await Pgbench.Prepare(bench, name);
        await using var load = await CommandLoad.Prepare(bench, name);
        await using var server = await load.Launch();
        await load.Run(WarmUp, server);
        await bench.Settle(name);
        var (commands, references, times) = (new List<Rate>(), new List<Rate>(), new List<double>());
        for (var slice = 0; slice < Bench.Slices; slice++)
        {
            var (rate, took) = await load.Run(Bench.Slice, server);
            commands.Add(rate);
            times.AddRange(took);
            references.Add(await pgbench.Run(CommandLoad.Callers, Bench.Slice));
        }
        const string label = "command over HTTP, 32 connections";
        var (average, most) = await load.FactsOfCard();
        return
        [
            Result.Print(label, [.. commands.Select(r => r.PerSecond)], "commands/s", "pgbench, one-row inserts", [.. references.Select(r => r.PerSecond)], Goal.AtLeast(0.5, 0.3)),
            Result.Print($"{label}: p50", Bench.Percentile(times, 0.50), "ms"),
            Result.Print($"{label}: p99", Bench.Percentile(times, 0.99), "ms"),
            Result.Print($"{label}: processor time", [.. commands.Select(r => r.Microseconds)], "µs each", "pgbench and its PostgreSQL", [.. references.Select(r => r.Microseconds)]),
            Result.Print($"{label}: of it the server", Bench.Median(commands.Select(r => r.Server)), "µs each"),
            Result.Print($"{label}: of it PostgreSQL", [.. commands.Select(r => r.Postgres)], "µs each", "PostgreSQL under pgbench", [.. references.Select(r => r.Postgres)]),
            Result.Print($"{label}: of it the caller", [.. commands.Select(r => r.Caller)], "µs each", "pgbench itself", [.. references.Select(r => r.Caller)]),
            Result.Print($"{label}: facts of a card at the end, on average", average, "facts"),
            Result.Print($"{label}: facts of a card at the end, at most", most, "facts"),
        ];
    }
}
