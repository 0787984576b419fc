using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Where an extension puts the end of a clock, and what is to be said of it.</summary>
/// <param name="Exact">Null for a clock that ends on a day.</param>
internal sealed record Result(LocalDate EndsOn, Instant? Exact, int? WastedDays);

/// <summary>What an extension does to an end: the table of section 6 and the cuts after it.</summary>
/// <param name="before">The line before the entry, automatic moves made.</param>
/// <param name="now">The line as the clocks before this one in the version left it.</param>
internal sealed class Combining(ZoneWalk zone, Matching matching, RuleVersion version, Line before, Line now, Tally tally)
{
    public Result Of(Clock clock, Extension extension, Fact fact, Term? n)
    {
        var running = before.Find(clock.Id) is { } countdown && before.Runs(countdown, fact.At, zone) ? countdown : null;
        tally.Note($"combine: {extension.Combine} on {(clock.Ends.IsExact ? "an exact" : "a")} clock that {(running is null ? "does not run" : "runs")}");
        if (extension.Combine is Combine.Set) return new Result(fact.Entry.EndsOn!.Value, null, null);
        return clock.Ends.IsExact ? Exactly(running, extension.Combine, fact, n!.Value) : OnDays(running, clock, extension, fact, n!.Value);
    }

    /// <summary>A sum from D: one day earlier if the first day counts.</summary>
    public static LocalDate Sum(LocalDate day, Term term, bool firstDayCounts)
    {
        var sum = ZoneWalk.Add(day, term);
        return firstDayCounts ? sum.PlusDays(-1) : sum;
    }

    private Result Exactly(Countdown? running, Combine combine, Fact fact, Term n)
    {
        var fromEntry = zone.AddElapsed(fact.At, n);
        if (running is null || combine is Combine.Reset) return At(fromEntry);

        var deadline = before.DeadlineOf(running, zone);
        if (combine is Combine.Add) return At(zone.AddElapsed(deadline, n));
        return fromEntry > deadline ? At(fromEntry) : new Result(before.EndOf(running), deadline, Wasted(fact, n));
    }

    private Result OnDays(Countdown? running, Clock clock, Extension extension, Fact fact, Term n)
    {
        if (clock.FirstDayCounts) tally.Note("the first day counts");
        LocalDate? c = running is null ? null : before.EndOf(running);
        var raw = Raw(c, clock, extension.Combine, fact, n);
        var uncut = extension.Bonus ? raw.PlusDays(matching.BonusDays(fact)) : raw;
        if (uncut > raw) tally.Note("bonus: added");

        var result = Cut(uncut, clock, extension, fact);
        if (c is { } end && extension.Combine is Combine.Add or Combine.Max && result < c)
        {
            tally.Note("cut: not below the end there was");
            result = end;
        }

        if (c is not null && extension.Combine is Combine.Max && result == c)
        {
            tally.Note("max: leaves the end as it was");
            return new Result(result, null, Wasted(fact, n));
        }

        return new Result(result, null, result < uncut ? ZoneWalk.DaysFrom(result, uncut) : null);
    }

    private LocalDate Raw(LocalDate? c, Clock clock, Combine combine, Fact fact, Term n)
    {
        var fromEntry = Sum(fact.On, n, clock.FirstDayCounts);
        switch (combine)
        {
            case Combine.Add when c is { } end:
                return ZoneWalk.Add(end, n);
            case Combine.Max when c is { } end:
                return LocalDate.Max(end, fromEntry);
            case Combine.AfterPlan when now.Clocks.Find(each => each.Kind is ClockKind.Plan) is { } plan:
                tally.Note("afterPlan: there was one");
                return ZoneWalk.Add(now.EndOf(plan), n);
            case Combine.EndOfMonth:
                return ZoneWalk.LastOfMonth(fromEntry);
            default:
                return fromEntry;
        }
    }

    private LocalDate Cut(LocalDate uncut, Clock clock, Extension extension, Fact fact)
    {
        var result = uncut;
        if (extension.Cap is { } cap && Sum(fact.On, cap, clock.FirstDayCounts) is var capped && capped < result)
        {
            tally.Note("cut: to the cap");
            result = capped;
        }

        if (clock.Kind is ClockKind.Validity && version.Limits.MaxRemaining is { } most &&
            Sum(fact.On, most, clock.FirstDayCounts) is var remaining && remaining < result)
        {
            tally.Note("cut: to what may remain");
            result = remaining;
        }

        return result;
    }

    private Result At(Instant instant) => new(zone.DateOf(instant - Duration.Epsilon), instant, null);

    /// <summary>The whole of N in days from D; nothing is told of no days.</summary>
    private int? Wasted(Fact fact, Term n)
    {
        var days = ZoneWalk.DaysFrom(fact.On, n.Unit is TermUnit.Hour ? zone.DateOf(zone.AddElapsed(fact.At, n)) : ZoneWalk.Add(fact.On, n));
        return days > 0 ? days : null;
    }
}
