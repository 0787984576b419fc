using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>
/// Days other than the last safe one after which acting becomes something else though prices and rules stay: the end that the carrier prolongs by itself,
/// the day on which an amount falls out of a sum.
/// </summary>
internal sealed class PlanOtherDays
{
    private readonly List<List<int>> automaticEnds = [];
    private readonly List<int> leaving = [];

    public PlanOtherDays(PlanNode node, PlanGround ground)
    {
        if (ground.Continuation.ProlongsItself) FindAutomaticEnds(node.Past.State, ground);
        foreach (var window in ground.Continuation.Windows)
        {
            foreach (var (taken, _) in node.Past.Payments)
            {
                // A month's day may not exist in the month it is counted to, so both neighbours are looked at.
                var leaves = ground.Days.NumberOf(LocalCalendar.Add(taken.On, window));
                leaving.Add(leaves - 1);
                leaving.Add(leaves);
            }
        }
    }

    /// <summary>Adds the days up to a last one, each put on an open day.</summary>
    public void Add(SortedSet<int> days, PlanGround ground, int last, int closedOn)
    {
        foreach (var ends in automaticEnds)
        {
            var latest = ends.FindLastIndex(end => end <= last);
            for (var i = latest; i >= 0; i--)
            {
                days.Add(ground.Days.OpenUpTo(ends[i], closedOn));

                // Waiting for the next end gains as much as is then no more to be had from the balance, unless another clock could have had it.
                if (!ground.Continuation.SharesBalance) break;
            }
        }

        foreach (var day in leaving)
        {
            if (day <= last) days.Add(ground.Days.OpenUpTo(day, closedOn));
        }
    }

    private void FindAutomaticEnds(LineState state, PlanGround ground)
    {
        var copy = state.Copy();
        foreach (var run in copy.Clocks)
        {
            if (run.Stopped || run.AutoExtend is null) continue;

            var ends = new List<int>();
            while (ends.Count == 0 || ends[^1] <= ground.Days.Last)
            {
                var end = copy.EndOf(run);
                ends.Add(ground.Days.NumberOf(end));
                AutomaticExtensions.Apply(copy, copy.DeadlineOf(run), ground.Continuation.Calendar);
                if (copy.EndOf(run) <= end) break;
            }

            automaticEnds.Add(ends);
        }
    }
}
