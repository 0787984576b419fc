using System.Diagnostics;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Benchmarks;

/// <summary>
/// A plan of 10,000 lines over all products of the shipped packs, 36 months ahead, on one thread. Beside it, in turns, what a plan must do at least: tell each line's standing once.
/// </summary>
internal static class PlanBenchmark
{
    private const int Lines = 10_000;
    private const int Slices = 5;
    private const int MostEntries = 12;

    public static List<Result> Run()
    {
        var products = ShippedPacks.Files().Select(path => RulePackReader.Read(File.ReadAllBytes(path), Path.GetFileName(path)).Pack!)
            .SelectMany(pack => pack.Products.Select(product => (Pack: pack, Product: product))).ToList();
        var chance = new Random(2026);
        var lines = Enumerable.Range(0, Lines).Select(i =>
        {
            // Days apart from each other, as fleets are: few lines stand in the very same state.
            var (pack, product) = products[i % products.Count];
            var question = LineHistory.Of(pack, product, chance.Next(2, MostEntries));
            return new PlanLine($"{i}", pack, question with { History = [.. question.History.Select(entry => Earlier(entry, chance.Next(0, 60)))] }, FormFactor.Physical);
        }).ToList();
        var request = new PlanRequest(LineHistory.AsOf, new Term(PlanRequest.MostMonths, TermUnit.Month));

        var plan = Planner.Plan(lines, request);
        Standings(lines);
        var (plans, standings, bytes) = (new List<double>(), new List<double>(), new List<double>());
        for (var slice = 0; slice < Slices; slice++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            plans.Add(Seconds(() => GC.KeepAlive(Planner.Plan(lines, request))));
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            standings.Add(Seconds(() => Standings(lines)));
        }

        var name = $"plan of {Lines:N0} lines, {request.Horizon.N} months";
        return
        [
            Result.Print($"{name}", Bench.Median(plans), "s"),
            Result.Print($"{name}: allocated", Bench.Median(bytes) / (1024 * 1024), "MB"),
            Result.Print($"{name}: actions planned", plan.Lines.Sum(line => line.Actions.Count), "actions"),
            Result.Print($"{name}: lines safe to the horizon", plan.Lines.Count(line => line.IsCovered), "lines"),
            Result.Print($"{name}: lines whose search was cut short", plan.Lines.Count(line => line.Issues.Contains(PlanIssue.Approximate)), "lines"),
            Result.Print($"{name}: visits, of so many each by itself", plan.Visits.Count, $"of {plan.VisitsUnbatched:N0}"),
            Result.Print($"{name}: reference, each standing once", Bench.Median(standings), "s"),
        ];
    }

    private static Entry Earlier(Entry entry, int days) =>
        entry with { At = entry.At.Date is { } date ? EntryTime.On(date.PlusDays(-days)) : EntryTime.At(entry.At.Instant!.Value.ToInstant() - Duration.FromDays(days)) };

    private static void Standings(List<PlanLine> lines)
    {
        foreach (var line in lines) GC.KeepAlive(Evaluator.Evaluate(line.Pack, line.Question));
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
