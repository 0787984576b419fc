using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Where an extension puts the end of a clock, and what is to be said of it.</summary>
/// <param name="Exact">Null for a clock that ends on a day.</param>
internal sealed record Result(LocalDate EndsOn, Instant? Exact, int? WastedDays);

/// <summary>What an extension does to an end: the table of section 6 and the cuts after it.</summary>
/// <param name="before">The line before the entry, automatic moves made.</param>
/// <param name="now">The line as the clocks before this one in the version left it.</param>
internal sealed class Combining(ZoneWalk zone, Matching matching, RuleVersion version, Line before, Line now)
{
    public Result Of(Clock clock, Extension extension, Fact fact, Term? n)
    {
        if (extension.Combine is Combine.Set) return new Result(fact.Entry.EndsOn!.Value, null, null);
        return clock.Ends.IsExact ? Exactly(clock, extension.Combine, fact, n!.Value) : OnDays(clock, extension, fact, n!.Value);
    }

    private Result Exactly(Clock clock, Combine combine, Fact fact, Term n)
    {
        var fromEntry = zone.AddElapsed(fact.At, n);
        if (Running(clock, fact) is not { } countdown || combine is Combine.Reset) return At(fromEntry, null);

        var deadline = before.DeadlineOf(countdown, zone);
        if (combine is Combine.Add) return At(zone.AddElapsed(deadline, n), null);
        return fromEntry > deadline ? At(fromEntry, null) : At(deadline, ZoneWalk.DaysFrom(fact.On, At(fromEntry, null).EndsOn));
    }

    private Result OnDays(Clock clock, Extension extension, Fact fact, Term n)
    {
        var running = Running(clock, fact);
        LocalDate? c = running is null ? null : before.EndOf(running);
        var isGrowing = c is not null && extension.Combine is Combine.Add or Combine.Max;
        var fromEntry = FromEntry(clock, fact, n);
        var raw = extension.Combine switch
        {
            Combine.Add when c is { } end => ZoneWalk.Add(end, n),
            Combine.Max when c is { } end => LocalDate.Max(end, fromEntry),
            Combine.AfterPlan when FirstPlan() is { } plan => ZoneWalk.Add(now.EndOf(plan), n),
            Combine.EndOfMonth => ZoneWalk.LastOfMonth(fromEntry),
            _ => fromEntry,
        };

        var uncut = extension.Bonus ? raw.PlusDays(matching.BonusDays(fact)) : raw;
        var result = uncut;
        if (extension.Cap is { } cap) result = LocalDate.Min(result, FromEntry(clock, fact, cap));
        if (clock.Kind is ClockKind.Validity && version.Limits.MaxRemaining is { } most) result = LocalDate.Min(result, FromEntry(clock, fact, most));
        if (isGrowing && result < c) result = c!.Value;

        int? wasted = result < uncut ? ZoneWalk.DaysFrom(result, uncut) : null;
        if (isGrowing && extension.Combine is Combine.Max && result == c) wasted = ZoneWalk.DaysFrom(fact.On, fromEntry);
        return new Result(result, null, wasted);
    }

    private Countdown? Running(Clock clock, Fact fact) => before.Find(clock.Id) is { } countdown && before.Runs(countdown, fact.At, zone) ? countdown : null;

    private Countdown? FirstPlan() => now.Clocks.Find(clock => clock.Kind is ClockKind.Plan);

    private Result At(Instant instant, int? wasted) => new(zone.DateOf(instant - Duration.Epsilon), instant, wasted);

    private static LocalDate FromEntry(Clock clock, Fact fact, Term term) => Sum(fact.On, term, clock.FirstDayCounts);

    /// <summary>A sum from D: one day earlier if the first day counts.</summary>
    public static LocalDate Sum(LocalDate day, Term term, bool firstDayCounts)
    {
        var sum = ZoneWalk.Add(day, term);
        return firstDayCounts ? sum.PlusDays(-1) : sum;
    }
}
