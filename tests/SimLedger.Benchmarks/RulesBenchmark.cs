using System.Diagnostics;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Benchmarks;

/// <summary>
/// Evaluations on one thread, over shipped packs. Beside it, in turns, what any evaluator must do at least: copy the history, sort it by instant and
/// look once at type, currency and amount of each entry.
/// </summary>
internal static class RulesBenchmark
{
    private const int Slices = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Codes = ["ph-tm", "gb-giffgaff", "hk-cmhk", "cn-mobile", "id-telkomsel", "us-tello"];

    public static List<Result> Run()
    {
        var packs = ShippedPacks.Files().Select(path => RulePackReader.Read(File.ReadAllBytes(path), Path.GetFileName(path)).Pack!).ToList();
        var results = new List<Result>();
        foreach (var entries in new[] { 10, 200 })
        {
            foreach (var code in Codes) Measure(results, $"rules, {entries} entries, {code}", packs.Where(p => p.Code == code), entries);
            Measure(results, $"rules, {entries} entries, all {packs.Count} packs", packs, entries);
        }
        return results;
    }

    private static void Measure(List<Result> results, string label, IEnumerable<RulePack> packs, int entries)
    {
        var questions = packs.SelectMany(pack => pack.Products.Select(product => (Pack: pack, Question: LineHistory.Of(pack, product, entries)))).ToArray();
        foreach (var (pack, question) in questions) MustMean(pack, question);

        long Evaluate()
        {
            foreach (var (pack, question) in questions) GC.KeepAlive(Evaluator.Evaluate(pack, question));
            return questions.Length;
        }

        long LookOnce()
        {
            foreach (var (pack, question) in questions) GC.KeepAlive(SortAndAdd(pack, question));
            return questions.Length;
        }

        Repeat(WarmUp, Evaluate);
        Repeat(WarmUp / 3, LookOnce);
        var (evaluations, references) = (new List<Cost>(), new List<Cost>());
        for (var slice = 0; slice < Slices; slice++)
        {
            evaluations.Add(Repeat(Slice, Evaluate));
            references.Add(Repeat(Slice, LookOnce));
        }
        results.Add(Result.Print(label, Bench.Median(evaluations.Select(c => c.PerSecond)), "evaluations/s"));
        results.Add(Result.Print($"{label}: processor time", Bench.Median(evaluations.Select(c => c.Microseconds)), "µs each"));
        results.Add(Result.Print($"{label}: allocated", Bench.Median(evaluations.Select(c => c.Bytes)), "bytes each"));
        results.Add(Result.Print($"{label}: reference, sort and look once", Bench.Median(references.Select(c => c.Microseconds)), "µs each"));
        results.Add(Result.Print($"{label}: ratio to the reference, slice by slice", Bench.Median(evaluations.Zip(references, (a, b) => a.Microseconds / b.Microseconds)), "times"));
    }

    /// <summary>A history that the rules pass over would be measured for nothing.</summary>
    private static void MustMean(RulePack pack, Question question)
    {
        var standing = Evaluator.Evaluate(pack, question);
        if (standing.EndsOn is null || !standing.Entries.Any(e => e.Outcome is Outcome.Counted)) throw new InvalidOperationException($"The history made for {pack.Code} {question.Product} moves no clock.");
    }

    private static decimal SortAndAdd(RulePack pack, Question question)
    {
        var entries = question.History.ToArray();
        var instants = new Instant[entries.Length];
        for (var i = 0; i < entries.Length; i++) instants[i] = entries[i].At.ToInstant(pack.Zone);
        Array.Sort(instants, entries);
        var sum = 0m;
        foreach (var entry in entries)
        {
            if (entry.Type is EntryType.TopUp && entry.Currency != "XXX" && entry.Amount is { } amount) sum += amount;
        }
        return sum;
    }

    /// <param name="PerSecond">By the clock on the wall.</param>
    /// <param name="Microseconds">Of processor time, those of the garbage collector and compiler included.</param>
    private readonly record struct Cost(double PerSecond, double Microseconds, double Bytes);

    private static Cost Repeat(TimeSpan time, Func<long> round)
    {
        var (clock, processor, bytes, done) = (Stopwatch.StartNew(), ProcessorTime.Own(), GC.GetAllocatedBytesForCurrentThread(), 0L);
        while (clock.Elapsed < time) done += round();
        return new Cost(done / clock.Elapsed.TotalSeconds, (ProcessorTime.Own() - processor) * 1e6 / done, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)done);
    }
}
