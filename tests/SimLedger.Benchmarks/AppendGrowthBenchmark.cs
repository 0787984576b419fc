namespace SimLedger.Benchmarks;

/// <summary>What an append to an existing card costs at 1, 10, 200 and 2,000 unequal organisations, 32 callers: a database each, as many cards in each, in turns.</summary>
internal static class AppendGrowthBenchmark
{
    private const int Callers = 32;
    private const int Cards = 20_000;
    private static readonly int[] Tenants = [1, 10, 200, 2_000];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<List<Result>> Run(Bench bench)
    {
        var loads = new List<AppendLoad>();
        try
        {
            foreach (var tenants in Tenants)
            {
                var name = await bench.CreateDatabase();
                loads.Add(await AppendLoad.Prepare(bench, name, Cards, tenants, Ledger.EventLedger.DefaultLanes));
                await bench.Measure(Callers, WarmUp, loads[^1].ToExistingCard);
                await bench.Settle(name);
            }
            var rates = loads.ConvertAll(_ => new List<Rate>());
            for (var slice = 0; slice < Bench.Slices; slice++)
            {
                for (var i = 0; i < loads.Count; i++) rates[i].Add((await bench.Measure(Callers, Bench.Slice, loads[i].ToExistingCard)).Rate);
            }
            return [.. Tenants.SelectMany((tenants, i) => Tell($"append to existing cards, {Callers} callers, {tenants:N0} organisation(s)", rates[i], rates[0]))];
        }
        finally
        {
            foreach (var load in loads) await load.DisposeAsync();
        }
    }

    private static IEnumerable<Result> Tell(string label, List<Rate> rates, List<Rate> references)
    {
        const string reference = "1 organisation";
        yield return Result.Print(label, [.. rates.Select(r => r.PerSecond)], "appends/s", reference, [.. references.Select(r => r.PerSecond)]);
        yield return Result.Print($"{label}: processor time", [.. rates.Select(r => r.Microseconds)], "µs each", reference, [.. references.Select(r => r.Microseconds)]);
        yield return Result.Print($"{label}: of it PostgreSQL", [.. rates.Select(r => r.Postgres)], "µs each", reference, [.. references.Select(r => r.Postgres)]);
    }
}
