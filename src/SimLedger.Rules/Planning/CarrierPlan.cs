namespace SimLedger.Rules.Planning;

/// <summary>Plans the lines of one carrier: each by itself, then together.</summary>
internal sealed class CarrierPlan(PlanRequest request, PlanEffort effort, CancellationToken cancel)
{
    private readonly Dictionary<GroundKey, PlanSearch> searches = [];
    private readonly Dictionary<PlanNode, PlanStart> solved = [];
    private readonly List<PlanStart> starts = [];
    private readonly List<(PlanStart Start, List<PlanArc> Steps)> approximate = [];

    /// <param name="plans">Filled in for the lines named.</param>
    /// <param name="lines">Of one carrier, in the order in which they are planned.</param>
    /// <returns>Visits there would be if every line acted by itself.</returns>
    public int Fill(LinePlan[] plans, IReadOnlyList<LineStart> all, IReadOnlyList<int> lines)
    {
        var days = new PlanDays(request.From, request.Horizon, all[lines[0]].Line.Pack.Zone);
        foreach (var line in lines) Find(all[line], line, days);

        var fixedVisits = approximate.SelectMany(line => line.Steps).Select(step => (step.Choice.Channel, step.Day)).ToHashSet();
        var alone = VisitSweep.EachByItself(starts);
        var unbatched = Count(alone);
        var (best, fewest) = (alone, unbatched);
        foreach (var batchDays in new[] { 0, request.BatchDays / 4, request.BatchDays / 2, request.BatchDays }.Distinct().Where(_ => request.BatchDays > 0))
        {
            cancel.ThrowIfCancellationRequested();
            var together = VisitSweep.Together(starts, days.Last, batchDays);
            if (Count(together) < fewest) (best, fewest) = (together, Count(together));
        }

        for (var i = 0; i < starts.Count; i++) Report(starts[i], best.Steps[i], isApproximate: false);
        foreach (var (start, steps) in approximate) Report(start, steps, isApproximate: true);
        return unbatched;

        int Count(SweepResult result) => result.Visits.Count + fixedVisits.Count(visit => !result.Visits.Contains(visit));

        void Report(PlanStart start, IReadOnlyList<PlanArc> steps, bool isApproximate)
        {
            foreach (var (line, past) in start.Lines) plans[line] = PlanReport.Line(all[line].Line.Id, past, start.Node, steps, start.Search.Ground, isApproximate);
        }
    }

    private void Find(LineStart start, int line, PlanDays days)
    {
        if (!searches.TryGetValue(start.Ground, out var search))
        {
            var ground = new PlanGround(start.Line, start.Product, start.Evaluation.ActivatedOn, days, request);
            searches.Add(start.Ground, search = new PlanSearch(ground, effort, cancel));
        }

        var past = search.Ground.Continuation.From(start.Evaluation, days.DateOf(0));
        if (search.Start(past) is not { } node)
        {
            node = search.Unsolved(past);
            approximate.Add((new PlanStart(search, node, [(line, past)]), PlanByRate.From(node, search)));
        }
        else if (solved.TryGetValue(node, out var known))
        {
            known.Lines.Add((line, past));
        }
        else
        {
            solved.Add(node, new PlanStart(search, node, [(line, past)]));
            starts.Add(solved[node]);
        }
    }
}
