namespace SimLedger.Benchmarks;

/// <summary>Reads of one server, asked in turns with a reference, so that what disturbs the machine disturbs all alike.</summary>
/// <param name="reference">One row by its primary key over the same HTTP stack: same process, same checks of the key, same database.</param>
/// <param name="processorSeconds">Of server and database together, so far.</param>
internal sealed class ReadLoad(HttpClient client, string reference, Func<double> processorSeconds)
{
    private const string Reference = "reference: one row by primary key";
    private const int Rounds = 5;

    /// <summary>Asks everything until the server's code is compiled as it will stay: thirty calls each, then the compiler's pause, twice over.</summary>
    public async Task WarmUp(IReadOnlyCollection<string> paths)
    {
        for (var round = 0; round < 4; round++)
        {
            foreach (var path in paths.Prepend(reference)) await Bench.Load(4, TimeSpan.FromMilliseconds(150), _ => client.GetByteArrayAsync(path));
        }
    }

    /// <summary>Five rounds; in each the reference and every ask for one slice.</summary>
    /// <returns>Medians of the rounds: p50, p99, p50 as a multiple of the reference's of the same round, and processor time a request.</returns>
    public async Task<List<Result>> Measure(string label, IReadOnlyList<(string Name, string Path)> asks, int clients, TimeSpan slice)
    {
        (string Name, string Path)[] all = [(Reference, reference), .. asks];
        var figures = all.Select(_ => new List<Slice>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var ask = 0; ask < all.Length; ask++) figures[ask].Add(await Once(all[ask].Path, clients, slice));
        }

        var results = new List<Result>();
        for (var ask = 0; ask < all.Length; ask++)
        {
            var name = $"{label}, {all[ask].Name}, {clients} clients";
            var slices = figures[ask];
            double[] p50 = [.. slices.Select(s => s.P50)];
            results.Add(ask == 0
                ? Result.Print($"{name}: p50", Bench.Median(p50), "ms")
                : Result.Print($"{name}: p50", p50, "ms", "one row by primary key", [.. figures[0].Select(s => s.P50)], Goal.AtMost(3, null)));
            results.Add(Result.Print($"{name}: p99", Bench.Median(slices.Select(s => s.P99)), "ms", clients == 1 || ask == 0 ? null : Goal.AtMost(null, 50)));
            results.Add(Result.Print($"{name}: processor time", Bench.Median(slices.Select(s => s.ProcessorMs)), "ms"));
        }
        return results;
    }

    private async Task<Slice> Once(string path, int clients, TimeSpan slice)
    {
        var used = processorSeconds();
        var (times, _) = await Bench.Load(clients, slice, _ => client.GetByteArrayAsync(path));
        var processor = (processorSeconds() - used) * 1000 / times.Count;
        return new Slice(Bench.Percentile(times, 0.50), Bench.Percentile(times, 0.99), processor);
    }

    private readonly record struct Slice(double P50, double P99, double ProcessorMs);
}
