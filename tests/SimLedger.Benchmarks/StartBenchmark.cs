using System.Diagnostics;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>From the start of `serve` on a warm database to the first answered due list, in turns with that of a bare Kestrel to its first answered query.</summary>
internal static class StartBenchmark
{
    private const int Starts = 7;

    public static async Task<List<Result>> Run(Bench bench)
    {
        var name = await bench.CreateDatabase();
        await using var database = TenantDatabase.Open(bench.App(name));
        await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(1), CancellationToken.None);
        var key = await Bench.Key(database, Bench.Tenant(1));
        var (ours, bare) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Starts; i++)
        {
            var took = await Start(() => ServerUnderTest.Launch(bench.App(name)), key, "/v1/due-list");
            var reference = await Start(() => ServerUnderTest.Launch(bench.App(name), "SimLedger.Benchmarks.dll", BareKestrel.Verb), key, "/");
            if (i == 0) continue; // Warms the disk cache.
            ours.Add(took);
            bare.Add(reference);
        }
        return
        [
            Result.Print("start to the first answered due list", ours, "s", "a bare Kestrel that answers a query", bare, Goal.AtMost(1.5, null)),
            Result.Print("start to the first answered due list, by itself", Bench.Median(ours), "s", Goal.AtMost(null, 2)),
        ];
    }

    private static async Task<double> Start(Func<ServerUnderTest> launch, string key, string path)
    {
        var started = Stopwatch.GetTimestamp();
        await using var server = launch();
        using var client = Bench.Client(server.Url, key);
        await ServerUnderTest.FirstAnswer(client, path);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
