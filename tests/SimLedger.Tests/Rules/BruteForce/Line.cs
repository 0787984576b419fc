using System.Collections.Immutable;
using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>All that is known of a line between two entries. Never changed, only followed by another.</summary>
/// <param name="Clocks">Every clock that ever started, in the order they did.</param>
/// <param name="Deducted">What automatic extensions took since the balance was observed.</param>
/// <param name="Governors">The version of each entry that had one.</param>
internal sealed record Line(
    ImmutableList<Countdown> Clocks,
    Observation? Balance,
    decimal Deducted,
    ImmutableList<PastFact> Past,
    ImmutableList<RuleVersion> Governors,
    ImmutableHashSet<Flag> Flags,
    ImmutableDictionary<int, EntryOutcome> Outcomes)
{
    public static readonly Line Fresh = new([], null, 0, [], [], [], ImmutableDictionary<int, EntryOutcome>.Empty);

    public Countdown? Find(string? id) => Clocks.Find(clock => clock.Id == id);

    public Line With(Countdown clock) =>
        this with { Clocks = [.. Clocks.RemoveAll(other => other.Id == clock.Id).Add(clock).OrderBy(each => each.Turn)] };

    public Line With(Flag flag) => this with { Flags = Flags.Add(flag) };

    /// <summary>The later of the clock's own end and that of the clock which holds it up.</summary>
    public LocalDate EndOf(Countdown clock) => Holder(clock) is { } holder ? LocalDate.Max(clock.EndsOn, holder.EndsOn) : clock.EndsOn;

    public Instant DeadlineOf(Countdown clock, ZoneWalk zone) =>
        Holder(clock) is { } holder ? Instant.Max(OwnDeadline(clock, zone), OwnDeadline(holder, zone)) : OwnDeadline(clock, zone);

    public bool Runs(Countdown clock, Instant instant, ZoneWalk zone) => !clock.IsStopped && instant < DeadlineOf(clock, zone);

    public Countdown? Binding(ZoneWalk zone)
    {
        Countdown? binding = null;
        foreach (var clock in Clocks.Where(clock => !clock.IsStopped))
        {
            if (binding is null || DeadlineOf(clock, zone) < DeadlineOf(binding, zone)) binding = clock;
        }

        return binding;
    }

    private Countdown? Holder(Countdown clock) => Clocks.Find(other => other.Id == clock.NotBefore && !other.IsStopped);

    private static Instant OwnDeadline(Countdown clock, ZoneWalk zone)
    {
        if (clock.Ends.IsExact && clock.ExactEnd is { } exact) return exact;
        if (clock.Ends.Time is { } time) return zone.FirstFrom(clock.EndsOn.At(time));
        return zone.EndOf(clock.EndsOn);
    }
}
