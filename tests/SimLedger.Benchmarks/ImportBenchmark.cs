using System.Diagnostics;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>The 1,000 rows of the shared fleet through the `import` verb, as a process, on a database that runs.</summary>
internal static class ImportBenchmark
{
    public static async Task<List<Result>> Run(Bench bench)
    {
        var fleet = Fleet(AppContext.BaseDirectory);
        var results = new List<Result>();
        var (first, again) = (new List<double>(), new List<double>());
        var summary = "";
        for (var i = 0; i < 6; i++)
        {
            var name = await bench.CreateDatabase();
            await using var database = TenantDatabase.Open(bench.App(name));
            await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(1), CancellationToken.None);
            var (seconds, said) = await Import(bench.App(name), fleet);
            if (i == 0) continue; // Warms the disk cache.
            first.Add(seconds);
            summary = said;
            again.Add((await Import(bench.App(name), fleet)).Seconds);
        }
        Console.WriteLine(summary);
        results.Add(Result.Print("import of 1,000 rows, whole process", Bench.Median(first), "s"));
        results.Add(Result.Print("the same file again, whole process", Bench.Median(again), "s"));
        return results;
    }

    private static async Task<(double Seconds, string Summary)> Import(string connection, string fleet)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SimLedger.Server.dll"), "import", fleet, "--tenant", "tenant-1"]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__SimLedger"] = connection;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (Stopwatch.GetElapsedTime(started).TotalSeconds, output.TrimEnd().Split('\n')[^1]) : throw new InvalidOperationException(output);
    }

    private static string Fleet(string folder)
    {
        var path = Path.Combine(folder, "shared", "data", "fleet.csv");
        return File.Exists(path) ? path : Fleet(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no shared/data/fleet.csv above this checkout."));
    }
}
