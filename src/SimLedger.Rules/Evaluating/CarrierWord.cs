using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>The carrier's own word on an end date: it knows best, in every stage (rule pack format 1, section 6, step 7).</summary>
internal static class CarrierWord
{
    /// <param name="version">The version that governs; null: no rule.</param>
    public static void Apply(LocalDate endsOn, RuleVersion? version, in TakenEntry entry, LineState state, LocalCalendar calendar, EntryEffect effect)
    {
        var id = ClockMeant(version, entry.Entry.Clock, state);
        var run = state.FindClock(id) ?? Start(id, version, state);

        if (version?.FindClock(id) is { } clock) run.TakeOver(clock, version);
        run.EndOn(endsOn, calendar);

        int? drift = run.EndBefore is { } before ? LocalCalendar.DaysBetween(before, endsOn) : null;
        effect.Add(new ClockChange(id, run.EndBefore, state.EndOf(run), null, null, drift, version?.Version));

        if (state.DeadlineOf(run) > entry.At) StartOthersAnew(run, version, entry, state, calendar, effect);
    }

    // Clocks that this entry itself started are behind it if they are in the version: within one entry the first in the version started first.
    private static ClockRun Start(string id, RuleVersion? version, LineState state)
    {
        var run = new ClockRun(id);
        var place = state.Clocks.Count;
        while (place > 0 && state.Clocks[place - 1].EndBefore is null && IsBehind(state.Clocks[place - 1].Id, id, version)) place--;

        state.Clocks.Insert(place, run);
        return run;
    }

    private static bool IsBehind(string other, string id, RuleVersion? version)
    {
        for (var i = 0; i < version?.Clocks.Count; i++)
        {
            if (version.Clocks[i].Id == id) return true;
            if (version.Clocks[i].Id == other) return false;
        }

        return false;
    }

    // A clock that neither the version nor the line knows is as good as none named; one that they know is meant even where no rule governs.
    public static string ClockMeant(RuleVersion? version, string? named, LineState state)
    {
        if (named is not null && (version?.FindClock(named) is not null || state.FindClock(named) is not null)) return named;

        return version?.FirstValidityClock()?.Id ?? state.Binding()?.Id ?? (version is { Clocks: [var first, ..] } ? first.Id : Clock.StatedId);
    }

    // For the line lives: what ran out before cannot still be what takes it.
    private static void StartOthersAnew(
        ClockRun stated, RuleVersion? version, in TakenEntry entry, LineState state, LocalCalendar calendar, EntryEffect effect)
    {
        foreach (var run in state.Clocks)
        {
            run.Marked = !ReferenceEquals(run, stated) && !run.Stopped && state.DeadlineOf(run) <= entry.At;
        }

        foreach (var run in state.Clocks)
        {
            if (!run.Marked) continue;

            if (version?.FindClock(run.Id) is { } clock) run.TakeOver(clock, version);
            if (run.Length is not { } length) continue; // Only the carrier's word ever started it, so no length is known.

            run.EndAfter(length, entry, calendar);
            effect.Add(new ClockChange(run.Id, run.EndBefore, state.EndOf(run), null, null, null, version?.Version));
        }
    }
}
