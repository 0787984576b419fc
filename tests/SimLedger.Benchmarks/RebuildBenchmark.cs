namespace SimLedger.Benchmarks;

/// <summary>All standings of an organisation from its facts, by the verb, into an empty view; in turns with it, the same facts are only read.</summary>
internal static class RebuildBenchmark
{
    public static async Task<List<Result>> Run(Bench bench, IReadOnlyList<int> sizes)
    {
        var results = new List<Result>();
        foreach (var size in sizes) results.AddRange(await Of(bench, size));
        return results;
    }

    private static async Task<IEnumerable<Result>> Of(Bench bench, int facts)
    {
        var name = await SeededFleet.CreateDatabase(bench, facts / SeededFleet.FactsOfLine);
        var (rates, own, postgres, byPsql, byNpgsql, peak) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), 0d);
        for (var slice = 0; slice < Bench.Slices; slice++)
        {
            await Bench.Scalar(bench.Superuser(name), "truncate card_standing, line_facets");
            var before = bench.PostgresSeconds();
            var run = await VerbRun.Of(bench.App(name), "rebuild", "--tenant", Bench.Tenant(1).Value);
            rates.Add(facts / run.Seconds);
            own.Add(run.Processor * 1e6 / facts);
            postgres.Add((bench.PostgresSeconds() - before) * 1e6 / facts);
            peak = Math.Max(peak, run.PeakMegabytes);
            byPsql.Add(facts / await FactsReference.ByPsql(bench.Superuser(name)));
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            byNpgsql.Add(await FactsReference.ByNpgsql(bench.Superuser(name)) / System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        var lines = (long)(await Bench.Scalar(bench.Superuser(name), "select count(*) from card_standing"))!;
        await Bench.Scalar(bench.Superuser("postgres"), $"drop database {name} with (force)");
        if (lines != facts / SeededFleet.FactsOfLine) throw new InvalidOperationException($"{lines} lines were rebuilt, {facts / SeededFleet.FactsOfLine} were meant.");

        var label = $"rebuild from {facts:N0} facts";
        return
        [
            Result.Print(label, Bench.Median(rates), "facts/s", Goal.AtLeast(null, 30_000)),
            Result.Print($"{label}: processor time of the process", Bench.Median(own), "µs a fact"),
            Result.Print($"{label}: processor time of PostgreSQL", Bench.Median(postgres), "µs a fact"),
            Result.Print($"{label}, beside psql", rates, "facts/s", "psql reads the facts", byPsql, Goal.AtLeast(0.3, null)),
            Result.Print($"{label}, beside Npgsql", rates, "facts/s", "Npgsql reads the facts in order", byNpgsql, Goal.AtLeast(0.3, null)),
            Result.Print($"{label}: peak memory of the process", peak, "MB"),
        ];
    }
}
