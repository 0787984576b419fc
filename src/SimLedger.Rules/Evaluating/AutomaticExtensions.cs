using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>Moves that the balance pays for (rule pack format 1, step 3 of section 6 and section 7).</summary>
internal static class AutomaticExtensions
{
    /// <summary>Moves every clock that the carrier prolongs by itself, in the order they first started.</summary>
    /// <param name="until">Only while a deadline is not after this instant; null: as far as the balance goes.</param>
    public static void Apply(LineState state, Instant? until, LocalCalendar calendar)
    {
        LocalDate? untilDay = null;
        foreach (var run in state.Clocks)
        {
            if (run.AutoExtend is not { } extension || run.Stopped || state.Balance is not { } balance) continue;

            // A balance observed in time for one move is in time for those after it: a deadline only moves on.
            var deadline = state.DeadlineOf(run);
            if (state.BalanceAt > deadline || deadline > until) continue;

            untilDay ??= until is { } instant ? calendar.DateOf(instant) : LocalDate.MaxIsoValue;
            Move(run, extension, balance, state, until, untilDay.Value, calendar);
        }
    }

    private static void Move(
        ClockRun run, AutoExtension extension, decimal balance, LineState state, Instant? until, LocalDate untilDay, LocalCalendar calendar)
    {
        var moves = MovesAtOnce(run, extension, MoneySum.Subtract(balance, state.Deducted), state.EndOf(run), untilDay);
        var end = LocalCalendar.AddDays(state.EndOf(run), moves * (long)extension.By.N);
        state.Deducted = MoneySum.Add(state.Deducted, moves * extension.Deduct);

        while (MoneySum.Subtract(balance, state.Deducted) >= extension.BalanceAtLeast &&
            (extension.MaxTimes is not { } most || run.AutomaticMoves + moves < most) &&
            (moves == 0 || until is null || run.DeadlineOn(end, calendar) <= until))
        {
            var next = LocalCalendar.Add(end, extension.By);
            if (next <= end) break; // The end of the calendar, or a pack made by hand: nothing would ever end this.

            (end, moves) = (next, moves + 1);
            state.Deducted = MoneySum.Add(state.Deducted, extension.Deduct);
        }

        if (moves > 0) run.MoveAutomatically(end, moves, calendar);
    }

    /// <summary>How many moves of some days are sure to come, so that they need not be made one by one.</summary>
    /// <remarks>A balance with a digit too many pays until the end of the calendar, some three million days away.</remarks>
    private static int MovesAtOnce(ClockRun run, AutoExtension extension, decimal left, LocalDate end, LocalDate untilDay)
    {
        if (extension is not { By: { Unit: TermUnit.Day, N: > 0 }, Deduct: > 0 } || left < extension.BalanceAtLeast) return 0;

        var paid = (double)MoneySum.Subtract(left, extension.BalanceAtLeast) / (double)extension.Deduct;
        var days = (double)LocalCalendar.DaysBetween(end, untilDay) / extension.By.N;
        var times = extension.MaxTimes is { } most ? most - run.AutomaticMoves : int.MaxValue;

        // One less than each allows: what rounding may have added is made one by one.
        return (int)Math.Max(0, Math.Min(times, Math.Min(paid, days)) - 1);
    }
}
