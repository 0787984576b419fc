using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>A line as its entries so far leave it, with no more of them than a further entry can still be added up with. Never changed.</summary>
/// <param name="State">Of the entries; what time alone changes since is not in it, see <see cref="LineContinuation.SeenUnder"/>.</param>
/// <param name="Payments">Entries with an amount that a sum of the rules may reach back to, oldest first, with the balance known after each.</param>
internal sealed record LinePast(LineState State, IReadOnlyList<(TakenEntry Taken, decimal? Balance)> Payments);

/// <summary>Carries lines of one product on by further entries, without walking their histories again.</summary>
/// <remarks>
/// Gives what <see cref="Evaluator"/> would give for the whole history, as long as each entry comes no earlier than those before it, in time and in the
/// record. A test holds the two against each other.
/// </remarks>
/// <param name="activatedOn">Decides, with the region, which versions are for the line.</param>
internal sealed class LineContinuation(RulePack pack, Product product, LocalDate? activatedOn, string? region)
{
    private readonly bool prolongsItself = product.Rules.Any(version => version.Clocks.Any(clock => clock.AutoExtend is not null));
    private readonly bool countsMonths = product.Rules.Any(version => version.Limits.MaxPerMonth is not null);
    private readonly IReadOnlyList<Term> windows = [.. product.Rules.SelectMany(Triggers).Select(trigger => trigger.Where?.Within).OfType<Term>().Distinct()];

    public LocalCalendar Calendar { get; } = new(pack.Zone);

    /// <summary>Whether a limit on a month's top-ups can refuse one.</summary>
    public bool CountsMonths => countsMonths;

    /// <summary>Whether the carrier prolongs a clock by itself.</summary>
    public bool ProlongsItself => prolongsItself;

    /// <summary>Whether more than one clock draws on the balance.</summary>
    public bool SharesBalance { get; } =
        product.Rules.SelectMany(version => version.Clocks).Where(clock => clock.AutoExtend is not null).Select(clock => clock.Id).Distinct().Skip(1).Any();

    /// <summary>Balances that filters compare the last known one with.</summary>
    public IReadOnlyList<decimal> BalanceSteps { get; } =
        [.. product.Rules.SelectMany(Triggers).SelectMany(trigger => new[] { trigger.Where?.BalanceAtLeast, trigger.Where?.BalanceAtMost }).OfType<decimal>().Distinct()];

    /// <summary>What automatic extensions need and take, each pair once.</summary>
    public IReadOnlyList<(decimal AtLeast, decimal Deduct)> Deductions { get; } =
        [.. product.Rules.SelectMany(version => version.Clocks).Select(clock => clock.AutoExtend).OfType<AutoExtension>().Select(auto => (auto.BalanceAtLeast, auto.Deduct)).Distinct()];

    /// <summary>How far back the rules add up amounts.</summary>
    public IReadOnlyList<Term> Windows => windows;

    /// <summary>Where an evaluation of a whole history left the line.</summary>
    /// <param name="on">Local date from which it goes on.</param>
    public LinePast From(LineEvaluation line, LocalDate on)
    {
        var timeline = line.Timeline;
        var payments = new (TakenEntry, decimal?)[timeline.Taken.Length];
        for (var i = 0; i < payments.Length; i++) payments[i] = (timeline.Taken[i], timeline.BalanceKnown[i]);
        return new LinePast(line.State, StillCounted(payments, on));
    }

    /// <summary>Takes one more entry.</summary>
    /// <param name="at">Not before any entry taken so far.</param>
    /// <param name="on">Its local date.</param>
    /// <returns>The line after it and what it did; no effect where no version governs the day.</returns>
    public (LinePast After, EntryEffect? Effect) Take(LinePast before, Entry entry, Instant at, LocalDate on)
    {
        var timeline = Timeline.Continued(before.Payments, new TakenEntry(entry, 0, at, on));
        var line = new LineEvaluation(pack, product, activatedOn, region, timeline, before.State.Copy());
        var effect = line.TakeEntry(before.Payments.Count);
        return (new LinePast(line.State, StillCounted([.. before.Payments, (timeline.Taken[^1], timeline.BalanceKnown[^1])], on)), effect);
    }

    /// <summary>The line as it is looked at on a day, with what the change of version and the balance do by themselves.</summary>
    /// <param name="governing">Version that governs the day; null: none.</param>
    public LineState SeenUnder(RuleVersion? governing, LinePast past)
    {
        var state = past.State;
        var changes = governing is not null && (state.GovernedByOtherThan(governing) || state.FindClock(Clock.StatedId) is not null);
        if (!changes && !prolongsItself) return state;

        state = state.Copy();
        if (changes) VersionChange.Apply(governing!, state, Calendar);
        AutomaticExtensions.Apply(state, until: null, Calendar);
        return state;
    }

    // An amount is forgotten when no sum reaches back to it any more; without sums all are.
    private IReadOnlyList<(TakenEntry Taken, decimal? Balance)> StillCounted(IReadOnlyList<(TakenEntry Taken, decimal? Balance)> payments, LocalDate on)
    {
        if (!countsMonths && windows.Count == 0) return [];

        var since = countsMonths ? DateAdjusters.StartOfMonth(on) : on;
        foreach (var window in windows) since = LocalDate.Min(since, LocalCalendar.Subtract(on, window));
        return [.. payments.Where(payment => payment.Taken.Entry.Amount is not null && payment.Taken.On >= since)];
    }

    private static IEnumerable<Trigger> Triggers(RuleVersion version) =>
        version.Clocks.SelectMany(clock => clock.StartsOn.Concat(clock.StopsOn).Concat(clock.ExtendedBy.Select(extension => extension.When)))
            .Concat(version.Ladder.SelectMany(stage => stage.Exits ?? []));
}
