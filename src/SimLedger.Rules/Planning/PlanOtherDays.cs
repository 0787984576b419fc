using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>
/// Days other than the last safe one after which acting becomes something else though prices and rules stay: the end that the carrier prolongs by itself,
/// the day on which an amount falls out of a sum.
/// </summary>
internal static class PlanOtherDays
{
    /// <summary>Adds the days up to a last one, each put on an open day.</summary>
    public static void Add(SortedSet<int> days, PlanNode node, PlanGround ground, int last, int closedOn)
    {
        foreach (var day in node.OtherDays ??= Find(node, ground))
        {
            if (day <= last) days.Add(ground.Days.OpenUpTo(day, closedOn));
        }
    }

    private static List<int> Find(PlanNode node, PlanGround ground)
    {
        var days = new List<int>();
        if (ground.Continuation.ProlongsItself) AddAutomaticEnds(node.Past.State, ground, days);
        foreach (var window in ground.Continuation.Windows)
        {
            foreach (var (taken, _) in node.Past.Payments)
            {
                // A month's day may not exist in the month it is counted to, so both neighbours are looked at.
                var leaves = ground.Days.NumberOf(LocalCalendar.Add(taken.On, window));
                days.Add(leaves - 1);
                days.Add(leaves);
            }
        }

        days.RemoveAll(day => day < node.Day || day >= ground.Days.Last);
        return days;
    }

    private static void AddAutomaticEnds(LineState state, PlanGround ground, List<int> days)
    {
        var copy = state.Copy();
        foreach (var run in copy.Clocks)
        {
            while (!run.Stopped && run.AutoExtend is not null)
            {
                var end = copy.EndOf(run);
                var day = ground.Days.NumberOf(end);
                days.Add(day);
                if (day > ground.Days.Last) break;

                AutomaticExtensions.Apply(copy, copy.DeadlineOf(run), ground.Continuation.Calendar);
                if (copy.EndOf(run) <= end) break;
            }
        }
    }
}
