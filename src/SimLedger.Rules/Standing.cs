using NodaTime;

namespace SimLedger.Rules;

/// <summary>Where a line stands in its life. The first three come before or without a ladder, the middle four are its stages.</summary>
public enum Stage { Unstarted, Active, Lapsed, Grace, Suspended, Reclaimable, Quarantine, Lost }

/// <summary>How sure a rule is. Shown wherever one of its dates is shown.</summary>
public enum Confidence { Official, Secondary, User, Unverified }

/// <summary>What the standing warns of. Stored and shown by their camel-case names.</summary>
public enum Flag { Arrears, ConflictingRules, CurrencyMismatch, DependsOnBalance, NotStarted, OutsideLimits, RuleUnknown, TooLate }

/// <summary>What became of one entry.</summary>
public enum Outcome { Counted, None, TooLate, Unknown, Voided, Later }

/// <summary>The answer of the rules about one line at one instant (rule pack format 1, section 8). A value; nothing in it depends on the machine.</summary>
/// <param name="StageEndsOn">Null where no end is known: unstarted, lapsed, lost.</param>
/// <param name="DeadlineAt">Of the binding clock; null, like <paramref name="EndsOn"/> and <paramref name="Clock"/>, when none binds.</param>
/// <param name="EndsOn">Last local date on which an action still counts.</param>
/// <param name="RenewBy">Last safe local date to act.</param>
/// <param name="Stages">What follows the deadline, in order; empty when no clock binds.</param>
/// <param name="RuleVersion">Version that last started or moved the binding clock; null when none binds or no rule did it.</param>
/// <param name="Flags">Sorted by camel-case name, no repeats.</param>
/// <param name="HoldsUntil">
/// The earliest instant after the one asked at which <paramref name="Stages"/>, flags and clocks may be other than said here without any new entry:
/// a rule version begins or ends, or an entry set aside as later comes due. Null: never. Until then stage and end follow from <paramref name="Stages"/> alone.
/// </param>
public sealed record Standing(
    Stage Stage,
    LocalDate? StageEndsOn,
    Instant? DeadlineAt,
    LocalDate? EndsOn,
    string? Clock,
    string? RuleVersion,
    Confidence? Confidence,
    LocalDate? RenewBy,
    LocalDate? PrepareFrom,
    IReadOnlyList<StagePeriod> Stages,
    IReadOnlyList<ClockState> Clocks,
    IReadOnlyList<Flag> Flags,
    ObservedBalance? Balance,
    IReadOnlyList<EntryOutcome> Entries,
    Instant? HoldsUntil);

/// <param name="To">Exclusive; null for the last one, <see cref="Stage.Lost"/> or <see cref="Stage.Lapsed"/>.</param>
/// <param name="EndsOn">Last local date of the stage; null for the last one.</param>
public sealed record StagePeriod(Stage Stage, Instant From, Instant? To, LocalDate? EndsOn);

/// <param name="Running">At the instant asked.</param>
/// <param name="RuleVersion">Version that last started or moved it; null for a clock that only the carrier's word started.</param>
public sealed record ClockState(string Id, ClockKind Kind, LocalDate EndsOn, Instant DeadlineAt, bool Running, string? RuleVersion, Confidence? Confidence);

public enum ClockKind { Validity, Inactivity, Balance, Plan, Registration, Stock }

/// <summary>The last known balance, in the product's currency, less what automatic extensions took since.</summary>
public sealed record ObservedBalance(decimal Amount, LocalDate On);

public sealed record EntryOutcome(string Id, Outcome Outcome, IReadOnlyList<ClockChange> Changes);

/// <param name="Before">Null at a first start.</param>
/// <param name="WastedDays">Days cut off by a cap, or the whole term when a <c>max</c> left the date as it was.</param>
/// <param name="ShortenedDays">Days by which a running clock's end moved earlier.</param>
/// <param name="DriftDays">Carrier's stated date less the computed one.</param>
public sealed record ClockChange(
    string Clock, LocalDate? Before, LocalDate After, int? WastedDays, int? ShortenedDays, int? DriftDays, string? RuleVersion);
