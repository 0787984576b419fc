using System.Globalization;
using SimLedger.Benchmarks;

// dotnet run -c Release --project tests/SimLedger.Benchmarks -- append due-list … | all [--lines 100000] [--lanes 1,2] [--seconds 6] [--json FILE]
if (args is [BareKestrel.Verb]) return await BareKestrel.Run();

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
int[] Numbers(string? given) => [.. (given ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];

string[] options = ["--json", "--lines", "--lanes", "--seconds"];
var lines = Numbers(Option("--lines") ?? "100000") is [var one] ? one : 0;
var seconds = Numbers(Option("--seconds") ?? "6") is [var length] ? length : 0;
var lanes = Numbers(Option("--lanes") ?? $"{SimLedger.Ledger.EventLedger.DefaultLanes}");

// A line each, in the order in which `all` runs them.
(string Name, Func<Bench, Task<List<Result>>> Run)[] known =
[
    ("append", bench => AppendBenchmark.Run(bench, lanes)),
    ("append-growth", AppendGrowthBenchmark.Run),
    ("command", CommandBenchmark.Run),
    ("servers", ServersBenchmark.Run),
    ("due-list", bench => DueListBenchmark.Run(bench, 10_000, 1_000_000)),
    ("audit", bench => AuditBenchmark.Run(bench, lines)),
    ("start", StartBenchmark.Run),
    ("memory", MemoryBenchmark.Run),
    ("import", ImportBenchmark.Run),
    ("rules", _ => Task.FromResult(RulesBenchmark.Run())),
    ("plan", _ => Task.FromResult(PlanBenchmark.Run())),
    ("reappraisal", bench => ReappraisalBenchmark.Run(bench, lines)),
];

var wanted = args.Where((a, i) => !options.Contains(a) && (i == 0 || !options.Contains(args[i - 1]))).ToList();
if (wanted.Contains("all")) wanted = [.. known.Select(benchmark => benchmark.Name)];
if (wanted.Count == 0 || wanted.Except(known.Select(benchmark => benchmark.Name)).Any() || lines < 1 || seconds < 1 || lanes.Length == 0 || lanes.Any(n => n < 1))
{
    Console.Error.WriteLine($"Name benchmarks: {string.Join(", ", known.Select(benchmark => benchmark.Name))}, or all. --lines N is the size of the organisation that is audited or reappraised; --lanes N,… how many commit lanes appends are measured with; --seconds N the length of a slice of appends or commands; --json FILE keeps the figures.");
    return 2;
}

await using var bench = await Bench.Start(TimeSpan.FromSeconds(seconds));
Console.WriteLine(bench.Machine);
var results = new List<Result>();
foreach (var (_, run) in known.Where(benchmark => wanted.Contains(benchmark.Name)))
{
    results.AddRange(await run(bench));
    if (Option("--json") is { } json) await Report.Write(json, bench.Machine, results);
}
Report.Print(bench.Machine, results);
return 0;
