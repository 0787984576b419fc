using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>Moves that the balance pays for (rule pack format 1, step 3 of section 6 and section 7).</summary>
internal static class AutomaticExtensions
{
    /// <summary>Moves every clock that the carrier prolongs by itself, in the order they first started.</summary>
    /// <param name="until">Only while a deadline is not after this instant; null: as far as the balance goes.</param>
    public static void Apply(LineState state, Instant? until, LocalCalendar calendar)
    {
        foreach (var run in state.Clocks)
        {
            if (run.AutoExtend is not { } extension || run.Stopped) continue;

            while ((until is null || state.DeadlineOf(run) <= until) && IsPaidFor(run, extension, state))
            {
                var end = state.EndOf(run);
                var next = LocalCalendar.Add(end, extension.By);
                if (next <= end) break; // The end of the calendar, or a pack made by hand: nothing would ever end this.

                run.MoveAutomatically(next, calendar);
                state.Deducted = MoneySum.Add(state.Deducted, extension.Deduct);
            }
        }
    }

    private static bool IsPaidFor(ClockRun run, AutoExtension extension, LineState state) =>
        state.Balance is { } balance &&
        state.BalanceAt <= state.DeadlineOf(run) &&
        MoneySum.Subtract(balance, state.Deducted) >= extension.BalanceAtLeast &&
        (extension.MaxTimes is not { } most || run.AutomaticMoves < most);
}
