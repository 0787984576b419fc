using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>Puts what was found into the words of the answer.</summary>
internal static class PlanReport
{
    /// <summary>The schedule of a line.</summary>
    /// <param name="past">The line's own, for the dates told.</param>
    public static LinePlan Line(string id, LinePast past, PlanNode start, IReadOnlyList<PlanArc> steps, PlanGround ground, bool isApproximate)
    {
        var actions = new List<PlannedAction>(steps.Count);
        var node = start;
        foreach (var step in steps)
        {
            var entry = step.Choice.Action.EntryAt("planned", ground.Days.TimeOf(step.Day));
            var (after, _) = ground.Continuation.Take(past, entry, ground.Days.StartOf(step.Day), ground.Days.DateOf(step.Day));
            actions.Add(Action(past, after, node, step, ground));
            (past, node) = (after, step.Child);
        }

        var days = ground.Days;
        var isCovered = node.SafeUntil >= days.Last;
        var issues = new List<PlanIssue>();
        if (!isCovered) issues.Add(ground.Segments[ground.SegmentOf(Math.Clamp(node.SafeUntil, 0, days.Last))].Version is null ? PlanIssue.RuleUnknown : PlanIssue.NoUsableAction);
        if (start.IsLate) issues.Add(PlanIssue.Late);
        if (steps.Any(step => step.Choice.Price is null)) issues.Add(PlanIssue.PriceUnknown);
        if (isApproximate) issues.Add(PlanIssue.Approximate);
        return new LinePlan(id, actions, days.DateOf(days.Last), node.SafeUntil < 0 ? null : days.DateOf(node.SafeUntil), issues);
    }

    /// <summary>What months cost, by month and currency; and all of them by currency.</summary>
    public static (IReadOnlyList<MonthlyCost> Months, IReadOnlyList<TotalCost> Totals) Costs(IEnumerable<(Product Product, LinePlan Plan)> lines)
    {
        var sums = new Dictionary<(YearMonth Month, string Currency), (decimal Amount, int Unpriced)>();
        foreach (var (product, plan) in lines)
        {
            foreach (var action in plan.Actions)
            {
                var month = action.Day.ToYearMonth();
                Add(month, product.Currency, action.Price?.Total ?? 0, action.Price is null ? 1 : 0);
                if (action.Price?.ChannelFee is { Amount: not 0 } fee) Add(month, fee.Currency, fee.Amount, 0);
            }
        }

        var months = sums.Select(sum => new MonthlyCost(sum.Key.Month, sum.Key.Currency, sum.Value.Amount, sum.Value.Unpriced))
            .OrderBy(cost => cost.Month).ThenBy(cost => cost.Currency, StringComparer.Ordinal).ToList();
        var totals = months.GroupBy(cost => cost.Currency).OrderBy(currency => currency.Key, StringComparer.Ordinal)
            .Select(currency => new TotalCost(currency.Key, currency.Aggregate(0m, (sum, cost) => MoneySum.Add(sum, cost.Amount)), currency.Sum(cost => cost.Unpriced)));
        return (months, [.. totals]);

        void Add(YearMonth month, string currency, decimal amount, int unpriced)
        {
            var (known, count) = sums.GetValueOrDefault((month, currency));
            sums[(month, currency)] = (MoneySum.Add(known, amount), count + unpriced);
        }
    }

    /// <param name="lines">In the order of the request.</param>
    public static IReadOnlyList<PlannedVisit> Visits(IEnumerable<(string Carrier, LinePlan Plan)> lines)
    {
        var visits = new Dictionary<(LocalDate Day, string Carrier, string? Channel), List<string>>();
        foreach (var (carrier, plan) in lines)
        {
            foreach (var (day, channel) in plan.Actions.Select(action => (action.Day, action.Action.Channel?.Code)).Distinct())
            {
                if (!visits.TryGetValue((day, carrier, channel), out var ids)) visits.Add((day, carrier, channel), ids = []);
                ids.Add(plan.LineId);
            }
        }

        return [.. visits.OrderBy(visit => visit.Key.Day).ThenBy(visit => visit.Key.Carrier, StringComparer.Ordinal).ThenBy(visit => visit.Key.Channel, StringComparer.Ordinal)
            .Select(visit => new PlannedVisit(visit.Key.Carrier, visit.Key.Channel, visit.Key.Day, visit.Value))];
    }

    private static PlannedAction Action(LinePast before, LinePast after, PlanNode node, PlanArc step, PlanGround ground)
    {
        var version = ground.Segments[ground.SegmentOf(step.Day)].Version!;
        var (found, left) = (ground.Continuation.SeenUnder(version, before), ground.Continuation.SeenUnder(version, after));
        var (served, binding) = (found.Binding(), left.Binding());
        return new PlannedAction(
            ground.Days.DateOf(step.Day), ground.Days.DateOf(LatestDay(found, left, node, step, ground)), step.Choice.Action, step.Choice.Price,
            served?.Id, served is null ? null : found.EndOf(served), binding is null ? null : left.EndOf(binding),
            version.Version, version.Source.Confidence, node.IsLate);
    }

    private static int LatestDay(LineState found, LineState left, PlanNode node, PlanArc step, PlanGround ground)
    {
        if (node.IsLate) return step.Day;

        // As long as each clock that it moves can wait, and the same is to be had.
        var limit = node.SafeUntil;
        foreach (var run in found.Clocks)
        {
            if (run.Stopped || left.FindClock(run.Id) is { Stopped: false } same && left.DeadlineOf(same) == found.DeadlineOf(run)) continue;
            limit = Math.Min(limit, ground.Days.NumberOf(found.EndOf(run)) - ground.MarginDays - step.Choice.Days);
        }

        var latest = step.Day;
        for (var i = ground.SegmentOf(step.Day); i < ground.Segments.Count && ground.Segments[i].First <= limit && ground.Segments[i].Has(step.Choice); i++)
        {
            latest = Math.Max(latest, ground.Days.OpenUpTo(Math.Min(ground.Segments[i].Last, limit), step.Choice.ClosedOn));
        }

        return latest;
    }
}
