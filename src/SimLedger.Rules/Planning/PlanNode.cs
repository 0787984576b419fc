using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>A step of a schedule: something done on a day, and how the line stands after it.</summary>
/// <param name="Cost">Of this step alone.</param>
internal sealed record PlanArc(PlanChoice Choice, int Day, PlanNode Child, PlanCost Cost);

/// <summary>A line as some actions leave it. Lines that stand alike share it, and what was found out from there on.</summary>
internal sealed class PlanNode(LinePast past, int day, bool acted, bool isLate, int number)
{
    public LinePast Past => past;

    /// <summary>Day of the last action; nothing is done earlier. 0 before the first.</summary>
    public int Day => day;

    /// <summary>Whether something was planned on <see cref="Day"/> already.</summary>
    public bool Acted => acted;

    /// <summary>The margin is broken: what is done comes on the first possible day, whatever it costs.</summary>
    public bool IsLate => isLate;

    /// <summary>In the order in which nodes were made, which is the same in every run.</summary>
    public int Number => number;

    public int FirstSegment { get; set; }

    /// <summary>
    /// For each segment that the line safely reaches without doing anything, from <see cref="FirstSegment"/> on: the last day, of all days, by which
    /// something must have taken effect as its clocks are seen in this segment.
    /// </summary>
    public List<int> Limits { get; } = [];

    /// <summary>The last day that is safe without doing anything; the day before <see cref="Day"/> where none is.</summary>
    public int SafeUntil { get; set; }

    /// <summary>The last day by which something must have taken effect, as clocks are seen on <see cref="Day"/>.</summary>
    public int LimitNow { get; set; }

    /// <summary>Null until looked at.</summary>
    public List<PlanArc>? Arcs { get; set; }

    public bool IsSolved { get; set; }

    public bool IsBeingSolved { get; set; }

    /// <summary>How many arcs the search has gone down.</summary>
    public int Visited { get; set; }

    /// <summary>Least cost from here to the horizon's end.</summary>
    public PlanCost Best { get; set; }

    /// <summary>First step of a schedule of that cost, on the latest day; null: nothing is done any more.</summary>
    public PlanArc? BestArc { get; set; }

    /// <summary>Null until asked for; see <see cref="PlanWindows"/>.</summary>
    public IReadOnlyList<PlanWindow>? Windows { get; set; }
}
