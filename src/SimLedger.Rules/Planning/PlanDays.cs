using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Planning;

/// <summary>The days of a horizon by number: today is 0. A search counts and compares days all the time; numbers are what is fast.</summary>
internal sealed class PlanDays
{
    /// <summary>Farther than any date is from another: an end that never comes, and room to subtract from.</summary>
    public const int Never = 10_000_000;

    private readonly Instant[] starts;
    private readonly LocalDate today;

    public PlanDays(Instant from, Term horizon, DateTimeZone zone)
    {
        var calendar = new LocalCalendar(zone);
        today = calendar.DateOf(from);
        Last = LocalCalendar.DaysBetween(today, LocalCalendar.Add(today, horizon));
        starts = new Instant[Last + 1];
        for (var day = 0; day <= Last; day++) starts[day] = day == 0 ? from : calendar.StartOf(DateOf(day));
    }

    /// <summary>The horizon's end.</summary>
    public int Last { get; }

    public LocalDate DateOf(int day) => LocalCalendar.AddDays(today, day);

    public int NumberOf(LocalDate date) => LocalCalendar.DaysBetween(today, date);

    /// <summary>When what is done on a day is taken to happen: at its start, the earliest it can be; today now.</summary>
    public Instant StartOf(int day) => starts[day];

    /// <summary>What the fact of doing something on a day says of its time.</summary>
    public EntryTime TimeOf(int day) => day == 0 ? EntryTime.At(starts[0]) : EntryTime.On(DateOf(day));

    /// <summary>The last day on which a channel is open, of those up to a day.</summary>
    /// <param name="closedOn">Weekdays by bit, Monday is bit 1; never all seven.</param>
    public int OpenUpTo(int day, int closedOn)
    {
        while (IsClosed(day, closedOn)) day--;
        return day;
    }

    /// <summary>The first day on which a channel is open, from a day on.</summary>
    public int OpenFrom(int day, int closedOn)
    {
        while (IsClosed(day, closedOn)) day++;
        return day;
    }

    public static int Bits(IReadOnlyList<IsoDayOfWeek> days)
    {
        var bits = 0;
        foreach (var day in days) bits |= 1 << (int)day;
        return bits;
    }

    private bool IsClosed(int day, int closedOn)
    {
        var weekday = ((int)today.DayOfWeek - 1 + day) % 7;
        if (weekday < 0) weekday += 7;
        return (closedOn >> weekday + 1 & 1) != 0;
    }
}
