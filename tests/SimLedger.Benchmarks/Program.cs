using System.Globalization;
using System.Text.Json;
using SimLedger.Benchmarks;

// dotnet run -c Release --project tests/SimLedger.Benchmarks -- append due-list audit start import rules plan reappraisal rebuild feed | all [--lines 100000] [--sizes 10000,100000] [--json FILE]
string[] known = ["append", "due-list", "audit", "start", "import", "rules", "plan", "reappraisal", "rebuild", "feed"];
string[] options = ["--json", "--lines", "--sizes"];
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
IReadOnlyList<int> Sizes(string otherwise) => [.. (Option("--sizes") ?? otherwise).Split(',').Select(size => int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture))];
var wanted = args.Where((a, i) => !options.Contains(a) && (i == 0 || !options.Contains(args[i - 1]))).ToList();
if (wanted.Contains("all")) wanted = [.. known];
if (wanted.Count == 0 || wanted.Except(known).Any() || !int.TryParse(Option("--lines") ?? "100000", NumberStyles.None, CultureInfo.InvariantCulture, out var lines))
{
    Console.Error.WriteLine($"Name benchmarks: {string.Join(", ", known)}, or all. --lines N is the size of the organisation that is audited or reappraised; --sizes N,N those of an import, a rebuild, a feed; --json FILE keeps the figures.");
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
        "due-list" => await DueListBenchmark.Run(bench, 10_000, 1_000_000),
        "audit" => await AuditBenchmark.Run(bench, lines),
        "start" => await StartBenchmark.Run(bench),
        "rules" => RulesBenchmark.Run(),
        "plan" => PlanBenchmark.Run(),
        "reappraisal" => await ReappraisalBenchmark.Run(bench, lines),
        "rebuild" => await RebuildBenchmark.Run(bench, Sizes("10000,100000,1000000,5000000")),
        "feed" => await FeedBenchmark.Run(bench, Sizes("10000,100000,1000000,5000000")),
        _ => await ImportBenchmark.Run(bench, Sizes("10000,100000,1000000")),
    });
}
if (Option("--json") is { } json) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { bench.Machine, results }));
return 0;
