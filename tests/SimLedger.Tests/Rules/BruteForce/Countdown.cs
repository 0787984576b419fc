using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>A clock that has started, as it is between two entries.</summary>
/// <param name="Turn">Place of the entry that first started it, then place of the clock in its version: the order in which clocks first started.</param>
/// <param name="EndsOn">Its own end, whatever holds it up.</param>
/// <param name="ExactEnd">Of an exact clock; null where only a date is known.</param>
/// <param name="Length">Null for a clock that no version describes.</param>
/// <param name="AutomaticMoves">Since its last other move.</param>
/// <param name="MovedBy">Version that last started or moved it.</param>
internal sealed record Countdown(
    string Id,
    ClockKind Kind,
    (int Entry, int Clock) Turn,
    LocalDate EndsOn,
    Instant? ExactEnd,
    ClockEnd Ends,
    Term? Length,
    bool FirstDayCounts,
    AutoExtension? AutoExtend,
    string? NotBefore,
    IReadOnlyList<LadderStage> Ladder,
    bool IsStopped,
    int AutomaticMoves,
    RuleVersion? MovedBy)
{
    public Countdown Takes(Clock clock, RuleVersion version) => this with
    {
        Id = clock.Id,
        Kind = clock.Kind,
        Ends = clock.Ends,
        Length = clock.Length,
        FirstDayCounts = clock.FirstDayCounts,
        AutoExtend = clock.AutoExtend,
        NotBefore = clock.NotBefore,
        Ladder = version.Ladder,
        MovedBy = version,
    };
}
