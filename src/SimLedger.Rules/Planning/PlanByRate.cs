namespace SimLedger.Rules.Planning;

/// <summary>A schedule where the search for the cheapest was given up: step by step what costs least for a day gained. As safe as any, perhaps dearer.</summary>
internal static class PlanByRate
{
    /// <summary>More steps than days in the longest horizon serve nobody.</summary>
    private const int MostSteps = 2_000;

    public static List<PlanArc> From(PlanNode start, PlanSearch search)
    {
        var steps = new List<PlanArc>();
        var node = start;
        var withoutGain = 0;
        while (steps.Count < MostSteps && withoutGain < 8)
        {
            search.StartAfresh();
            if (!search.TryLookAhead(node) || Next(node, search) is not { } next) break;

            withoutGain = Gain(node, next) > 0 ? 0 : withoutGain + 1;
            steps.Add(next);
            node = next.Child;
        }

        // What was done for a gain that did not come is left out.
        if (withoutGain > 0) steps.RemoveRange(steps.Count - withoutGain, withoutGain);
        return steps;
    }

    private static PlanArc? Next(PlanNode node, PlanSearch search)
    {
        PlanArc? best = null;
        foreach (var arc in node.Arcs!)
        {
            // Without a gain only what serves the clock that binds: another one may end on the same day.
            if (Gain(node, arc) <= 0 && BindingId(node, arc.Day, search) == BindingId(arc.Child, arc.Day, search)) continue;
            if (best is null || Compare(node, arc, best) < 0) best = arc;
        }

        return best;
    }

    private static int Compare(PlanNode node, PlanArc a, PlanArc b)
    {
        var order = (Gain(node, b) > 0).CompareTo(Gain(node, a) > 0);
        if (order == 0) order = a.Cost.LateDays.CompareTo(b.Cost.LateDays);
        if (order == 0) order = (a.Cost.Unpriced + a.Cost.ForeignFees).CompareTo(b.Cost.Unpriced + b.Cost.ForeignFees);
        if (order == 0) order = (a.Cost.Amount / Math.Max(1, Gain(node, a))).CompareTo(b.Cost.Amount / Math.Max(1, Gain(node, b)));
        return order == 0 ? b.Day.CompareTo(a.Day) : order;
    }

    private static int Gain(PlanNode node, PlanArc arc) =>
        node.IsLate ? arc.Child.LimitNow - node.LimitNow : arc.Child.SafeUntil - node.SafeUntil;

    private static string? BindingId(PlanNode node, int day, PlanSearch search) =>
        search.Ground.Continuation.SeenUnder(search.Ground.Segments[search.Ground.SegmentOf(day)].Version, node.Past).Binding()?.Id;
}
