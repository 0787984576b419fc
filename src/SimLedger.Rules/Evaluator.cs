using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules;

/// <summary>Rules and history of one line in, its standing out: the meaning of rule pack format 1.</summary>
public static class Evaluator
{
    /// <summary>Tells how a line stands at an instant.</summary>
    /// <returns>
    /// Always an answer. A product the pack does not have is one that no version governs; amounts, dates and terms beyond
    /// what can be counted stay at the last that can.
    /// </returns>
    /// <remarks>
    /// Pure: the same arguments give the same answer on every machine and at any time. Never throws for a pack that
    /// <see cref="RulePackReader"/> gave and a history without nulls. O(entries x clocks), and O(entries squared) for rules that add up amounts.
    /// </remarks>
    public static Standing Evaluate(RulePack pack, Question question)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(question);

        var line = new LineEvaluation(pack, question);
        line.TakeEntries();

        var dayAsked = line.Calendar.DateOf(question.AsOf);
        var governing = line.GoverningVersion(dayAsked);
        if (governing is not null) VersionChange.Apply(governing, line.State, line.Calendar);
        AutomaticExtensions.Apply(line.State, until: null, line.Calendar);

        RaiseFlags(line, governing);
        return Report(pack, question, line, dayAsked);
    }

    private static void RaiseFlags(LineEvaluation line, RuleVersion? governing)
    {
        if (line.State.Balance < 0) line.Flags.Raise(Flag.Arrears);

        if (line.State.Binding() is { } binding)
        {
            if (binding.AutomaticMoves > 0) line.Flags.Raise(Flag.DependsOnBalance);
            return;
        }

        line.Flags.Raise(governing is null || line.SomeEntryUnknown ? Flag.RuleUnknown : Flag.NotStarted);
    }

    private static Standing Report(RulePack pack, Question question, LineEvaluation line, LocalDate dayAsked)
    {
        var (state, calendar) = (line.State, line.Calendar);
        var binding = state.Binding();
        LocalDate? endsOn = binding is null ? null : state.EndOf(binding);
        LocalDate? renewBy = endsOn is { } end ? RenewBy(end, question.MarginDays, pack.FindChannel(question.Channel)) : null;
        var (stage, _, stageEndsOn) = LadderStages.At(question.AsOf, state, calendar);

        return new Standing(
            stage,
            stageEndsOn,
            binding is null ? null : state.DeadlineOf(binding),
            endsOn,
            binding?.Id,
            binding?.Version?.Version,
            binding?.Version?.Source.Confidence,
            renewBy,
            renewBy is { } day ? LocalCalendar.AddDays(day, -(long)question.PrepareDays) : null,
            binding is null ? [] : LadderStages.From(binding, state, calendar),
            ClockStates(state, question.AsOf),
            line.Flags.ToList(),
            state.Balance is { } balance ? new ObservedBalance(MoneySum.Subtract(balance, state.Deducted), state.BalanceOn) : null,
            line.Outcomes,
            HoldsUntil(line, dayAsked));
    }

    /// <summary>The last safe day to act: early enough for margin and channel, and a day on which the channel is open.</summary>
    private static LocalDate RenewBy(LocalDate endsOn, int marginDays, Channel? channel)
    {
        var lead = channel is null ? 0L : Math.Max(channel.CreditTakesDays, channel.LeadDays);
        var day = LocalCalendar.AddDays(endsOn, -(marginDays + lead));
        for (var tries = 0; tries < 7 && channel is not null && channel.ClosedOn.Contains(day.DayOfWeek); tries++)
        {
            day = LocalCalendar.AddDays(day, -1);
        }

        return day;
    }

    private static List<ClockState> ClockStates(LineState state, Instant asOf)
    {
        var states = new List<ClockState>(state.Clocks.Count);
        foreach (var run in state.Clocks)
        {
            var deadline = state.DeadlineOf(run);
            var running = !run.Stopped && asOf < deadline;
            states.Add(new ClockState(run.Id, run.Kind, state.EndOf(run), deadline, running, run.Version?.Version, run.Version?.Source.Confidence));
        }

        return states;
    }

    // Deadlines and ladder stages are no reason: they stand in the answer with their instants.
    private static Instant? HoldsUntil(LineEvaluation line, LocalDate dayAsked)
    {
        LocalDate? nextDay = null;
        var versions = line.Versions;
        for (var i = 0; i < versions.Count; i++)
        {
            if (!line.IsFor(versions[i])) continue;

            if (versions[i].From > dayAsked) nextDay = Earlier(nextDay, versions[i].From);
            if (versions[i].To >= dayAsked) nextDay = Earlier(nextDay, LocalCalendar.AddDays(versions[i].To.GetValueOrDefault(), 1));
        }

        var nextLater = line.Timeline.NextLater;
        if (nextDay is not { } day) return nextLater;

        var change = line.Calendar.StartOf(day);
        return nextLater < change ? nextLater : change;
    }

    private static LocalDate Earlier(LocalDate? known, LocalDate other) => known is { } day && day < other ? day : other;
}
