using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>Says what a step did: first what made the date, then what came on top and what was lost.</summary>
internal sealed class StepStatements(Naming naming, WaysBack ways, ClockChains chains)
{
    /// <param name="entry">Null for what happens without one.</param>
    public IReadOnlyList<Statement> Of(Step step, TakenEntry? entry)
    {
        var fact = entry is { } taken ? naming.Fact(taken.Entry, taken.On) : null;
        return step switch
        {
            Step.Started s => [Started(s, fact!)],
            Step.Extended s => Extended(s, fact!, entry.GetValueOrDefault()),
            Step.CarrierStated s => [CarrierStated(s, fact!)],
            Step.StartedAnew s => [StartedAnew(s, fact!)],
            Step.MovedAutomatically s => [MovedAutomatically(s)],
            Step.KeptThroughVersion s => [KeptThroughVersion(s)],
            Step.StoppedByVersion s => [StoppedByVersion(s)],
            Step.StoppedByFact s => [StoppedByFact(s, fact!)],
            Step.TooLate s => [TooLate(s, fact!)],
            _ => throw new InvalidOperationException($"No statement for {step.GetType().Name}."),
        };
    }

    private Statement Started(Step.Started step, Datum fact) => Statement.Of(
        StatementCode.Started, step.Version.Source.Confidence,
        ("entry", fact), ("clock", naming.Clock(step.By)), ("span", Naming.Span(step.By.Length, step.By)), ("after", Naming.Day(step.Change.After)),
        ("version", Naming.Text(step.Version.Version)));

    private Statement StartedAnew(Step.StartedAnew step, Datum fact) => Statement.Of(
        StatementCode.StartedAnew, step.Run.Version?.Source.Confidence,
        [
            ("entry", fact), ("clock", naming.Clock(step.Clock, step.Kind)),
            ("span", new Datum.Span(step.Run.Length.GetValueOrDefault(), step.Run.FirstDayCounts, step.Run.Ends.IsExact)),
            ("after", Naming.Day(step.Change.After)), .. VersionOf(step.Change.RuleVersion),
        ]);

    private Statement CarrierStated(Step.CarrierStated step, Datum fact)
    {
        var change = step.Change;
        var code = change.DriftDays switch
        {
            null => StatementCode.CarrierGave,
            0 => StatementCode.CarrierGaveSame,
            > 0 => StatementCode.CarrierGaveLater,
            _ => StatementCode.CarrierGaveEarlier,
        };
        (string, Datum)[] drift = change is { DriftDays: { } days and not 0, Before: { } before }
            ? [("days", Naming.Days(Math.Abs((long)days))), ("before", Naming.Day(before))]
            : [];

        // Of the two dates only the one that was known until then may come from a rule.
        var isComputed = drift.Length > 0 && !chains.EndsByCarrier(step.Clock);
        return Statement.Of(
            code, isComputed ? step.Earlier?.Source.Confidence : null,
            [("entry", fact), ("clock", naming.Clock(step.Clock, step.Kind)), ("after", Naming.Day(change.After)), .. drift, .. VersionOf(change.RuleVersion)]);
    }

    private Statement MovedAutomatically(Step.MovedAutomatically step) => Statement.Of(
        StatementCode.MovedAutomatically, step.Run.Version?.Source.Confidence,
        [
            ("clock", naming.Clock(step.Clock, step.Kind)), ("times", new Datum.Times(step.Times)), ("term", new Datum.Length(step.By.By)),
            ("deduct", naming.Money(step.By.Deduct)), ("before", Naming.Day(step.From)), ("after", Naming.Day(step.To)),
            .. VersionOf(step.Run.Version?.Version),
        ]);

    private Statement KeptThroughVersion(Step.KeptThroughVersion step) => Statement.Of(
        StatementCode.KeptThroughVersion, null,
        ("version", Naming.Text(step.Version.Version)), ("after", Naming.Day(step.End)), ("clock", naming.Clock(step.Clock, step.Kind)));

    private Statement StoppedByVersion(Step.StoppedByVersion step) => Statement.Of(
        StatementCode.StoppedByVersion, null,
        ("version", Naming.Text(step.Version.Version)), ("from", Naming.Day(step.Version.From)), ("clock", naming.Clock(step.Clock, step.Kind)));

    private Statement StoppedByFact(Step.StoppedByFact step, Datum fact) => Statement.Of(
        StatementCode.StoppedByFact, null, ("entry", fact), ("clock", naming.Clock(step.By)), ("version", Naming.Text(step.Version.Version)));

    private Statement TooLate(Step.TooLate step, Datum fact)
    {
        (string, Datum)[] data = [
            ("entry", fact), ("clock", naming.Clock(step.By)), ("stage", new Datum.OfStage(step.Stage)), ("version", Naming.Text(step.Version.Version)),
        ];
        if (step.Stage is Stage.Lost) return Statement.Of(StatementCode.TooLateLost, null, data);

        var back = ways.Extending(step.By, step.Version, step.OfLadder?.Exits);
        return back.Count == 0
            ? Statement.Of(StatementCode.TooLateForAll, null, data)
            : Statement.Of(StatementCode.TooLateForStage, null, [.. data, ("ways", new Datum.Ways(back))]);
    }

    private List<Statement> Extended(Step.Extended step, Datum fact, in TakenEntry entry)
    {
        var (change, confidence) = (step.Change, step.Version.Source.Confidence);
        (string, Datum)[] common = [
            ("entry", fact), ("clock", naming.Clock(step.By)), ("after", Naming.Day(change.After)), ("version", Naming.Text(step.Version.Version)),
        ];
        var fromDay = LocalCalendar.AddDays(LocalCalendar.Add(entry.On, step.N), step.By.FirstDayCounts ? -1 : 0);
        var reachesFurther = !step.By.Ends.IsExact && LocalCalendar.AddDays(fromDay, step.BonusDays) > change.Before;
        var said = new List<Statement>();
        if (step is { IsKept: true, Mode: Combine.Max } && change.WastedDays is { } inVain && !reachesFurther)
        {
            said.Add(Statement.Of(
                StatementCode.WastedNotLater, confidence, [.. common, ("span", Naming.Span(step.N, step.By)), ("days", Naming.Days(inVain))]));
            return said;
        }

        var byBonusAlone = step is { IsKept: false, Mode: Combine.Max, BonusDays: > 0 } && fromDay <= change.Before;
        said.Add(step.IsKept ? Statement.Of(StatementCode.LeftAsItWas, confidence, common) : Moved(step, byBonusAlone, common, entry));
        if (step is { BonusDays: > 0, IsKept: false } && !byBonusAlone)
        {
            said.Add(Statement.Of(
                StatementCode.BonusAdded, null,
                [.. common[..2], ("promotion", Naming.Text(entry.Entry.Promotion!)), ("days", Naming.Days(step.BonusDays)), common[3]]));
        }

        if (change.WastedDays is { } wasted && Limit(step) is { } limit)
        {
            said.Add(Statement.Of(StatementCode.WastedByLimit, confidence, [.. common, ("days", Naming.Days(wasted)), ("limit", new Datum.Length(limit))]));
        }

        if (change is { ShortenedDays: { } shortened, Before: { } before })
        {
            said.Add(Statement.Of(StatementCode.Shortened, confidence, [.. common, ("days", Naming.Days(shortened)), ("before", Naming.Day(before))]));
        }

        return said;
    }

    private static Statement Moved(Step.Extended step, bool byBonusAlone, (string, Datum)[] common, in TakenEntry entry)
    {
        var code = step.Mode switch
        {
            Combine.Set => StatementCode.NamedEnd,
            Combine.Add => StatementCode.MovedFromEnd,
            Combine.AfterPlan when step.AfterPlan => StatementCode.MovedPastPlan,
            Combine.EndOfMonth => StatementCode.MovedToMonthEnd,
            _ when byBonusAlone => StatementCode.MovedByBonus,
            _ => step.Ran ? StatementCode.MovedFromDay : StatementCode.SetFromDay,
        };
        List<(string, Datum)> data = [.. common];
        if (code is StatementCode.MovedFromEnd or StatementCode.MovedPastPlan) data.Add(("term", new Datum.Length(step.N)));
        else if (code is not StatementCode.NamedEnd) data.Add(("span", Naming.Span(step.N, step.By)));
        if (step.Ran && step.Change.Before is { } before) data.Add(("before", Naming.Day(before)));
        if (byBonusAlone) data.AddRange([("days", Naming.Days(step.BonusDays)), ("promotion", Naming.Text(entry.Entry.Promotion!))]);
        return Statement.Of(code, step.Version.Source.Confidence, [.. data]);
    }

    /// <summary>The tighter of the two limits that can cut an end; null: it has neither.</summary>
    private static Term? Limit(Step.Extended step)
    {
        var cap = step.Extension.Cap;
        var most = step.By.Kind is ClockKind.Validity ? step.Version.Limits.MaxRemaining : null;
        if (cap is not { } one || most is not { } other) return cap ?? most;

        var from = step.Change.After;
        return LocalCalendar.Add(from, other) < LocalCalendar.Add(from, one) ? other : one;
    }

    private static (string, Datum)[] VersionOf(string? version) => version is null ? [] : [("version", Naming.Text(version))];
}
