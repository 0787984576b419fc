using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>Says what extends the line, what follows its deadline, and what helps at each stage of it.</summary>
internal sealed class NextStatements(LineWalk walk, Naming naming, WaysBack ways, ClockChains chains)
{
    /// <summary>What there is to do before the deadline, or after one of which nobody knows what follows.</summary>
    public IEnumerable<Statement> Now(Standing standing)
    {
        if (walk.Line.State.Binding() is not { } binding || walk.Governing is not { } governing || standing.EndsOn is not { } endsOn) yield break;
        if (standing.Stage is not (Stage.Active or Stage.Lapsed)) yield break;

        var name = naming.Clock(binding.Id, binding.Kind);
        var clock = governing.FindClock(binding.Id);
        var extending = clock is null ? [] : ways.Extending(clock, governing, null);
        if (extending.Count > 0)
        {
            yield return standing.Stage is Stage.Active
                ? Statement.Of(
                    StatementCode.ExtendedBy, chains.ConfidenceOf(binding),
                    ("endsOn", Naming.Day(endsOn)), ("clock", name), ("ways", new Datum.Ways(extending)))
                : Statement.Of(StatementCode.StillExtendedBy, null, ("clock", name), ("ways", new Datum.Ways(extending)));
        }

        if (binding.AutoExtend is { } automatic)
        {
            yield return Statement.Of(
                StatementCode.ExtendedByBalance, null,
                ("clock", name), ("balance", naming.Money(automatic.BalanceAtLeast)), ("term", new Datum.Length(automatic.By)),
                ("deduct", naming.Money(automatic.Deduct)));
        }

        var stopping = clock is null ? [] : ways.Of(clock.StopsOn);
        if (stopping.Count > 0) yield return Statement.Of(StatementCode.WouldStop, null, ("clock", name), ("ways", new Datum.Ways(stopping)));
        if (extending.Count + stopping.Count == 0 && binding.AutoExtend is null)
        {
            yield return Statement.Of(StatementCode.ExtendedByNothing, null, ("clock", name));
        }
    }

    /// <summary>The ladder, stage by stage.</summary>
    public IEnumerable<ExplainedStage> Stages(Standing standing, Instant asOf)
    {
        if (walk.Line.State.Binding() is not { } binding || standing.EndsOn is not { } endsOn) yield break;

        var confidence = Naming.LessSure(binding.Version?.Source.Confidence, chains.ConfidenceOf(binding));
        var ladder = binding.Ladder.Where(stage => stage.Length.N != 0).ToList();
        for (var i = 0; i < standing.Stages.Count; i++)
        {
            var period = standing.Stages[i];
            var after = i == 0 ? endsOn : standing.Stages[i - 1].EndsOn.GetValueOrDefault();
            if (i < ladder.Count && period.EndsOn is { } until) yield return OfLadder(period, ladder[i], after, until, binding, confidence, asOf);
            else if (period.Stage is Stage.Lost) yield return new ExplainedStage(period, null, [], [Lost(period, after, confidence, asOf)]);
            else yield return Lapsed(period, endsOn, binding);
        }
    }

    /// <summary>Nobody knows what follows, so nothing hinders an extension.</summary>
    private ExplainedStage Lapsed(StagePeriod period, LocalDate endsOn, ClockRun binding) => new(
        period, null, RescueIn(null, binding), [Statement.Of(StatementCode.WhatFollowsUnknown, chains.ConfidenceOf(binding), ("endsOn", Naming.Day(endsOn)))]);

    private static Statement Lost(StagePeriod period, LocalDate after, Confidence? confidence, Instant asOf) =>
        Statement.Of(period.From <= asOf ? StatementCode.LostNow : StatementCode.LostFollows, confidence, ("date", Naming.Day(after)));

    private ExplainedStage OfLadder(
        StagePeriod period, LadderStage stage, LocalDate after, LocalDate until, ClockRun binding, Confidence? confidence, Instant asOf)
    {
        var name = ("stage", (Datum)new Datum.OfStage(stage.Stage));
        List<Statement> said = [
            Statement.Of(
                period.From <= asOf ? StatementCode.StageNow : StatementCode.StageFollows, confidence,
                ("date", Naming.Day(after)), name, ("until", Naming.Day(until))),
        ];
        if (stage.Services.Count > 0) said.Add(Statement.Of(StatementCode.StageServices, null, name, ("services", new Datum.Services(stage.Services))));
        if (stage.Balance is { } fate) said.Add(Statement.Of(StatementCode.StageBalance, null, name, ("fate", new Datum.Balance(fate))));

        var rescue = RescueIn(stage.Exits, binding);
        said.Add(rescue.Count > 0
            ? Statement.Of(StatementCode.StageRescue, null, name, ("ways", new Datum.Ways(rescue)))
            : Statement.Of(StatementCode.StageWithoutRescue, null, name));
        if (stage.Note is { } note) said.Add(Statement.Of(StatementCode.StageNote, null, name, ("note", new Datum.Quote(note))));
        return new ExplainedStage(period, stage, rescue, said);
    }

    /// <summary>What the stage lets extend the clock, and what stops it: that no stage hinders.</summary>
    private IReadOnlyList<Way> RescueIn(IReadOnlyList<Trigger>? exits, ClockRun binding) =>
        walk.Governing?.FindClock(binding.Id) is { } clock ? [.. ways.Extending(clock, walk.Governing, exits), .. ways.Of(clock.StopsOn)] : [];
}
