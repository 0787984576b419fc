using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>How much may still be tried, so that a pack nobody foresaw cannot keep the machine for ever. Counted in actions tried, some microseconds each.</summary>
/// <param name="forSearches">For the searches of all lines on one ground together. Going on step by step, where a search was given up, is not counted against it: every line gets a schedule.</param>
internal sealed class PlanEffort(int forSearches)
{
    private int left = forSearches;
    private int leftNow;
    private bool isSearch;

    /// <summary>What follows is a search of one line, with so much of its own.</summary>
    public void StartSearch(int most) => (leftNow, isSearch) = (most, true);

    /// <summary>What follows is one step, with so much of its own.</summary>
    public void StartStep(int most) => (leftNow, isSearch) = (most, false);

    public bool Spend()
    {
        if (isSearch && --left < 0) return false;
        return --leftNow >= 0;
    }
}

/// <summary>Finds the cheapest schedules of all lines on one ground. What one line finds out serves the others. See <see cref="Planner"/> for the method.</summary>
internal sealed class PlanSearch(PlanGround ground, PlanEffort effort, CancellationToken cancel)
{
    /// <summary>Of what no line before it had found out already. Above it lies what grows without end: states that no two schedules share.</summary>
    private const int MostForLine = 20_000;

    /// <summary>Where searches were given up before, the next one is likely to be.</summary>
    private const int LeastForLine = 1_000;

    private const int MostForStep = 20_000;

    private readonly Dictionary<StateKey, PlanNode> nodes = [];
    private readonly Dictionary<(object Effect, int Day), Tried> tried = [];
    private readonly StateKey.Maker keys = new(ground);
    private int forLine = MostForLine;

    public PlanGround Ground => ground;

    private int Last => ground.Days.Last;

    /// <summary>Other days for a step are looked for next; where there is no more to spend, it keeps its own.</summary>
    public void StartWindows() => effort.StartSearch(forLine);

    /// <summary>One step is looked for next, on its own account.</summary>
    public void StartStep() => effort.StartStep(MostForStep);

    /// <summary>The start of a line's schedule, solved.</summary>
    /// <returns>Null: the search was given up.</returns>
    public PlanNode? Start(LinePast past)
    {
        effort.StartSearch(forLine);
        var found = Search(past);
        forLine = found is null ? Math.Max(LeastForLine, forLine / 2) : Math.Min(MostForLine, forLine * 2);
        return found;
    }

    private PlanNode? Search(LinePast past)
    {
        var inTime = NodeOf(past, 0, acted: false, isLate: false);
        if (inTime.SafeUntil >= 0)
        {
            if (!TrySolve(inTime)) return null;
            if (inTime.BestArc is not null || inTime.SafeUntil >= Last) return inTime;
        }

        // The margin is broken already, or will be whatever is done.
        var late = NodeOf(past, 0, acted: false, isLate: true);
        if (!TrySolve(late)) return null;
        return inTime.SafeUntil < 0 || late.BestArc is not null && late.Best.OpenDays < inTime.Best.OpenDays ? late : inTime;
    }

    /// <summary>The start of a line's schedule, not solved.</summary>
    public PlanNode Unsolved(LinePast past)
    {
        var inTime = NodeOf(past, 0, acted: false, isLate: false);
        return inTime.SafeUntil >= 0 ? inTime : NodeOf(past, 0, acted: false, isLate: true);
    }

    /// <summary>Finds the least cost from a node on, and from all that can follow.</summary>
    /// <returns>False: it was given up; what was found out so far stays.</returns>
    public bool TrySolve(PlanNode start)
    {
        if (start.IsSolved) return true;

        // Depth first, with a stack of its own: a schedule can have a step for every day.
        var path = new Stack<PlanNode>();
        path.Push(start);
        while (path.TryPeek(out var node))
        {
            if (!node.IsSolved)
            {
                if (!TryLookAhead(node))
                {
                    foreach (var left in path) left.IsBeingSolved = false;
                    return false;
                }

                node.IsBeingSolved = true;
                var next = NextUnsolved(node);
                if (next is not null)
                {
                    path.Push(next);
                    continue;
                }

                Choose(node);
            }

            path.Pop();
        }

        return true;
    }

    /// <summary>Makes sure that the arcs of a node are known.</summary>
    public bool TryLookAhead(PlanNode node)
    {
        if (node.Arcs is not null) return true;
        if (node.SafeUntil >= Last && !node.IsLate)
        {
            node.Arcs = [];
            return true;
        }

        cancel.ThrowIfCancellationRequested();
        var arcs = new List<PlanArc>();
        if (!(node.IsLate ? TryAddLate(node, arcs) : TryAddInTime(node, arcs))) return false;

        node.Arcs = arcs;
        return true;
    }

    /// <summary>What doing something on a day leads to.</summary>
    /// <returns>Null: it cannot be done then, moves nothing, or leaves the line unsafe.</returns>
    public PlanArc? Step(PlanNode node, PlanChoice choice, int day)
    {
        return After(node, choice, day) is { } after ? Step(node, choice, day, new Tried(after, NodeOf(after, day, acted: true, isLate: false))) : null;
    }

    private PlanArc? Step(PlanNode node, PlanChoice choice, int day, Tried found)
    {
        if (choice.Days > 0 && !TakesEffectInTime(node, found.After, choice, day)) return null;
        return found.Child.SafeUntil >= day ? new PlanArc(choice, day, found.Child, choice.Cost) : null;
    }

    /// <summary>What an action led to; equal actions through other channels lead to the same.</summary>
    private readonly record struct Tried(LinePast After, PlanNode Child);

    private static PlanNode? NextUnsolved(PlanNode node)
    {
        for (; node.Visited < node.Arcs!.Count; node.Visited++)
        {
            var child = node.Arcs[node.Visited].Child;
            if (!child.IsSolved && !child.IsBeingSolved) return child;
        }

        return null;
    }

    private void Choose(PlanNode node)
    {
        var (best, bestArc) = (default(PlanCost), (PlanArc?)null);
        foreach (var arc in node.Arcs!)
        {
            if (!arc.Child.IsSolved) continue; // An ancestor: what leads back to where it came from is never cheaper.

            var cost = arc.Cost + arc.Child.Best;
            var order = bestArc is null ? -1 : cost.CompareTo(best);
            if (order < 0 || order == 0 && arc.Day > bestArc!.Day) (best, bestArc) = (cost, arc);
        }

        // Nothing is done where nothing more is gained; a late line that can be saved is.
        var stop = PlanCost.Zero with { Unsaved = node.IsLate ? 1 : 0, OpenDays = Math.Max(0, Last - node.SafeUntil) };
        if (bestArc is null || stop.CompareTo(best) <= 0) (best, bestArc) = (stop, null);
        (node.Best, node.BestArc, node.IsSolved, node.IsBeingSolved) = (best, bestArc, true, false);
    }

    /// <summary>Of every action the last days that can be right, see <see cref="Planner"/>.</summary>
    private bool TryAddInTime(PlanNode node, List<PlanArc> arcs)
    {
        var days = new SortedSet<int>();
        tried.Clear();
        var others = ground.HasOtherDays ? new PlanOtherDays(node, ground) : null;
        for (var i = 0; i < node.Limits.Count; i++)
        {
            var segment = ground.Segments[node.FirstSegment + i];
            var first = Math.Max(segment.First, node.Day);
            var ends = PlanSafety.ClockLimits(segment.Version, node.Past, ground);
            foreach (var choice in segment.Choices)
            {
                days.Clear();
                AddLastDays(days, node, i, choice, ends);
                others?.Add(days, ground, Math.Min(segment.Last, node.Limits[i]), choice.ClosedOn);
                while (days.Count > 0)
                {
                    var day = days.Max;
                    days.Remove(day);
                    if (day < first) break;
                    if (day >= Last) continue;
                    if (!tried.TryGetValue((choice.Effect, day), out var found))
                    {
                        if (!effort.Spend()) return false;
                        found = After(node, choice, day) is { } after ? new Tried(after, NodeOf(after, day, acted: true, isLate: false)) : default;
                        tried.Add((choice.Effect, day), found);
                    }
                    if (found.Child is null || Step(node, choice, day, found) is not { } arc) continue;

                    Add(arcs, arc);
                    AddDaysBeforeNext(days, arc, segment);
                }
            }
        }

        return true;
    }

    // Where so little is gained that a slower channel would have to be used before this day to go on: the day on which both are done.
    private void AddDaysBeforeNext(SortedSet<int> days, PlanArc arc, PlanSegment segment)
    {
        if (arc.Child.LimitNow - ground.MostDelay >= arc.Day) return;

        foreach (var end in PlanSafety.ClockLimits(segment.Version, arc.Child.Past, ground))
        {
            foreach (var (delay, closedOn) in ground.Delays)
            {
                var last = ground.Days.OpenUpTo(end - delay, closedOn);
                if (last < arc.Day) days.Add(ground.Days.OpenUpTo(last, arc.Choice.ClosedOn));
            }
        }
    }

    // In time for each clock that it may move, and before the first that binds needs something else done.
    private void AddLastDays(SortedSet<int> days, PlanNode node, int i, PlanChoice choice, IReadOnlyList<int> ends)
    {
        var (segment, limit) = (ground.Segments[node.FirstSegment + i], node.Limits[i]);
        var last = Math.Min(segment.Last, limit);
        var movesOne = ends.Count == 1 && segment.Version!.Clocks.Count == 1;
        if (!movesOne || choice.Days == 0) days.Add(ground.Days.OpenUpTo(last, choice.ClosedOn));
        foreach (var end in ends)
        {
            if (ground.Days.OpenUpTo(end - choice.Days, choice.ClosedOn) <= limit) days.Add(ground.Days.OpenUpTo(Math.Min(last, end - choice.Days), choice.ClosedOn));
        }

        // What must come before something that is to be had no longer than this segment lasts.
        if (segment.Last > limit) return;
        foreach (var (_, closedOn) in ground.Delays) days.Add(ground.Days.OpenUpTo(ground.Days.OpenUpTo(segment.Last, closedOn), choice.ClosedOn));
    }

    /// <summary>Every action on the first day on which it is possible.</summary>
    private bool TryAddLate(PlanNode node, List<PlanArc> arcs)
    {
        var done = new HashSet<PlanChoice>(ReferenceEqualityComparer.Instance);
        for (var i = ground.SegmentOf(node.Day); i < ground.Segments.Count; i++)
        {
            var segment = ground.Segments[i];
            var limit = PlanSafety.LimitUnder(segment.Version, node, ground);
            foreach (var choice in segment.Choices)
            {
                var day = ground.Days.OpenFrom(Math.Max(segment.First, node.Day), choice.ClosedOn);
                if (day > segment.Last || done.Contains(choice)) continue;
                if (!effort.Spend()) return false;
                if (After(node, choice, day) is not { } after) continue;

                var child = NodeOf(after, day, acted: true, isLate: false);
                if (child.LimitNow <= limit) continue;

                done.Add(choice);
                if (child.SafeUntil < day) child = NodeOf(after, day, acted: true, isLate: true);
                Add(arcs, new PlanArc(choice, day, child, choice.Cost with { LateDays = day + choice.Days }));
            }
        }

        return true;
    }

    // What leads to the same by a dearer way is of no use; by another channel at the same price it may save a visit.
    private static void Add(List<PlanArc> arcs, PlanArc arc)
    {
        if (!arcs.Exists(other => ReferenceEquals(other.Child, arc.Child) && other.Cost.CompareTo(arc.Cost) < 0)) arcs.Add(arc);
    }

    private LinePast? After(PlanNode node, PlanChoice choice, int day)
    {
        var entry = choice.Action.EntryAt("planned", ground.Days.TimeOf(day));
        var (after, effect) = ground.Continuation.Take(node.Past, entry, ground.Days.StartOf(day), ground.Days.DateOf(day));
        if (effect is null or { TooLate: true } or { OutsideLimits: true }) return null;

        return Moves(node.Past.State, after.State, onlyOnwards: node.Acted && day == node.Day) ? after : null;
    }

    /// <summary>Whether each clock that an action changes keeps its margin until the channel has passed the action on.</summary>
    private bool TakesEffectInTime(PlanNode node, LinePast after, PlanChoice choice, int day)
    {
        var version = ground.Segments[ground.SegmentOf(day)].Version;
        var (found, left) = (ground.Continuation.SeenUnder(version, node.Past), ground.Continuation.SeenUnder(version, after));
        foreach (var run in found.Clocks)
        {
            if (run.Stopped || ground.Days.NumberOf(found.EndOf(run)) - ground.MarginDays >= day + choice.Days) continue;
            if (left.FindClock(run.Id) is not { Stopped: false } same || left.DeadlineOf(same) != found.DeadlineOf(run)) return false;
        }

        return true;
    }

    /// <summary>Whether an action changed any clock in a way that can matter before the horizon's end.</summary>
    /// <param name="onlyOnwards">
    /// Whether none may have moved back or begun anew: of several actions on one day each must leave the clocks later than it found them, so that no
    /// search can go round in a circle.
    /// </param>
    private bool Moves(LineState before, LineState after, bool onlyOnwards)
    {
        var moves = false;
        foreach (var run in after.Clocks)
        {
            var earlier = before.FindClock(run.Id);
            var beganAnew = earlier is { Stopped: true } && !run.Stopped;
            var change = run.EndBefore is null ? 1 : after.DeadlineOf(run).CompareTo(run.DeadlineBefore);

            // A clock that ends as before may yet draw on the balance no more, for other rules took it over, or once more: others have less or more of it.
            var isOfOther = earlier is not null && !ReferenceEquals(run.Version, earlier.Version);
            var countsAnew = earlier is not null && run.AutomaticMoves == 0 && (earlier.AutomaticMoves > 0 || earlier.End != run.End);
            var drawsOtherwise = ground.Continuation.ProlongsItself && (isOfOther || countsAnew);
            if (!drawsOtherwise && run.EndBefore is { } end && IsBeyond(end) && IsBeyond(after.EndOf(run))) change = 0;
            if (onlyOnwards && (beganAnew || change < 0 && !run.Stopped)) return false;

            // A version that does not have the clock stops it without any action.
            var stopped = run.Stopped && earlier is { Stopped: false } && run.Version?.FindClock(run.Id) is not null;
            moves |= beganAnew || change != 0 || stopped || drawsOtherwise;
        }

        return moves;
    }

    private bool IsBeyond(LocalDate end) => ground.Days.NumberOf(end) >= ground.Beyond;

    private PlanNode NodeOf(LinePast past, int day, bool acted, bool isLate)
    {
        var key = keys.Of(past, day, acted, isLate);
        if (nodes.TryGetValue(key, out var known)) return known;

        var node = new PlanNode(past, day, acted, isLate, nodes.Count);
        PlanSafety.Find(node, ground);
        nodes.Add(key, node);
        return node;
    }
}
