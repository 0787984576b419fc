using NodaTime;

namespace SimLedger.Rules;

/// <summary>A countdown that a rule version describes: what starts and stops it, how long it is, what moves its end.</summary>
/// <param name="Id">Known by it across versions.</param>
/// <param name="FirstDayCounts">Whether the day of the entry is the first day of the term: every sum from that day is one day earlier.</param>
/// <param name="NotBefore">Id of the clock of the same version that holds this one's end up while it has not stopped.</param>
public sealed record Clock(
    string Id,
    ClockKind Kind,
    IReadOnlyList<Trigger> StartsOn,
    IReadOnlyList<Trigger> StopsOn,
    Term Length,
    bool FirstDayCounts,
    ClockEnd Ends,
    IReadOnlyList<Extension> ExtendedBy,
    AutoExtension? AutoExtend,
    string? NotBefore)
{
    /// <summary>Name of the clock that only the carrier's word started while no rule was known. No pack may use it.</summary>
    public const string StatedId = "stated";
}

/// <summary>When on its last day a clock runs out.</summary>
public readonly record struct ClockEnd
{
    private ClockEnd(bool exact, LocalTime? time) => (IsExact, Time) = (exact, time);

    /// <summary>The instant the end date ends.</summary>
    public static readonly ClockEnd EndOfDay;

    /// <summary>Elapsed time to the instant; the end date only follows from it.</summary>
    public static readonly ClockEnd Exact = new(exact: true, time: null);

    public bool IsExact { get; }

    /// <summary>Local time on the end date; null: none was named.</summary>
    public LocalTime? Time { get; }

    /// <summary>That local time on the end date.</summary>
    public static ClockEnd At(LocalTime time) => new(exact: false, time);
}

/// <summary>The carrier itself prolongs while the balance pays for it.</summary>
/// <param name="BalanceAtLeast">Needed before each move, in the product's currency.</param>
/// <param name="Deduct">Taken by each move, above zero.</param>
/// <param name="By">At least one day.</param>
/// <param name="MaxTimes">Moves in a row; null: as often as the balance allows.</param>
public sealed record AutoExtension(decimal BalanceAtLeast, decimal Deduct, Term By, int? MaxTimes);
