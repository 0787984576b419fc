using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>Lines that begin their schedules at one node, and so share them.</summary>
/// <param name="Lines">By their place in the request, each with its own past: ends beyond the horizon may differ.</param>
internal sealed record PlanStart(PlanSearch Search, PlanNode Node, List<(int Line, LinePast Past)> Lines);

/// <summary>What a sweep found.</summary>
/// <param name="Steps">For each start, in the order given.</param>
/// <param name="Visits">Channel and day, each once.</param>
internal sealed record SweepResult(IReadOnlyList<IReadOnlyList<PlanArc>> Steps, IReadOnlySet<(string? Channel, int Day)> Visits);

/// <summary>Brings steps of the lines of one carrier together on days, day by day: the classical stabbing of intervals by their ends.</summary>
/// <remarks>
/// The step that can wait least decides the day, its last; every other whose window holds this day joins. For lines with one step each and one channel
/// that gives the fewest visits there can be. A line with more steps has its next window only once a step is taken, so for those it is a heuristic.
/// </remarks>
internal sealed class VisitSweep
{
    private readonly List<Waiting>[] byLatest;
    private readonly Dictionary<PlanNode, Waiting> byNode = [];
    private readonly List<Waiting> waiting = [];
    private readonly HashSet<(string? Channel, int Day)> visits = [];
    private readonly int batchDays;
    private int gone;

    private VisitSweep(int days, int batchDays)
    {
        byLatest = new List<Waiting>[days + 1];
        for (var day = 0; day <= days; day++) byLatest[day] = [];
        this.batchDays = batchDays;
    }

    /// <summary>A place in a schedule at which one or more starts have arrived.</summary>
    private sealed class Waiting(PlanSearch search, PlanNode node, IReadOnlyList<PlanWindow> windows)
    {
        public PlanSearch Search => search;

        public PlanNode Node => node;

        public IReadOnlyList<PlanWindow> Windows => windows;

        public int Latest { get; } = windows.Max(window => window.Last);

        public List<List<PlanArc>> Tracks { get; } = [];

        public int Lines { get; set; }

        public bool IsGone { get; set; }
    }

    /// <summary>Every line by itself, each step on its latest day.</summary>
    public static SweepResult EachByItself(IReadOnlyList<PlanStart> starts)
    {
        var steps = new List<IReadOnlyList<PlanArc>>(starts.Count);
        foreach (var start in starts)
        {
            var own = new List<PlanArc>();
            for (var arc = start.Node.BestArc; arc is not null; arc = arc.Child.BestArc) own.Add(arc);
            steps.Add(own);
        }

        return new SweepResult(steps, steps.SelectMany(own => own).Select(arc => (arc.Choice.Channel, arc.Day)).ToHashSet());
    }

    /// <summary>Lines together, no step moved by more than so many days before its latest.</summary>
    /// <param name="starts">Of lines of one carrier, solved.</param>
    /// <param name="days">The horizon's last day.</param>
    public static SweepResult Together(IReadOnlyList<PlanStart> starts, int days, int batchDays)
    {
        var sweep = new VisitSweep(days, batchDays);
        var tracks = starts.Select(_ => new List<PlanArc>()).ToList();
        for (var i = 0; i < starts.Count; i++) sweep.Arrive(starts[i].Search, starts[i].Node, [tracks[i]], starts[i].Lines.Count);
        for (var day = 0; day <= days; day++) sweep.Visit(day);

        return new SweepResult(tracks, sweep.visits);
    }

    private void Arrive(PlanSearch search, PlanNode node, List<List<PlanArc>> tracks, int lines)
    {
        if (node.BestArc is null) return;

        if (!byNode.TryGetValue(node, out var place))
        {
            place = new Waiting(search, node, PlanWindows.Of(node, search));
            byNode.Add(node, place);
            waiting.Add(place);
            byLatest[place.Latest].Add(place);
        }

        place.Tracks.AddRange(tracks);
        place.Lines += lines;
    }

    private void Visit(int day)
    {
        // The list grows: who has acted on this day may be due on it once more.
        for (var i = 0; i < byLatest[day].Count; i++)
        {
            var due = byLatest[day][i];
            if (due.IsGone) continue;

            var channel = BusiestChannel(due, day);
            var present = waiting.Count;
            for (var other = 0; other < present; other++)
            {
                if (!waiting[other].IsGone && waiting[other].Latest - day is >= 0 and var early && early <= batchDays) Join(waiting[other], channel, day);
            }

            // A day within a window of another channel need not do after all; the latest day of its own does.
            if (!due.IsGone) Take(due, due.Node.BestArc!);
            if (gone > 64 && gone > waiting.Count / 2) Forget();
        }
    }

    private void Join(Waiting place, string? channel, int day)
    {
        foreach (var window in place.Windows)
        {
            if (window.Choice.Channel != channel || day < window.First || day > window.Last) continue;
            if (PlanWindows.Step(place.Node, window.Choice, day, place.Search) is not { } step) continue;

            Take(place, step);
            return;
        }
    }

    private void Take(Waiting place, PlanArc step)
    {
        visits.Add((step.Choice.Channel, step.Day));
        foreach (var track in place.Tracks) track.Add(step);
        place.IsGone = true;
        gone++;
        byNode.Remove(place.Node);
        Arrive(place.Search, step.Child, place.Tracks, place.Lines);
    }

    // Of the channels that will do for who is due, the one by which most lines can come along; among equals the one whose step is the cheapest's first.
    private string? BusiestChannel(Waiting due, int day)
    {
        var channels = due.Windows.Where(window => window.First <= day && day <= window.Last).Select(window => window.Choice.Channel).Distinct().ToList();
        if (channels.Count == 1) return channels[0];

        return channels.MaxBy(channel => waiting.Where(place => !place.IsGone && place.Latest - day is >= 0 and var early && early <= batchDays
            && place.Windows.Any(window => window.Choice.Channel == channel && window.First <= day && day <= window.Last)).Sum(place => place.Lines));
    }

    private void Forget()
    {
        waiting.RemoveAll(place => place.IsGone);
        gone = 0;
    }
}
