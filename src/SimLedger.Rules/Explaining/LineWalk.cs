using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Explaining;

/// <summary>
/// Evaluates a line once more, entry by entry, and keeps why each clock moved. What happened is the evaluator's own doing;
/// only its reasons are looked up here, with the evaluator's own tests.
/// </summary>
internal sealed class LineWalk
{
    private readonly List<WalkedEntry> walked = [];
    private readonly List<Step> atTheEnd = [];

    private readonly Product? product;

    private LineWalk(LineEvaluation line, Product? product, LocalDate dayAsked) => (Line, this.product, DayAsked) = (line, product, dayAsked);

    public LineEvaluation Line { get; }

    /// <summary>Of the instant asked, in the carrier's zone.</summary>
    public LocalDate DayAsked { get; }

    /// <summary>The version that governs the date asked; null: none.</summary>
    public RuleVersion? Governing { get; private set; }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<WalkedEntry> Entries => walked;

    /// <summary>What happened after the last entry.</summary>
    public IReadOnlyList<Step> AtTheEnd => atTheEnd;

    public static LineWalk Of(RulePack pack, Question question)
    {
        var line = new LineEvaluation(pack, question);
        var walk = new LineWalk(line, pack.FindProduct(question.Product), line.Calendar.DateOf(question.AsOf));
        for (var index = 0; index < line.Timeline.Taken.Length; index++) walk.walked.Add(walk.Take(index));

        walk.Governing = line.GoverningVersion(walk.DayAsked);
        if (walk.Governing is { } governing) walk.ChangeVersion(governing, line.State, walk.atTheEnd);
        walk.MoveAutomatically(line.State, until: null, walk.atTheEnd);
        return walk;
    }

    /// <summary>The versions that govern a day of this line, in the order of the pack.</summary>
    public IEnumerable<RuleVersion> GoverningVersions(LocalDate day)
    {
        for (var i = Line.GoverningFrom(0, day); i >= 0; i = Line.GoverningFrom(i + 1, day)) yield return Line.Versions[i];
    }

    private WalkedEntry Take(int index)
    {
        var taken = Line.Timeline.Taken[index];
        var found = Line.State.Copy();
        Line.TakeEntry(index);
        var outcome = Line.Outcomes[taken.Record];

        WalkedEntry? first = null;
        foreach (var version in GoverningVersions(taken.On))
        {
            var tried = Under(version, index, found.Copy(), outcome);
            first ??= tried;
            if (IsWhatHappened(tried, outcome)) return tried;
        }

        return first ?? WithoutRule(index, found, outcome);
    }

    /// <summary>Of several versions one was kept: that which all changes name, or which alone finds the entry too late.</summary>
    private static bool IsWhatHappened(WalkedEntry tried, EntryOutcome outcome) =>
        outcome.Changes.All(change => change.RuleVersion == tried.Version!.Version) &&
        tried.Steps.Any(step => step is Step.TooLate) == outcome.Outcome is Outcome.TooLate &&
        tried.Steps.Any(step => step is Step.Started or Step.Extended or Step.CarrierStated or Step.StartedAnew) == outcome.Changes.Count > 0;

    private WalkedEntry WithoutRule(int index, LineState found, EntryOutcome outcome)
    {
        var taken = Line.Timeline.Taken[index];
        var (stage, ofLadder, _) = LadderStages.At(taken.At, found, Line.Calendar);
        var steps = new List<Step>();
        if (taken.Entry is { Type: EntryType.CarrierStated, EndsOn: not null }) AddCarrierWord(null, taken, found, outcome, steps);
        return new WalkedEntry(index, taken, null, stage, ofLadder, found, outcome, steps);
    }

    private WalkedEntry Under(RuleVersion version, int index, LineState before, EntryOutcome outcome)
    {
        var taken = Line.Timeline.Taken[index];
        var steps = new List<Step>();
        ChangeVersion(version, before, steps);
        before.GovernedBy(version);
        MoveAutomatically(before, taken.At, steps);
        before.RememberEnds();
        var (stage, ofLadder, _) = LadderStages.At(taken.At, before, Line.Calendar);

        foreach (var clock in version.Clocks)
        {
            if (StepOf(clock, version, index, before, stage, ofLadder, outcome) is { } step) steps.Add(step);
        }

        if (taken.Entry is { Type: EntryType.CarrierStated, EndsOn: not null }) AddCarrierWord(version, taken, before, outcome, steps);
        return new WalkedEntry(index, taken, version, stage, ofLadder, before, outcome, steps);
    }

    /// <summary>What step 6 of the format did to one clock.</summary>
    private Step? StepOf(
        Clock clock, RuleVersion version, int index, LineState before, Stage stage, LadderStage? ofLadder, EntryOutcome outcome)
    {
        var run = before.FindClock(clock.Id);
        if (run is { Stopped: false } && Line.Matching.AnyMatches(clock.StopsOn, index)) return new Step.StoppedByFact(clock, version);

        var change = ChangeOf(clock.Id, outcome);
        if (run is null or { Stopped: true } && stage is not Stage.Lost && Line.Matching.AnyMatches(clock.StartsOn, index))
        {
            return change is null ? null : new Step.Started(clock, version, change);
        }

        if (run is { Stopped: true } || Line.FirstMatch(clock, index) is not { } match) return null;
        if (!Line.IsAllowed(stage, ofLadder, index)) return new Step.TooLate(clock, version, stage, ofLadder);
        if (change is null) return null; // Another of several versions was kept.

        var ran = run is not null && run.RanAt(Line.Timeline.Taken[index].At);
        var afterPlan = before.Clocks.Any(known => known.Kind is ClockKind.Plan) ||
            Line.State.Clocks.Any(known => known.Kind is ClockKind.Plan && known.Id != clock.Id);
        return new Step.Extended(clock, version, match.Extension, match.N, ran, afterPlan, BonusDays(match.Extension, index), change);
    }

    private int BonusDays(Extension extension, int index)
    {
        if (!extension.Bonus || extension.Combine is Combine.Set) return 0;

        ref readonly var taken = ref Line.Timeline.Taken[index];
        return product?.FindPromotion(taken.Entry.Promotion) is { Effect.BonusDays: { } days } promotion &&
            Line.Matching.IsOpenFor(promotion, taken) ? days : 0;
    }

    /// <summary>Step 7. A clock that the carrier's word moved is its doing, whatever step 6 did to it before.</summary>
    private void AddCarrierWord(RuleVersion? version, in TakenEntry taken, LineState before, EntryOutcome outcome, List<Step> steps)
    {
        var meant = CarrierWord.ClockMeant(version, taken.Entry.Clock, before);
        var stated = outcome.Changes.FirstOrDefault(change => change.DriftDays is not null) ?? ChangeOf(meant, outcome);
        foreach (var change in outcome.Changes)
        {
            if (Line.State.FindClock(change.Clock) is not { } run) continue; // Another of several versions was kept.

            if (ReferenceEquals(change, stated))
            {
                steps.RemoveAll(step => step.Clock == change.Clock && step is Step.Started or Step.Extended);
                steps.Add(new Step.CarrierStated(run.Id, run.Kind, before.FindClock(run.Id)?.Version, change));
            }
            else if (!steps.Any(step => step.Clock == change.Clock && step is Step.Started or Step.Extended))
            {
                steps.Add(new Step.StartedAnew(run.Copy(), change));
            }
        }
    }

    private static ClockChange? ChangeOf(string clock, EntryOutcome outcome) => outcome.Changes.FirstOrDefault(change => change.Clock == clock);

    private void ChangeVersion(RuleVersion version, LineState state, List<Step> steps)
    {
        var stated = state.FindClock(Clock.StatedId);
        var ran = state.Clocks.Where(run => !run.Stopped).Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        VersionChange.Apply(version, state, Line.Calendar);
        if (stated is not null && state.FindClock(Clock.StatedId) is null && (version.FirstValidityClock() ?? version.Clocks[0]).Id is var heir)
        {
            if (state.FindClock(heir) is { } run) steps.Add(new Step.KeptThroughVersion(run.Copy(), version, state.EndOf(run)));
        }

        foreach (var run in state.Clocks)
        {
            if (run.Stopped && ran.Contains(run.Id)) steps.Add(new Step.StoppedByVersion(run.Id, run.Kind, version));
        }
    }

    private void MoveAutomatically(LineState state, Instant? until, List<Step> steps)
    {
        var before = state.Clocks.Select(run => (Moves: run.AutomaticMoves, End: state.EndOf(run))).ToList();
        AutomaticExtensions.Apply(state, until, Line.Calendar);
        for (var i = 0; i < before.Count; i++)
        {
            var run = state.Clocks[i];
            var times = run.AutomaticMoves - before[i].Moves;
            if (times > 0) steps.Add(new Step.MovedAutomatically(run.Copy(), run.AutoExtend!, times, before[i].End, state.EndOf(run)));
        }
    }
}
