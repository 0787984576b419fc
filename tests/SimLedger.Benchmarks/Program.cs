using System.Globalization;
using SimLedger.Benchmarks;

// dotnet run -c Release --project tests/SimLedger.Benchmarks -- append due-list … | all [--sizes 10000,1000000] [--lanes 1,2] [--seconds 6] [--json FILE]
if (args is [BareKestrel.Verb]) return await BareKestrel.Run();

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
int[] Numbers(string option, string otherwise) =>
    [.. (Option(option) ?? otherwise).Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
int[] Sizes(string otherwise) => Numbers("--sizes", otherwise);

string[] options = ["--json", "--sizes", "--lanes", "--seconds"];
var seconds = Numbers("--seconds", "6")[0];
var lanes = Numbers("--lanes", $"{SimLedger.Ledger.EventLedger.DefaultLanes}");

// A line each, in the order in which `all` runs them.
(string Name, Func<Bench, Task<List<Result>>> Run)[] known =
[
    ("append", bench => AppendBenchmark.Run(bench, lanes)),
    ("append-growth", bench => AppendGrowthBenchmark.Run(bench, Sizes("10000,100000,1000000"))),
    ("command", CommandBenchmark.Run),
    ("servers", ServersBenchmark.Run),
    ("due-list", bench => DueListBenchmark.Run(bench, Sizes("10000,100000,1000000,5000000"))),
    ("audit", bench => AuditBenchmark.Run(bench, Sizes("2000,20000,200000,1000000"))),
    ("start", StartBenchmark.Run),
    ("memory", MemoryBenchmark.Run),
    ("import", bench => ImportBenchmark.Run(bench, Sizes("10000,100000,1000000"))),
    ("rebuild", bench => RebuildBenchmark.Run(bench, Sizes("10000,100000,1000000,5000000"))),
    ("feed", bench => FeedBenchmark.Run(bench, Sizes("10000,100000,1000000,5000000"))),
    ("rules", _ => Task.FromResult(RulesBenchmark.Run())),
    ("plan", _ => Task.FromResult(PlanBenchmark.Run())),
    ("reappraisal", bench => ReappraisalBenchmark.Run(bench, Sizes("100000")[0])),
];

var wanted = args.Where((a, i) => !options.Contains(a) && (i == 0 || !options.Contains(args[i - 1]))).ToList();
if (wanted.Contains("all")) wanted = [.. known.Select(benchmark => benchmark.Name)];
if (wanted.Count == 0 || wanted.Except(known.Select(benchmark => benchmark.Name)).Any() || new[] { seconds, lanes.Min(), Sizes("1").Min() }.Min() < 1)
{
    Console.Error.WriteLine($"Name benchmarks: {string.Join(", ", known.Select(benchmark => benchmark.Name))}, or all. --sizes N,N,… are the lines, rows or facts that those which grow are measured at; --lanes N,… how many commit lanes appends are measured with; --seconds N the length of a slice of appends or commands; --json FILE keeps the figures.");
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
