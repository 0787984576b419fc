namespace SimLedger.Rules.Planning;

/// <summary>Plans what to do for lines, when and through which channel, so that no deadline ever comes near and as little as possible is paid.</summary>
/// <remarks>
/// <para><b>What a schedule must keep.</b> On every day of the horizon, with all done that the schedule holds for earlier days, the line is active and its
/// end date is at least the margin away. Every action lies on a day on which its channel is open, is not outside the carrier's limits, moves a clock, and has
/// been passed on by its channel while each clock that it moves is still at least the margin away: for a line with one clock that is the <c>renewBy</c> of
/// its standing. What is done on a day counts from the start of that day, today's from now.</para>
/// <para><b>What is cheapest</b> is weighed in this order: as much of the horizon covered as can be; as few actions as can be whose price nobody names, then
/// whose fee is in another currency; the sum of prices; preferred channels; few actions. A line that cannot keep the margin any more acts first on the
/// first possible day, whatever it costs.</para>
/// <para><b>Method.</b> A shortest path. The nodes are states of a line's clocks after some actions (<see cref="PlanNode"/>), the arcs are actions on days
/// (<see cref="PlanArc"/>), tried on the evaluator itself. Of all days only those are looked at on which an action may lie in a best schedule that puts
/// everything off as long as it can: the last open day that is in time for a clock; the last one before prices, promotions or rules change, or before the
/// next month where a month's top-ups are limited; the last automatic extension's end; the days around an amount's leaving a sum; the last day of a
/// slower channel that must come next. From each node the least cost to the horizon's end is found once, depth first, and kept: lines in the same state
/// share it. What lies beyond the horizon and its margin is not told apart, and channels that no rule looks at are tried once.</para>
/// <para><b>What is optimal.</b> The cost of a line is the least there is, provided that doing the same a day later, at the same price under the same rule,
/// never leaves a clock earlier. So it is for every way of combining terms that packs know; automatic extensions by months may differ by the days by which
/// months do. It need not be where several versions govern one day, or where several small payments would add up to what a rule asks for: an action that moves
/// nothing by itself is not planned. The tests hold it against a search of all days and actions.</para>
/// <para><b>Visits.</b> Lines of one carrier are brought together by day and channel without raising the cost of any: see <see cref="VisitSweep"/>. Several sweeps
/// are made, which let actions come earlier by less and less; the one with the fewest visits is taken, and none where that does not save any.</para>
/// <para>Pure and in one thread: the same lines, in any order, give the same schedules. A search that would try too much is given up for that line, see
/// <see cref="PlanIssue.Approximate"/>. Lines of different carriers have nothing in common and may be planned in parallel by the caller.</para>
/// </remarks>
public static class Planner
{
    /// <summary>Actions tried by the searches of all lines together: some seconds. Shared out by the lines of a ground, so that a product whose states never meet takes nothing from the others.</summary>
    private const int MostTried = 2_000_000;

    /// <summary>What a ground may try however few its lines are: most find all there is to find with less.</summary>
    private const int LeastTried = 20_000;

    /// <exception cref="ArgumentException">Horizon, margin or batch days are out of their range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Plan Plan(IReadOnlyList<PlanLine> lines, PlanRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Check(request);

        var starts = new LineStart[lines.Count];
        for (var i = 0; i < starts.Length; i++) starts[i] = LineStart.Of(lines[i], request);

        // By id, so that the order of the request decides nothing.
        var order = Enumerable.Range(0, lines.Count).Where(i => starts[i].Obstacle is null).OrderBy(i => lines[i].Id, StringComparer.Ordinal).ThenBy(i => i);
        var plans = new LinePlan[lines.Count];
        var sizes = order.CountBy(i => starts[i].Ground).ToDictionary();
        var all = sizes.Values.Sum();
        var unbatched = 0;
        foreach (var carrier in order.GroupBy(i => lines[i].Pack, ReferenceEqualityComparer.Instance))
        {
            unbatched += new CarrierPlan(request, ground => (int)Math.Max(LeastTried, (long)MostTried * sizes[ground] / all), cancel).Fill(plans, starts, [.. carrier]);
        }

        for (var i = 0; i < plans.Length; i++) plans[i] ??= Obstructed(starts[i], request);
        var (months, totals) = PlanReport.Costs(plans.Select((plan, i) => (starts[i].Product, plan)));
        return new Plan(plans, PlanReport.Visits(plans.Select((plan, i) => (lines[i].Pack.Code, plan))), months, totals, unbatched)
        {
            Uncovered = [.. Enumerable.Range(0, plans.Length).Where(i => !plans[i].IsCovered).OrderBy(i => lines[i].Rank).Select(i => plans[i])],
        };
    }

    private static void Check(PlanRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var most = request.Horizon.Unit switch
        {
            TermUnit.Day => PlanRequest.MostMonths * 31,
            TermUnit.Month => PlanRequest.MostMonths,
            _ => throw new ArgumentException("A horizon is a number of days or months.", nameof(request)),
        };
        ArgumentOutOfRangeException.ThrowIfNegative(request.Horizon.N);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Horizon.N, most);
        ArgumentOutOfRangeException.ThrowIfNegative(request.MarginDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.MarginDays, PlanRequest.MostMargin);
        ArgumentOutOfRangeException.ThrowIfNegative(request.BatchDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.BatchDays, PlanRequest.MostBatch);
    }

    private static LinePlan Obstructed(LineStart start, PlanRequest request)
    {
        var days = new PlanDays(request.From, request.Horizon, start.Line.Pack.Zone);
        return new LinePlan(start.Line.Id, [], days.DateOf(days.Last), null, [start.Obstacle!.Value]);
    }
}
