using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>How long a line is safe when nothing more is done.</summary>
internal static class PlanSafety
{
    /// <summary>Fills in the limits of a node, segment by segment, as far as it is safe.</summary>
    public static void Find(PlanNode node, PlanGround ground)
    {
        node.FirstSegment = ground.SegmentOf(node.Day);
        node.SafeUntil = node.Day - 1;
        var (limit, version) = (0, (RuleVersion?)null);
        for (var i = node.FirstSegment; i < ground.Segments.Count; i++)
        {
            var segment = ground.Segments[i];
            if (i == node.FirstSegment || !ReferenceEquals(segment.Version, version))
            {
                version = segment.Version;
                limit = LimitUnder(version, node, ground);
            }

            if (i == node.FirstSegment) node.LimitNow = limit;
            if (limit < Math.Max(segment.First, node.Day)) return;

            node.Limits.Add(limit);
            node.SafeUntil = Math.Min(segment.Last, limit);
            if (limit < segment.Last) return;
        }
    }

    /// <summary>For each clock of a line, as it is seen under a version, the last day by which it must have been moved.</summary>
    public static IReadOnlyList<int> ClockLimits(RuleVersion? version, LinePast past, PlanGround ground)
    {
        var seen = ground.Continuation.SeenUnder(version, past);
        var limits = new List<int>(seen.Clocks.Count);
        foreach (var run in seen.Clocks)
        {
            if (!run.Stopped) limits.Add(ground.Days.NumberOf(seen.EndOf(run)) - ground.MarginDays);
        }

        return limits;
    }

    /// <summary>The last day by which something must have taken effect, as clocks are seen under a version.</summary>
    public static int LimitUnder(RuleVersion? version, PlanNode node, PlanGround ground)
    {
        var seen = ground.Continuation.SeenUnder(version, node.Past);
        if (seen.Binding() is not { } binding) return PlanDays.Never;

        var limit = ground.Days.NumberOf(seen.EndOf(binding)) - ground.MarginDays;

        // A deadline in the course of its day, today perhaps past already, or right at its start: then the day itself is no day to act on.
        var isOver = limit >= 0 && limit <= ground.Days.Last && seen.DeadlineOf(binding) <= ground.Days.StartOf(limit);
        return isOver ? limit - 1 : limit;
    }
}
