using System.Collections.Immutable;
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
    private LocalDate? activatedOn;

    private BruteForceEvaluator(RulePack pack, Question question)
    {
        (this.pack, this.question) = (pack, question);
        product = pack.Products.Single(product => product.Code == question.Product);
        zone = new ZoneWalk(pack.Zone);
        matching = new Matching(pack, product);
        between = new BetweenEntries(zone);
    }

    public static Standing Evaluate(RulePack pack, Question question) => new BruteForceEvaluator(pack, question).Evaluate();

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
        return new Telling(pack, question, zone, matching).Tell(line, isGoverned: asked.Count > 0);
    }

    private Line Take(Line line, Fact fact, int turn)
    {
        var governing = Governing(fact.On);
        if (governing.Count == 0) return TakeWithoutRule(line, fact, turn);

        var copies = governing.Select(version => new TakingAnEntry(zone, matching, between, version, fact, turn).Take(line)).ToList();
        var kept = copies[0];
        foreach (var copy in copies.Skip(1))
        {
            if (Deadline(copy) < Deadline(kept)) kept = copy;
        }

        return copies.Count > 1 ? kept.With(Flag.ConflictingRules) : kept;
    }

    private Line TakeWithoutRule(Line line, Fact fact, int turn)
    {
        var before = line;
        line = TakingAnEntry.Observe(line.With(Flag.RuleUnknown), matching, fact);
        if (fact.Entry is not { Type: EntryType.CarrierStated, EndsOn: { } endsOn }) return Told(line, fact, Outcome.Unknown, []);

        var said = new Word(zone, fact, turn, version: null).Say(before, line, endsOn);
        var changes = said.Restarted.Prepend(said.Stated!).Select(id => new ClockChange(
            id, before.Find(id) is { } old ? before.EndOf(old) : null, said.Line.EndOf(said.Line.Find(id)!), null, null,
            id == said.Stated ? said.Drift : null, null));
        return Told(said.Line, fact, Outcome.Counted, [.. changes]);
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
        return new Fact(entry, recorded, at, zone.DateOf(at));
    }

    private static Line Told(Line line, Fact fact, Outcome outcome, ImmutableList<ClockChange> changes) =>
        line with { Outcomes = line.Outcomes.SetItem(fact.Recorded, new EntryOutcome(fact.Entry.Id, outcome, changes)) };
}
