using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>Says which clock decides, why, and by when one should act.</summary>
internal sealed class BindingStatements(LineWalk walk, Naming naming, ClockChains chains, RulePack pack)
{
    public IEnumerable<Statement> Of(Question question, Standing standing)
    {
        var state = walk.Line.State;
        if (state.Binding() is not { } binding || standing is not { EndsOn: { } endsOn, RenewBy: { } renewBy }) yield break;

        var confidence = chains.ConfidenceOf(binding);
        yield return Binds(binding, state, confidence);

        // The deadline may be another clock's: an end and a deadline are each the later of two.
        var deadline = state.DeadlineOf(binding);
        if (walk.Line.Calendar.EndOf(endsOn) != deadline)
        {
            yield return Statement.Of(
                StatementCode.EndsWithinDay, Naming.LessSure(confidence, binding.Version?.Source.Confidence), // The time of day is the rule's in any case.
                ("endsOn", Naming.Day(walk.Line.Calendar.DateBefore(deadline))),
                ("time", new Datum.TimeOfDay(walk.Line.Calendar.TimeOf(deadline))), ("zone", Naming.Text(pack.Zone.Id)));
        }

        if (standing.Stage is Stage.Active) yield return ActBy(question, renewBy, confidence);
    }

    private Statement Binds(ClockRun binding, LineState state, Confidence? confidence)
    {
        ClockRun? next = null;
        foreach (var run in state.Clocks)
        {
            if (!run.Stopped && run != binding && (next is null || state.DeadlineOf(run) < state.DeadlineOf(next))) next = run;
        }

        var clock = ("clock", naming.Clock(binding.Id, binding.Kind));
        if (next is null) return Statement.Of(StatementCode.BindsAlone, null, clock);

        return Statement.Of(
            state.DeadlineOf(next) == state.DeadlineOf(binding) ? StatementCode.BindsTied : StatementCode.BindsFirst,
            Naming.LessSure(confidence, chains.ConfidenceOf(next)),
            clock, ("other", naming.Clock(next.Id, next.Kind)), ("otherEnd", Naming.Day(state.EndOf(next))));
    }

    private Statement ActBy(Question question, LocalDate renewBy, Confidence? confidence)
    {
        (string, Datum)[] data = [("renewBy", Naming.Day(renewBy)), ("margin", Naming.Days(question.MarginDays))];
        if (pack.FindChannel(question.Channel) is not { } channel) return Statement.Of(StatementCode.ActBy, confidence, data);

        return Statement.Of(
            StatementCode.ActByChannel, confidence,
            [.. data, ("lead", Naming.Days(Math.Max(channel.CreditTakesDays, channel.LeadDays))), ("channel", new Datum.Channels([channel.Code]))]);
    }
}
