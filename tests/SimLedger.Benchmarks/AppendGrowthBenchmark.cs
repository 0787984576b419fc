using System.Globalization;

namespace SimLedger.Benchmarks;

/// <summary>
/// What an append to an existing card costs, 32 callers: at 1, 10, 200 and 2,000 unequal organisations with as many cards in all, and at so many lines of one organisation; a database each, in turns.
/// </summary>
internal static class AppendGrowthBenchmark
{
    private const int Callers = 32;
    private const int Cards = 20_000;
    private static readonly int[] Tenants = [1, 10, 200, 2_000];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    /// <param name="lines">Of the one organisation. Making a million takes some minutes.</param>
    public static async Task<List<Result>> Run(Bench bench, int[] lines) =>
    [
        .. await InTurns(bench, [.. Tenants.Select(tenants => new Size(string.Create(CultureInfo.InvariantCulture, $"{tenants:N0} organisation(s)"), tenants, Cards))]),
        .. await InTurns(bench, [.. lines.Select(cards => new Size(string.Create(CultureInfo.InvariantCulture, $"{cards:N0} lines of one organisation"), 1, cards))]),
    ];

    private static async Task<List<Result>> InTurns(Bench bench, IReadOnlyList<Size> sizes)
    {
        var loads = new List<AppendLoad>();
        try
        {
            foreach (var size in sizes)
            {
                var name = await bench.CreateDatabase();
                loads.Add(await AppendLoad.Prepare(bench, name, size.Cards, size.Tenants, Ledger.EventLedger.DefaultLanes));
                await bench.Measure(Callers, WarmUp, loads[^1].ToExistingCard);
                await bench.Settle(name);
            }
            var rates = loads.ConvertAll(_ => new List<Rate>());
            for (var slice = 0; slice < Bench.Slices; slice++)
            {
                for (var i = 0; i < loads.Count; i++) rates[i].Add((await bench.Measure(Callers, Bench.Slice, loads[i].ToExistingCard)).Rate);
            }
            return [.. sizes.SelectMany((size, i) => Tell($"append to existing cards, {Callers} callers, {size.Name}", rates[i], sizes[0].Name, rates[0]))];
        }
        finally
        {
            foreach (var load in loads) await load.DisposeAsync();
        }
    }

    private static IEnumerable<Result> Tell(string label, List<Rate> rates, string reference, List<Rate> references)
    {
        yield return Result.Print(label, [.. rates.Select(r => r.PerSecond)], "appends/s", reference, [.. references.Select(r => r.PerSecond)]);
        yield return Result.Print($"{label}: processor time", [.. rates.Select(r => r.Microseconds)], "µs each", reference, [.. references.Select(r => r.Microseconds)]);
        yield return Result.Print($"{label}: of it PostgreSQL", [.. rates.Select(r => r.Postgres)], "µs each", reference, [.. references.Select(r => r.Postgres)]);
    }

    private sealed record Size(string Name, int Tenants, int Cards);
}
