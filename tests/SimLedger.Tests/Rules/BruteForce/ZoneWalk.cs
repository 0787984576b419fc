using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Dates, instants and terms of one zone, found by walking: the zone's intervals one by one, days and months counted by hand.</summary>
internal sealed class ZoneWalk(DateTimeZone zone, Tally tally)
{
    /// <summary>No offset is larger than a day, so what is looked for is never further from the same reading in UTC.</summary>
    private static readonly Duration Reach = Duration.FromDays(2);

    public LocalDate DateOf(Instant instant) => instant.InZone(zone).Date;

    public Instant StartOf(LocalDate day) => FirstFrom(day.AtMidnight());

    public Instant EndOf(LocalDate day) => StartOf(day.PlusDays(1));

    /// <summary>
    /// The first instant at which the clocks of the zone show this time or a later one: in a gap the first instant after it, of two the first.
    /// </summary>
    public Instant FirstFrom(LocalDateTime local)
    {
        var asUtc = local.InUtc().ToInstant();
        foreach (var interval in zone.GetZoneIntervals(asUtc - Reach, asUtc + Reach))
        {
            var candidate = asUtc - Duration.FromSeconds(interval.WallOffset.Seconds);
            if (interval.HasEnd && candidate >= interval.End) continue;
            if (interval.HasStart && candidate < interval.Start)
            {
                tally.Note("time: skipped by a clock change");
                return interval.Start;
            }

            if (interval.HasEnd && zone.GetUtcOffset(interval.End) < interval.WallOffset && local >= interval.End.InZone(zone).LocalDateTime)
            {
                tally.Note("time: happens twice");
            }

            return candidate;
        }

        throw new InvalidOperationException($"{zone.Id} never shows {local} or later.");
    }

    public Instant InstantOf(EntryTime time) => time.Date is { } date ? StartOf(date) : time.Instant!.Value.ToInstant();

    /// <summary>D + n days; months and years by the calendar, the day clamped to the last of the month.</summary>
    public static LocalDate Add(LocalDate day, Term term) => term.Unit switch
    {
        TermUnit.Day => day.PlusDays(term.N),
        TermUnit.Month => AddMonths(day, term.N),
        TermUnit.Year => AddMonths(day, 12 * term.N),
        _ => throw new InvalidOperationException("Hours are no days."),
    };

    public static LocalDate Subtract(LocalDate day, Term term) => Add(day, term with { N = -term.N });

    /// <summary>Elapsed time; months and years by the calendar at the same local time.</summary>
    public Instant AddElapsed(Instant instant, Term term)
    {
        if (term.Unit is TermUnit.Hour) return instant + Duration.FromHours(term.N);
        if (term.Unit is TermUnit.Day) return instant + Duration.FromHours(24L * term.N);

        var local = instant.InZone(zone).LocalDateTime;
        return FirstFrom(Add(local.Date, term).At(local.TimeOfDay));
    }

    public static int DaysFrom(LocalDate from, LocalDate to) => Period.DaysBetween(from, to);

    public static LocalDate LastOfMonth(LocalDate day)
    {
        var next = day;
        while (next.Month == day.Month) (day, next) = (next, next.PlusDays(1));
        return day;
    }

    private static LocalDate AddMonths(LocalDate day, int months)
    {
        var (year, month) = (day.Year, day.Month);
        for (; months > 0; months--) (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1);
        for (; months < 0; months++) (year, month) = month == 1 ? (year - 1, 12) : (year, month - 1);

        var last = LastOfMonth(new LocalDate(year, month, 1)).Day;
        return new LocalDate(year, month, day.Day > last ? last : day.Day);
    }
}
