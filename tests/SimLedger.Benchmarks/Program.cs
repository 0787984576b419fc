using System.Globalization;
using System.Text.Json;
using SimLedger.Benchmarks;

// dotnet run -c Release --project tests/SimLedger.Benchmarks -- append due-list audit start import rules plan reappraisal | all [--lines 10000,1000000] [--json FILE]
string[] known = ["append", "due-list", "audit", "start", "import", "rules", "plan", "reappraisal"];
string[] options = ["--json", "--lines"];
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
var wanted = args.Where((a, i) => !options.Contains(a) && (i == 0 || !options.Contains(args[i - 1]))).ToList();
if (wanted.Contains("all")) wanted = [.. known];
if (wanted.Count == 0 || wanted.Except(known).Any() || Sizes(Option("--lines") ?? "") is not { } sizes)
{
    Console.Error.WriteLine($"Name benchmarks: {string.Join(", ", known)}, or all. --lines N,N,… are the sizes of the due list and of the audited organisation, the first that of the one that is reappraised; --json FILE keeps the figures.");
    return 2;
}

int[] growing = sizes.Length > 0 ? sizes : [10_000, 100_000, 1_000_000, 5_000_000];

await using var bench = await Bench.Start();
Console.WriteLine(bench.Machine);
var results = new List<Result>();
foreach (var name in wanted)
{
    results.AddRange(name switch
    {
        "append" => await AppendBenchmark.Run(bench),
        "due-list" => await DueListBenchmark.Run(bench, growing),
        "audit" => await AuditBenchmark.Run(bench, sizes.Length > 0 ? sizes : [2_000, 20_000, 200_000]),
        "start" => await StartBenchmark.Run(bench),
        "rules" => RulesBenchmark.Run(),
        "plan" => PlanBenchmark.Run(),
        "reappraisal" => await ReappraisalBenchmark.Run(bench, sizes.Length > 0 ? sizes[0] : 100_000),
        _ => await ImportBenchmark.Run(bench),
    });
}
if (Option("--json") is { } json) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { bench.Machine, results }));
return 0;

static int[]? Sizes(string text)
{
    var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
    var sizes = parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0).ToArray();
    return sizes.Contains(0) ? null : sizes;
}
