namespace SimLedger.Rules.Evaluating;

/// <summary>What a line's clocks become when another version governs (rule pack format 1, section 6, step 2).</summary>
internal static class VersionChange
{
    public static void Apply(RuleVersion version, LineState state, LocalCalendar calendar)
    {
        AdoptStatedClock(version, state, calendar);
        if (!state.GovernedByOtherThan(version)) return;

        // Decided for all before one is stopped: a clock that holds another one's end up may be among them.
        var start = calendar.StartOf(version.From);
        foreach (var run in state.Clocks)
        {
            run.Marked = !run.Stopped && version.FindClock(run.Id) is null && state.DeadlineOf(run) > start;
        }

        foreach (var run in state.Clocks) run.Stopped |= run.Marked;
    }

    // "Becomes that clock, keeping its end date" is read as: all but the end date is the version's from here on, ladder and time of day too.
    private static void AdoptStatedClock(RuleVersion version, LineState state, LocalCalendar calendar)
    {
        if (version.Clocks.Count == 0 || state.FindClock(Clock.StatedId) is not { } stated) return;

        var heir = version.FirstValidityClock() ?? version.Clocks[0];
        if (state.FindClock(heir.Id) is { } earlier)
        {
            // It ran once and stopped: the same clock, so it keeps its place among those that started.
            state.Clocks.Remove(stated);
            earlier.TakeOver(heir, version);
            earlier.EndOn(stated.End, calendar);
            earlier.Stopped = stated.Stopped;
            return;
        }

        var stopped = stated.Stopped;
        stated.TakeOver(heir, version);
        stated.EndOn(stated.End, calendar);
        stated.Stopped = stopped;
    }
}
