using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>Walks a line's entries through the steps of rule pack format 1, section 6.</summary>
internal sealed class LineEvaluation
{
    private readonly Product? product;
    private readonly LocalCalendar calendar;
    private readonly Timeline timeline;
    private readonly EntryMatching matching;
    private readonly ClockMove? move;
    private readonly LocalDate? activatedOn;
    private readonly string? region;
    private readonly EntryOutcome[] outcomes;
    private LineState state = new();

    public LineEvaluation(RulePack pack, Question question)
    {
        Zone = pack.Zone;
        calendar = new LocalCalendar(pack.Zone);
        timeline = Timeline.Of(question.History, question.AsOf, calendar, pack.Zone);
        product = pack.FindProduct(question.Product);
        matching = new EntryMatching(pack, product, timeline);
        move = product is null ? null : new ClockMove(product, matching, calendar);
        activatedOn = question.ActivatedOn?.WithCalendar(CalendarSystem.Iso) ?? timeline.FirstActivation();
        region = question.Region;
        outcomes = new EntryOutcome[question.History.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (timeline.SetAside[i] is { } outcome) outcomes[i] = new EntryOutcome(question.History[i].Id, outcome, []);
        }
    }

    /// <summary>Takes up a line where an evaluation left it, to take one more entry.</summary>
    /// <param name="timeline">The entry to take comes last; before it those that amounts may be added up with.</param>
    /// <param name="state">Is changed; give a copy.</param>
    public LineEvaluation(RulePack pack, Product product, LocalDate? activatedOn, string? region, Timeline timeline, LineState state)
    {
        (this.product, this.activatedOn, this.region, this.timeline, this.state) = (product, activatedOn, region, timeline, state);
        (Zone, calendar) = (pack.Zone, new LocalCalendar(pack.Zone));
        matching = new EntryMatching(pack, product, timeline);
        move = new ClockMove(product, matching, calendar);
        outcomes = new EntryOutcome[1];
    }

    public DateTimeZone Zone { get; }

    public LineState State => state;

    public LocalCalendar Calendar => calendar;

    public Timeline Timeline => timeline;

    public EntryMatching Matching => matching;

    /// <summary>In record order.</summary>
    public IReadOnlyList<EntryOutcome> Outcomes => outcomes;

    public FlagSet Flags { get; } = new();

    /// <summary>Whether an entry had no rule and so no effect.</summary>
    public bool SomeEntryUnknown { get; private set; }

    /// <summary>As stated for the line, else of its first activation; null: not known.</summary>
    public LocalDate? ActivatedOn => activatedOn;

    public IReadOnlyList<RuleVersion> Versions => product?.Rules ?? [];

    public void TakeEntries()
    {
        for (var index = 0; index < timeline.Taken.Length; index++) TakeEntry(index);
    }

    /// <summary>The first version in the pack that governs a day of this line; null: none.</summary>
    public RuleVersion? GoverningVersion(LocalDate day) => GoverningFrom(0, day) is var i and >= 0 ? Versions[i] : null;

    /// <summary>Whether a version can govern this line on any day at all.</summary>
    public bool IsFor(RuleVersion version)
    {
        if (version.Region is not null && version.Region != region) return false;
        if (version.Cohort is not { } cohort) return true;

        return activatedOn is { } day && !(day < cohort.ActivatedFrom) && !(day > cohort.ActivatedTo);
    }

    /// <summary>Takes one entry. Each is taken once, in the order of <see cref="Timeline.Taken"/>.</summary>
    /// <returns>Null: no version governs the entry's day.</returns>
    public EntryEffect? TakeEntry(int index)
    {
        ref readonly var taken = ref timeline.Taken[index];
        if ((taken.Entry.Amount is not null || taken.Entry.BalanceAfter is not null) && !matching.IsInProductCurrency(taken.Entry))
        {
            Flags.Raise(Flag.CurrencyMismatch);
        }

        var first = GoverningFrom(0, taken.On);
        if (first < 0)
        {
            outcomes[taken.Record] = TakeWithoutRule(index);
            return null;
        }

        var second = GoverningFrom(first + 1, taken.On);
        var effect = second < 0
            ? TakeUnder(Versions[first], index, state)
            : TakeUnderEarliest(first, index);

        if (effect.TooLate) Flags.Raise(Flag.TooLate);
        if (effect.OutsideLimits) Flags.Raise(Flag.OutsideLimits);
        var outcome = effect.TooLate ? Outcome.TooLate : effect.HasChanges ? Outcome.Counted : Outcome.None;
        outcomes[taken.Record] = new EntryOutcome(taken.Entry.Id, outcome, effect.Changes);
        return effect;
    }

    /// <summary>Place of the first version from <paramref name="start"/> on that governs a day of this line; below 0: none.</summary>
    public int GoverningFrom(int start, LocalDate day)
    {
        var versions = Versions;
        for (var i = start; i < versions.Count; i++)
        {
            if (day >= versions[i].From && !(day > versions[i].To) && IsFor(versions[i])) return i;
        }

        return -1;
    }

    private EntryOutcome TakeWithoutRule(int index)
    {
        ref readonly var taken = ref timeline.Taken[index];
        Flags.Raise(Flag.RuleUnknown);
        ObserveBalance(index, state);

        if (taken.Entry is { Type: EntryType.CarrierStated, EndsOn: { } endsOn })
        {
            var effect = new EntryEffect();
            state.RememberEnds();
            CarrierWord.Apply(endsOn.WithCalendar(CalendarSystem.Iso), null, taken, state, calendar, effect);
            return new EntryOutcome(taken.Entry.Id, Outcome.Counted, effect.Changes);
        }

        SomeEntryUnknown = true;
        return new EntryOutcome(taken.Entry.Id, Outcome.Unknown, []);
    }

    /// <summary>Several versions govern: each is tried, the one that leaves the earliest deadline is kept, for that is the safe reading.</summary>
    private EntryEffect TakeUnderEarliest(int first, int index)
    {
        Flags.Raise(Flag.ConflictingRules);
        var day = timeline.Taken[index].On;
        (LineState State, EntryEffect Effect, Instant? Deadline)? kept = null;
        for (var i = first; i >= 0; i = GoverningFrom(i + 1, day))
        {
            var copy = state.Copy();
            var effect = TakeUnder(Versions[i], index, copy);
            Instant? deadline = copy.Binding() is { } binding ? copy.DeadlineOf(binding) : null;

            var isEarlier = kept is { } best && deadline is { } own && (best.Deadline is null || own < best.Deadline);
            if (kept is null || isEarlier) kept = (copy, effect, deadline);
        }

        state = kept!.Value.State;
        return kept.Value.Effect;
    }

    /// <summary>Steps 2 to 7.</summary>
    private EntryEffect TakeUnder(RuleVersion version, int index, LineState line)
    {
        ref readonly var taken = ref timeline.Taken[index];
        var effect = new EntryEffect { OutsideLimits = IsOutside(version.Limits, index) };

        VersionChange.Apply(version, line, calendar);
        line.GovernedBy(version);
        AutomaticExtensions.Apply(line, taken.At, calendar);
        var (stage, ofLadder, _) = LadderStages.At(taken.At, line, calendar);
        ObserveBalance(index, line);
        line.RememberEnds();

        var clocks = version.Clocks;
        for (var i = 0; i < clocks.Count; i++) TakeClock(clocks[i], version, index, line, stage, ofLadder, effect);

        if (taken.Entry is { Type: EntryType.CarrierStated, EndsOn: { } endsOn })
        {
            CarrierWord.Apply(endsOn.WithCalendar(CalendarSystem.Iso), version, taken, line, calendar, effect);
        }

        return effect;
    }

    private void ObserveBalance(int index, LineState line)
    {
        ref readonly var taken = ref timeline.Taken[index];
        if (matching.BalanceIn(taken.Entry) is { } balance) line.ObserveBalance(balance, taken);
        timeline.BalanceKnown[index] = line.Balance;
    }

    /// <summary>Step 6.</summary>
    private void TakeClock(
        Clock clock, RuleVersion version, int index, LineState line, Stage stage, LadderStage? ofLadder, EntryEffect effect)
    {
        ref readonly var taken = ref timeline.Taken[index];
        var run = line.FindClock(clock.Id);
        if (run is { Stopped: false } && matching.AnyMatches(clock.StopsOn, index))
        {
            run.Stopped = true;
            return;
        }

        if (run is null or { Stopped: true } && stage is not Stage.Lost && matching.AnyMatches(clock.StartsOn, index))
        {
            if (run is null) line.Clocks.Add(run = new ClockRun(clock.Id));
            run.TakeOver(clock, version);
            run.EndAfter(clock.Length, taken, calendar);
            effect.Add(new ClockChange(clock.Id, run.EndBefore, line.EndOf(run), null, null, null, version.Version));
            return;
        }

        if (run is { Stopped: true } || FirstMatch(clock, index) is not { } match) return;

        if (!IsAllowed(stage, ofLadder, index))
        {
            effect.TooLate = true;
            return;
        }

        // Among the line's clocks only afterwards: a plan that starts now is no plan that ever started.
        var moved = run ?? new ClockRun(clock.Id);
        move!.Apply(moved, clock, version, match.Extension, match.N, taken, line, effect);
        if (run is null) line.Clocks.Add(moved);
    }

    /// <summary>The extension that is taken for an entry, allowed or not; null: none matches.</summary>
    public (Extension Extension, Term N)? FirstMatch(Clock clock, int index)
    {
        var entry = timeline.Taken[index].Entry;
        for (var i = 0; i < clock.ExtendedBy.Count; i++)
        {
            var extension = clock.ExtendedBy[i];
            if (!matching.Matches(extension.When, index)) continue;

            if (extension.Combine is Combine.Set)
            {
                if (entry.EndsOn is not null) return (extension, default);
            }
            else if (ExtensionTerm.Of(extension, clock, entry, matching.AmountOf(entry)) is { } n)
            {
                return (extension, n);
            }
        }

        return null;
    }

    /// <summary>Whether a stage lets an entry extend.</summary>
    public bool IsAllowed(Stage stage, LadderStage? ofLadder, int index) => stage switch
    {
        Stage.Active or Stage.Unstarted or Stage.Lapsed => true,
        Stage.Lost => false,
        _ => ofLadder?.Exits is not { } exits || matching.AnyMatches(exits, index),
    };

    /// <summary>Whether an entry is a top-up beyond what the carrier accepts.</summary>
    public bool IsOutside(Limits limits, int index)
    {
        ref readonly var taken = ref timeline.Taken[index];
        if (taken.Entry.Type is not EntryType.TopUp || matching.AmountOf(taken.Entry) is not { } amount) return false;
        if (amount < limits.MinTopUp || amount > limits.MaxTopUp) return true;
        if (limits.MaxPerMonth is not { } most) return false;

        var month = taken.On.ToYearMonth();
        var sum = 0m;
        for (var i = 0; i <= index; i++)
        {
            ref readonly var earlier = ref timeline.Taken[i];
            if (earlier.Entry.Type is EntryType.TopUp && earlier.On.ToYearMonth() == month)
            {
                sum = MoneySum.Add(sum, matching.AmountOf(earlier.Entry) ?? 0);
            }
        }

        return sum > most;
    }
}
