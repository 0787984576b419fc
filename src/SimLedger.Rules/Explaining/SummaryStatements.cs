namespace SimLedger.Rules.Explaining;

/// <summary>Chooses what an operator reads aloud: where the line stands, and the one thing to know beside it.</summary>
internal sealed class SummaryStatements(LineWalk walk, ClockChains chains)
{
    /// <summary>What must be settled before a date can be trusted comes before what follows it.</summary>
    private static readonly StatementCode[] Pressing = [
        StatementCode.CarrierWithoutRules, StatementCode.ProductMissing, StatementCode.ProductUnknown, StatementCode.NoVersionGoverns, StatementCode.Arrears,
        StatementCode.ConflictingRules, StatementCode.FactsWithoutRule, StatementCode.WouldStart, StatementCode.DependsOnBalance, StatementCode.StageRescue,
        StatementCode.StageWithoutRescue, StatementCode.StillExtendedBy, StatementCode.WhatFollowsUnknown, StatementCode.StageFollows,
        StatementCode.LostFollows,
    ];

    /// <param name="said">All other statements; of the stages that are over, none.</param>
    public IReadOnlyList<Statement> Of(Standing standing, IReadOnlyList<Statement> said)
    {
        var where = Where(standing);
        foreach (var code in Pressing)
        {
            // In its last stage "not known" is what the first sentence says already.
            if (code is StatementCode.WhatFollowsUnknown && standing.Stage is Stage.Lapsed) continue;
            if (code is StatementCode.StageRescue or StatementCode.StageWithoutRescue && !IsInLadder(standing.Stage)) continue;
            if (said.FirstOrDefault(statement => statement.Code == code) is { } beside) return [where, beside];
        }

        return [where];
    }

    private Statement Where(Standing standing)
    {
        if (standing is not { EndsOn: { } endsOn, RenewBy: { } renewBy } || walk.Line.State.Binding() is not { } binding)
        {
            return Statement.Of(standing.Flags.Contains(Flag.RuleUnknown) ? StatementCode.NoDateKnown : StatementCode.NothingStarted, null);
        }

        var end = ("endsOn", Naming.Day(endsOn));
        var confidence = chains.ConfidenceOf(binding);
        var ofLadder = Naming.LessSure(confidence, binding.Version?.Source.Confidence);
        return standing.Stage switch
        {
            Stage.Active => Statement.Of(
                renewBy < walk.DayAsked ? StatementCode.GoodButOverdue : StatementCode.GoodUntil, confidence, end, ("renewBy", Naming.Day(renewBy))),
            Stage.Lost => Statement.Of(
                StatementCode.NumberLost, ofLadder, end, ("from", Naming.Day(walk.Line.Calendar.DateOf(standing.Stages[^1].From)))),
            Stage.Lapsed => Statement.Of(StatementCode.PastEndUnknown, confidence, end),
            var stage => Statement.Of(
                StatementCode.PastEnd, ofLadder, end, ("stage", new Datum.OfStage(stage)), ("until", Naming.Day(standing.StageEndsOn.GetValueOrDefault()))),
        };
    }

    private static bool IsInLadder(Stage stage) => stage is Stage.Grace or Stage.Suspended or Stage.Reclaimable or Stage.Quarantine;
}
