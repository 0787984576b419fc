using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Quoting;

/// <summary>On which days the same action could be done: the last safe one, the last one at all, a better one.</summary>
internal static class ActingDays
{
    /// <summary>The first day from this one on that the channel is open.</summary>
    public static LocalDate OpenFrom(LocalDate day, Channel? channel) => Open(day, channel, 1);

    /// <summary>The last day up to this one that the channel is open.</summary>
    public static LocalDate OpenUntil(LocalDate day, Channel? channel) => Open(day, channel, -1);

    /// <summary>The renew-by date of the channel, or the last day of sale before it.</summary>
    public static LocalDate? LastSafe(KeepingAction action, Standing before)
    {
        if (before.RenewBy is not { } day) return null;
        if (action.Offer?.To < day) day = OpenUntil(action.Offer.To.GetValueOrDefault(), action.Channel);
        return day < action.Offer?.From ? null : day;
    }

    /// <summary>
    /// The last day, from the one asked on, on which it would still keep the line and be credited before the stage that lets it through ends.
    /// </summary>
    public static LocalDate? Last(WhatIf line, KeepingAction action, LocalDate on)
    {
        var before = line.Before(on, action.Channel);
        if (before.EndsOn is not { } end) return null;

        // From the end of each stage backwards: what an earlier stage lets through need not pass in a later one.
        var ends = before.Stages.Where(stage => stage.EndsOn is not null).Select(stage => stage.EndsOn.GetValueOrDefault()).Prepend(end).Reverse();
        foreach (var last in ends)
        {
            var day = LocalCalendar.AddDays(last, -(action.Channel?.CreditTakesDays ?? 0));
            if (action.Offer?.To < day) day = action.Offer.To.GetValueOrDefault();
            day = OpenUntil(day, action.Channel);
            if (day < on) return null;
            if (day >= (action.Offer?.From ?? day) && Effect.Keeps(line.Before(day, action.Channel), line.After(action, day))) return day;
        }

        return null;
    }

    /// <summary>The first later day, up to the last safe one, on which the line's end would move furthest; null: no day is better than the one asked.</summary>
    /// <remarks>
    /// As days go by an end that is counted from the day moves along, so the last safe day gives most. Where a rule breaks this (a version
    /// begins, a promotion ends) an earlier day may be overlooked; the day told gives what is said, for the evaluator was asked about it.
    /// </remarks>
    public static (LocalDate Day, int LostDays)? Better(WhatIf line, KeepingAction action, LocalDate on, Standing after, LocalDate? lastSafe)
    {
        if (lastSafe is not { } latest || latest <= on || after.EndsOn is not { } now || line.Before(on, action.Channel).Stage is not Stage.Active) return null;
        if (End(latest) is not { } most || most <= now) return null;

        // Not on the day before first is the end as late as that; on the day latest it is.
        var first = LocalCalendar.AddDays(on, 1);
        while (first < latest)
        {
            var middle = LocalCalendar.AddDays(first, LocalCalendar.DaysBetween(first, latest) / 2);
            if (End(middle) >= most) latest = middle;
            else first = LocalCalendar.AddDays(middle, 1);
        }

        var open = OpenFrom(latest, action.Channel);
        return (open < lastSafe && End(open) >= most ? open : lastSafe.Value, LocalCalendar.DaysBetween(now, most));

        LocalDate? End(LocalDate day) => line.After(action, day) is { Stage: Stage.Active, EndsOn: { } end } ? end : null;
    }

    private static LocalDate Open(LocalDate day, Channel? channel, int step)
    {
        for (var tries = 0; tries < 7 && channel is not null && channel.ClosedOn.Contains(day.DayOfWeek); tries++) day = LocalCalendar.AddDays(day, step);
        return day;
    }
}
