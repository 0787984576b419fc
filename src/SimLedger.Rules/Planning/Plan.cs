using NodaTime;
using SimLedger.Rules.Quoting;

namespace SimLedger.Rules.Planning;

/// <summary>Why a line needs a look. Shown by their camel-case names.</summary>
/// <remarks>With any of the first four the line is not safe up to the horizon: see <see cref="LinePlan.SafeUntil"/>.</remarks>
public enum PlanIssue
{
    /// <summary>No rule says when the number is lost, or none does from some day on.</summary>
    RuleUnknown,

    /// <summary>No deadline is known: nothing that starts one is recorded.</summary>
    NotStarted,

    /// <summary>The number is gone.</summary>
    Lost,

    /// <summary>Nothing that the pack knows moves the deadline far enough, or soon enough for the margin.</summary>
    NoUsableAction,

    /// <summary>The deadline is already nearer than the margin and the channels' days. What can be done lies on the first possible day.</summary>
    Late,

    /// <summary>Some action has no price: its costs are not in the sums.</summary>
    PriceUnknown,

    /// <summary>The search was given up for its size; the schedule is safe, but there may be a cheaper one.</summary>
    Approximate,
}

/// <summary>Something to do for a line.</summary>
/// <param name="Day">Local to the line's zone. What is done must reach the carrier on this day; the channel's days are already reckoned with.</param>
/// <param name="LatestDay">Last safe day for it, by this channel: later than <paramref name="Day"/> where a visit or a price is worth coming earlier for.</param>
/// <param name="Price">Null: nobody says.</param>
/// <param name="Clock">Clock whose deadline it serves; null: none was running.</param>
/// <param name="Serves">End date of that clock before.</param>
/// <param name="EndsOn">Binding end date after; null: no clock binds then.</param>
/// <param name="RuleVersion">Version that the dates rest on.</param>
/// <param name="IsLate">It comes later than the margin wants.</param>
public sealed record PlannedAction(
    LocalDate Day, LocalDate LatestDay, KeepingAction Action, Price? Price, string? Clock, LocalDate? Serves, LocalDate? EndsOn,
    string RuleVersion, Confidence Confidence, bool IsLate);

/// <summary>The schedule of one line.</summary>
/// <param name="Actions">By day, and on one day in the order to do them.</param>
/// <param name="HorizonEnd">Last day planned for, in the line's zone.</param>
/// <param name="SafeUntil">
/// Last day up to which no deadline is nearer than the margin once the actions are done; the horizon's end where all is well. Of a late line: counted from
/// its last late action on. Null: no deadline is known, or it is too near today already and nothing can be done.
/// </param>
/// <param name="Issues">In the order of the enumeration; empty: safe, priced and cheapest.</param>
public sealed record LinePlan(string LineId, IReadOnlyList<PlannedAction> Actions, LocalDate HorizonEnd, LocalDate? SafeUntil, IReadOnlyList<PlanIssue> Issues)
{
    /// <summary>Whether the line is safe on every day of the horizon, after what is late has been made good.</summary>
    public bool IsCovered => SafeUntil >= HorizonEnd;
}

/// <summary>What is done at one carrier through one channel on one day.</summary>
/// <param name="Carrier">Code of the pack.</param>
/// <param name="Channel">Code; null: no channel is needed, or the pack names none.</param>
/// <param name="LineIds">In the order of the request; a line with two actions stands here once.</param>
public sealed record PlannedVisit(string Carrier, string? Channel, LocalDate Day, IReadOnlyList<string> LineIds);

/// <summary>What the actions of a calendar month cost in one currency, channels' own fees included. Months are those of each line's zone.</summary>
/// <param name="Unpriced">Actions of lines in this currency that nobody names a price of; not in the amount.</param>
public sealed record MonthlyCost(YearMonth Month, string Currency, decimal Amount, int Unpriced);

/// <summary>What all months cost in one currency.</summary>
public sealed record TotalCost(string Currency, decimal Amount, int Unpriced);

/// <summary>The answer of the planner. A value; nothing in it depends on the machine.</summary>
/// <param name="Lines">One for each line asked for, in that order.</param>
/// <param name="Visits">By day, carrier and channel.</param>
/// <param name="Months">By month and currency.</param>
/// <param name="Totals">By currency.</param>
/// <param name="VisitsUnbatched">How many visits there would be if every line acted on its own last safe day.</param>
public sealed record Plan(
    IReadOnlyList<LinePlan> Lines, IReadOnlyList<PlannedVisit> Visits, IReadOnlyList<MonthlyCost> Months, IReadOnlyList<TotalCost> Totals, int VisitsUnbatched)
{
    /// <summary>Lines that are not safe up to the horizon, most important first: each must be looked at by a person.</summary>
    public required IReadOnlyList<LinePlan> Uncovered { get; init; }
}
