using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>
/// Rule pack format 1 once more, written from its text alone and as literally as can be: slow, without cleverness, sharing nothing with the evaluator
/// that it is compared with but the data types. It leaves out <see cref="Standing.HoldsUntil"/>, which the format does not know.
/// </summary>
internal sealed class BruteForceEvaluator
{
    private readonly Question question;
    private readonly Product product;
    private readonly RulePack pack;
    private readonly ZoneWalk zone;
    private readonly Matching matching;
    private readonly BetweenEntries between;
    private readonly Tally tally;
    private LocalDate? activatedOn;

    private BruteForceEvaluator(RulePack pack, Question question, Tally tally)
    {
        (this.pack, this.question, this.tally) = (pack, question, tally);
        product = pack.Products.Single(product => product.Code == question.Product);
        zone = new ZoneWalk(pack.Zone, tally);
        matching = new Matching(pack, product, tally);
        between = new BetweenEntries(zone, tally);
    }

    public static Standing Evaluate(RulePack pack, Question question, Tally tally) => new BruteForceEvaluator(pack, question, tally).Evaluate();

    private Standing Evaluate()
    {
        var facts = question.History.Select((entry, i) => Dated(entry, i)).ToList();
        var cancelled = facts.Where(fact => fact.Entry.Type is EntryType.Voided && fact.At <= question.AsOf).Select(fact => fact.Entry.Voids).ToHashSet();
        var line = Line.Fresh;
        var taken = new List<Fact>();
        foreach (var fact in facts)
        {
            Outcome? aside = fact.Entry.Type is EntryType.Voided ? Outcome.None
                : cancelled.Contains(fact.Entry.Id) ? Outcome.Voided
                : fact.At > question.AsOf ? Outcome.Later
                : null;
            tally.Note($"entry: {fact.Entry.Type}");
            if (aside is { } outcome) line = Told(line, fact, outcome, []);
            else taken.Add(fact);
        }

        taken = [.. taken.OrderBy(fact => fact.At).ThenBy(fact => fact.Recorded)];
        activatedOn = question.ActivatedOn ?? taken.Find(fact => fact.Entry.Type is EntryType.Activated)?.On;
        for (var turn = 0; turn < taken.Count; turn++)
        {
            line = Take(line, taken[turn], turn);
            line = line with { Past = line.Past.Add(new PastFact(taken[turn], line.Balance?.Amount)) };
        }

        var asked = Governing(zone.DateOf(question.AsOf));
        if (asked.Count > 0) line = between.ChangeVersion(line, asked[0]);
        line = between.MoveAutomatically(line, until: null);
        var standing = new Telling(pack, question, zone, matching).Tell(line, isGoverned: asked.Count > 0);
        Note(line, standing);
        return standing;
    }

    private void Note(Line line, Standing standing)
    {
        tally.Note($"stage: {standing.Stage}");
        foreach (var flag in standing.Flags) tally.Note($"flag: {flag}");
        foreach (var entry in standing.Entries) tally.Note($"outcome: {entry.Outcome}");
        foreach (var change in standing.Entries.SelectMany(entry => entry.Changes))
        {
            if (change.ShortenedDays is not null) tally.Note("told: shortenedDays");
            if (change.WastedDays is not null) tally.Note("told: wastedDays");
            if (change.DriftDays is not null) tally.Note("told: driftDays");
        }

        if (line.Clocks.Any(clock => line.EndOf(clock) != clock.EndsOn)) tally.Note("notBefore: holds an end up");
        foreach (var version in line.Governors.Where(version => version.Cohort is not null)) tally.Note("version: of a cohort");
        foreach (var version in line.Governors.Where(version => version.Region is not null)) tally.Note("version: of a region");
    }

    private Line Take(Line line, Fact fact, int turn)
    {
        var governing = Governing(fact.On);
        if (governing.Count == 0) return TakeWithoutRule(line, fact, turn);

        var copies = governing.Select(version => new TakingAnEntry(zone, matching, between, version, fact, turn, tally).Take(line)).ToList();
        var kept = copies[0];
        foreach (var copy in copies.Skip(1))
        {
            if (Deadline(copy) >= Deadline(kept)) continue;

            tally.Note("conflict: not the first in the pack is kept");
            kept = copy;
        }

        return copies.Count > 1 ? kept.With(Flag.ConflictingRules) : kept;
    }

    private Line TakeWithoutRule(Line line, Fact fact, int turn)
    {
        var before = line;
        line = TakingAnEntry.Observe(line.With(Flag.RuleUnknown), matching, fact);
        if (fact.Entry is not { Type: EntryType.CarrierStated, EndsOn: { } endsOn }) return Told(line, fact, Outcome.Unknown, []);

        var changes = new Changes(version: null);
        line = new Word(zone, fact, turn, version: null, changes, tally).Say(before, line, endsOn);
        return Told(line, fact, Outcome.Counted, changes.Told);
    }

    private List<RuleVersion> Governing(LocalDate day) =>
    [
        .. product.Rules.Where(version =>
            version.From <= day && (version.To is not { } to || day <= to) &&
            (version.Cohort is not { } cohort || IsIn(cohort)) &&
            (version.Region is null || version.Region == question.Region)),
    ];

    private bool IsIn(Cohort cohort) =>
        activatedOn is { } day &&
        (cohort.ActivatedFrom is not { } from || from <= day) &&
        (cohort.ActivatedTo is not { } to || day <= to);

    private Instant Deadline(Line line) => line.Binding(zone) is { } binding ? line.DeadlineOf(binding, zone) : Instant.MaxValue;

    private Fact Dated(Entry entry, int recorded)
    {
        var at = zone.InstantOf(entry.At);
        return new Fact(entry, recorded, at, entry.At.Date ?? zone.DateOf(at));
    }

    private static Line Told(Line line, Fact fact, Outcome outcome, IReadOnlyList<ClockChange> changes) =>
        line with { Outcomes = line.Outcomes.SetItem(fact.Recorded, new EntryOutcome(fact.Entry.Id, outcome, changes)) };
}
