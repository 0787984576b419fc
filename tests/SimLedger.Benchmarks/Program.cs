using System.Text.Json;
using SimLedger.Benchmarks;

// dotnet run -c Release --project tests/SimLedger.Benchmarks -- append due-list start import rules | all [--json FILE]
string[] known = ["append", "due-list", "start", "import", "rules"];
var json = Array.IndexOf(args, "--json") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
var wanted = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (i == 0 || args[i - 1] != "--json")).ToList();
if (wanted.Contains("all")) wanted = [.. known];
if (wanted.Count == 0 || wanted.Except(known).Any())
{
    Console.Error.WriteLine($"Name benchmarks: {string.Join(", ", known)}, or all. --json FILE keeps the figures.");
    return 2;
}

await using var bench = await Bench.Start();
Console.WriteLine(bench.Machine);
var results = new List<Result>();
foreach (var name in wanted)
{
    results.AddRange(name switch
    {
        "append" => await AppendBenchmark.Run(bench),
        "due-list" => await DueListBenchmark.Run(bench),
        "start" => await StartBenchmark.Run(bench),
        "rules" => RulesBenchmark.Run(),
        _ => await ImportBenchmark.Run(bench),
    });
}
if (json is not null) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { bench.Machine, results }));
return 0;
