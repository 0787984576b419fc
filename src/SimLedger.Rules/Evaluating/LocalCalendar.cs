using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>
/// Sums of dates and terms, and the way between local dates and instants, in one zone. Total: what would leave the calendar
/// (9999 BC to 9999) stays at its last or first day, because dates come from people and a typing error must not throw.
/// </summary>
internal readonly struct LocalCalendar(DateTimeZone zone)
{
    // A day's distance from the ends of NodaTime's range leaves room for every offset.
    private static readonly Instant Earliest = Instant.FromUtc(-9998, 1, 2, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(9999, 12, 30, 0, 0);

    public LocalDate DateOf(Instant instant)
    {
        var within = Instant.Max(Earliest, Instant.Min(Latest, instant));
        return within.WithOffset(zone.GetUtcOffset(within)).Date;
    }

    public LocalTime TimeOf(Instant instant)
    {
        var within = Instant.Max(Earliest, Instant.Min(Latest, instant));
        return within.WithOffset(zone.GetUtcOffset(within)).TimeOfDay;
    }

    /// <summary>The local date of the moment before: the last day that a deadline at this instant leaves.</summary>
    public LocalDate DateBefore(Instant deadline) => DateOf(Instant.Max(Earliest, deadline) - Duration.Epsilon);

    public Instant StartOf(LocalDate date) => InstantOf(date, LocalTime.Midnight);

    public Instant EndOf(LocalDate date) => StartOf(AddDays(date, 1));

    /// <summary>A local time that a clock change skips: the first instant after the gap; one that happens twice: the first of the two.</summary>
    public Instant InstantOf(LocalDate date, LocalTime time)
    {
        if (date >= LocalDate.MaxIsoValue) return Instant.MaxValue;
        if (date <= LocalDate.MinIsoValue) return Instant.MinValue;

        var mapping = zone.MapLocal(date.At(time));
        return mapping.Count switch
        {
            0 => mapping.EarlyInterval.End,
            1 => mapping.Single().ToInstant(),
            _ => mapping.First().ToInstant(),
        };
    }

    /// <summary>Months and years by the calendar, the day clamped to the last of the month.</summary>
    /// <remarks>The reader keeps hours away from dates; in a pack made by hand they count as full days.</remarks>
    public static LocalDate Add(LocalDate date, Term term) => term.Unit switch
    {
        TermUnit.Month => AddMonths(date, term.N),
        TermUnit.Year => AddMonths(date, 12L * term.N),
        TermUnit.Hour => AddDays(date, term.N / 24),
        _ => AddDays(date, term.N),
    };

    public static LocalDate Subtract(LocalDate date, Term term) => term.Unit switch
    {
        TermUnit.Month => AddMonths(date, -(long)term.N),
        TermUnit.Year => AddMonths(date, -12L * term.N),
        TermUnit.Hour => AddDays(date, -(term.N / 24)),
        _ => AddDays(date, -(long)term.N),
    };

    public static LocalDate AddDays(LocalDate date, long days)
    {
        // Far from the ends, where all real dates are, no distance to them needs to be counted.
        if (date.Year is > -9000 and < 9000 && days is > -300_000 and < 300_000) return date.PlusDays((int)days);

        if (days > Period.DaysBetween(date, LocalDate.MaxIsoValue)) return LocalDate.MaxIsoValue;
        if (days < Period.DaysBetween(date, LocalDate.MinIsoValue)) return LocalDate.MinIsoValue;
        return date.PlusDays((int)days);
    }

    /// <summary>Elapsed time: a day is 24 hours; months and years by the calendar at the same local time.</summary>
    public Instant AddElapsed(Instant instant, Term term)
    {
        if (term.Unit is TermUnit.Month or TermUnit.Year)
        {
            var within = Instant.Max(Earliest, Instant.Min(Latest, instant));
            var local = within.WithOffset(zone.GetUtcOffset(within)).LocalDateTime;
            return InstantOf(Add(local.Date, term), local.TimeOfDay);
        }

        var hours = term.Unit is TermUnit.Hour ? term.N : 24L * term.N;
        if (hours > (Instant.MaxValue - instant).TotalHours) return Instant.MaxValue;
        if (hours < (Instant.MinValue - instant).TotalHours) return Instant.MinValue;
        return instant + Duration.FromHours(hours);
    }

    public static int DaysBetween(LocalDate from, LocalDate to) => Period.DaysBetween(from, to);

    private static LocalDate AddMonths(LocalDate date, long months)
    {
        var target = 12L * date.Year + date.Month - 1 + months;
        if (target > 12L * 9999 + 11) return LocalDate.MaxIsoValue;
        if (target < 12L * -9998) return LocalDate.MinIsoValue;
        return date.PlusMonths((int)months);
    }
}
