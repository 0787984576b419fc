using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>Moves a clock's end as an extension says (rule pack format 1, section 6, "Combine").</summary>
internal sealed class ClockMove(Product product, EntryMatching matching, LocalCalendar calendar)
{
    /// <param name="run">The clock; one that never started is new and has no end before.</param>
    /// <param name="n">The extension's term; of no meaning for <see cref="Combine.Set"/>.</param>
    public void Apply(ClockRun run, Clock clock, RuleVersion version, Extension extension, Term n, in TakenEntry entry, LineState state, EntryEffect effect)
    {
        var ran = run.RanAt(entry.At);
        var mode = extension.Combine is Combine.Add or Combine.Max && !ran ? Combine.Reset : extension.Combine;
        var planEnd = mode is Combine.AfterPlan ? EndOfFirstPlan(state) : null; // Before a plan that moves itself takes over what holds it up.
        run.TakeOver(clock, version);

        var wasted = clock.Ends.IsExact
            ? MoveExactly(run, mode, n, entry)
            : MoveByDate(run, mode, clock, version, extension, n, entry, planEnd);

        var after = state.EndOf(run);
        var isEarlier = !clock.Ends.IsExact || state.DeadlineOf(run) < run.DeadlineBefore; // Of exact ends instants are compared, not dates.
        int? shortened = ran && isEarlier && run.EndBefore is { } before && after < before ? LocalCalendar.DaysBetween(after, before) : null;
        effect.Add(new ClockChange(run.Id, run.EndBefore, after, wasted > 0 ? wasted : null, shortened, null, version.Version));
    }

    private int MoveByDate(
        ClockRun run, Combine mode, Clock clock, RuleVersion version, Extension extension, Term n, in TakenEntry entry, LocalDate? planEnd)
    {
        if (mode is Combine.Set)
        {
            run.EndOn(entry.Entry.EndsOn.GetValueOrDefault().WithCalendar(CalendarSystem.Iso), calendar);
            return 0;
        }

        var c = run.EndBefore.GetValueOrDefault();
        var wanted = mode switch
        {
            Combine.Add => LocalCalendar.Add(c, n),
            Combine.Max => LocalDate.Max(c, FromDay(entry.On, n, clock)),
            Combine.AfterPlan when planEnd is { } plan => LocalCalendar.Add(plan, n),
            Combine.EndOfMonth => EndOfMonth(FromDay(entry.On, n, clock)),
            _ => FromDay(entry.On, n, clock),
        };
        if (extension.Bonus) wanted = LocalCalendar.AddDays(wanted, BonusDays(entry));

        var end = wanted;
        if (extension.Cap is { } cap) end = LocalDate.Min(end, FromDay(entry.On, cap, clock));
        if (clock.Kind is ClockKind.Validity && version.Limits.MaxRemaining is { } most) end = LocalDate.Min(end, FromDay(entry.On, most, clock));
        if (mode is Combine.Add or Combine.Max) end = LocalDate.Max(end, c); // Only a running clock comes here with these modes.

        run.EndOn(end, calendar);

        // The whole of N is counted from the day itself: its length does not change with what the first day counts for.
        return mode is Combine.Max && end == c
            ? LocalCalendar.DaysBetween(entry.On, LocalCalendar.Add(entry.On, n))
            : LocalCalendar.DaysBetween(end, wanted);
    }

    private int MoveExactly(ClockRun run, Combine mode, Term n, in TakenEntry entry)
    {
        var fromEntry = calendar.AddElapsed(entry.At, n);
        if (mode is Combine.Max && fromEntry <= run.DeadlineBefore)
        {
            run.EndAt(run.EndBefore.GetValueOrDefault(), run.DeadlineBefore);
            return LocalCalendar.DaysBetween(entry.On, n.Unit is TermUnit.Hour ? calendar.DateOf(fromEntry) : LocalCalendar.Add(entry.On, n));
        }

        var deadline = mode is Combine.Add ? calendar.AddElapsed(run.DeadlineBefore, n) : fromEntry;
        run.EndAt(calendar.DateBefore(deadline), deadline);
        return 0;
    }

    /// <returns>Null if no plan ever started: then the term counts from the day of the entry.</returns>
    private static LocalDate? EndOfFirstPlan(LineState state)
    {
        foreach (var run in state.Clocks)
        {
            if (run.Kind is ClockKind.Plan) return state.EndOf(run);
        }

        return null;
    }

    private static LocalDate FromDay(LocalDate day, Term term, Clock clock) =>
        LocalCalendar.AddDays(LocalCalendar.Add(day, term), clock.FirstDayCounts ? -1 : 0);

    private static LocalDate EndOfMonth(LocalDate date) => DateAdjusters.EndOfMonth(date);

    private int BonusDays(in TakenEntry entry) =>
        product.FindPromotion(entry.Entry.Promotion) is { Effect.BonusDays: { } days } promotion && matching.IsOpenFor(promotion, entry) ? days : 0;
}
