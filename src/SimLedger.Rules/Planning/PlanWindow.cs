namespace SimLedger.Rules.Planning;

/// <summary>Days on which a line may act without its schedule costing more.</summary>
/// <param name="First">Found by halving, so a single day in between may not do after all; each is tried before it is used.</param>
/// <param name="Last">The latest such day.</param>
internal readonly record struct PlanWindow(PlanChoice Choice, int First, int Last);

/// <summary>Finds out how far steps of solved schedules may be moved.</summary>
internal static class PlanWindows
{
    /// <summary>All windows of the next step from a solved node; none where nothing is done any more.</summary>
    public static IReadOnlyList<PlanWindow> Of(PlanNode node, PlanSearch search) => node.Windows ??= Find(node, search);

    /// <summary>A step on a day of a window.</summary>
    /// <returns>Null: on this day it would cost more, or not do.</returns>
    public static PlanArc? Step(PlanNode node, PlanChoice choice, int day, PlanSearch search)
    {
        if (node.IsLate) return node.Arcs!.Find(arc => arc.Choice == choice && arc.Day == day);
        if (search.Ground.Days.OpenUpTo(day, choice.ClosedOn) != day || search.Step(node, choice, day) is not { } step) return null;

        return search.TrySolve(step.Child) && IsBest(node, step) ? step : null;
    }

    private static List<PlanWindow> Find(PlanNode node, PlanSearch search)
    {
        var windows = new List<PlanWindow>();
        if (node.BestArc is null) return windows;

        search.StartAfresh();
        foreach (var arc in node.Arcs!.OrderByDescending(arc => arc.Day))
        {
            if (!arc.Child.IsSolved || !IsBest(node, arc)) continue;
            if (windows.Exists(window => window.Choice == arc.Choice && window.First <= arc.Day && arc.Day <= window.Last)) continue;

            windows.Add(new PlanWindow(arc.Choice, node.IsLate ? arc.Day : FirstDay(node, arc, search), arc.Day));
        }

        return windows;
    }

    // The earlier, the less is gained: from some day on back it does not suffice any more.
    private static int FirstDay(PlanNode node, PlanArc arc, PlanSearch search)
    {
        var segments = search.Ground.Segments;
        var i = search.Ground.SegmentOf(arc.Day);
        while (i > node.FirstSegment && segments[i - 1].Has(arc.Choice)) i--;

        var (first, known) = (Math.Max(Math.Max(segments[i].First, node.Day), arc.Day - search.Ground.BatchDays), arc.Day);
        while (first < known)
        {
            var middle = (first + known) / 2;
            var day = search.Ground.Days.OpenFrom(middle, arc.Choice.ClosedOn);
            if (day >= known || Step(node, arc.Choice, day, search) is not null) known = middle;
            else first = day + 1;
        }

        return first;
    }

    private static bool IsBest(PlanNode node, PlanArc arc) => (arc.Cost + arc.Child.Best).CompareTo(node.Best) == 0;
}
