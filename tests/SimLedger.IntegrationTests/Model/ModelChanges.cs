using NodaTime;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>Registration, and changes that hold from a time on.</summary>
internal sealed partial class ModelOrganisation
{
    public static Expected Register(string? carrier, string? iccid, IReadOnlyList<(string? Number, string? Product)> lines, string? owner, string? importance, string[]? tags)
    {
        if (iccid is null && lines.All(l => l.Number is null)) return Expected.Refused("identifier-missing");
        var first = new CardState(carrier, null, iccid, "", "normal", [], "", "inOrder", false, []);
        List<Fact> facts = [new Fact(Kind.Registered, "CardRegistered", Instant.MinValue)];
        foreach (var (number, product) in lines) first = Attach(first, number, product, facts);
        facts.AddRange(Described(first, Instant.MinValue, owner, importance, tags, null));
        return Expected.Done(facts) with { Status = 201, First = first };
    }

    public static Expected AttachLine(ModelCard card, string? number, string? product)
    {
        var state = card.Now;
        if (state.Retired) return Expected.Refused("card-is-retired");
        if (state.Lines.Count(l => !l.Detached) >= MostLines) return Expected.Refused("too-many-lines");
        List<Fact> facts = [];
        var first = Attach(card.First, number, product, facts);
        return Expected.Done(facts) with { First = first };
    }

    public Expected ChangeNumber(ModelCard card, Guid? line, EntryTime at, string number) => OfLine(card, line, at, (on, since) => on.Number == number ? null :
        Change("NumberAssigned", since, (state, fact) => state.With(fact.Line, l => l with { Number = number }), on.Id));

    public Expected ChangeProduct(ModelCard card, Guid? line, EntryTime at, string product) => OfLine(card, line, at, (on, since) => on.Product == product ? null :
        Change("ProductChanged", since, (state, fact) => state.With(fact.Line, l => l with { Product = product }), on.Id));

    public Expected Detach(ModelCard card, Guid? line, EntryTime at) => Since(card, at, alive: true, then =>
    {
        var (found, refusal) = Find(then, line);
        if (found is null) return Expected.Refused(refusal!);
        return found.Detached ? Expected.Done() : Expected.Done(Change("LineDetached", Start(card, at), (state, fact) => state.With(fact.Line, l => l with { Detached = true }), found.Id));
    });

    public Expected ReplaceSim(ModelCard card, EntryTime at, string iccid) => Since(card, at, alive: true, then => then.Iccid == iccid ? Expected.Done() :
        Expected.Done(Change("SimReplaced", Start(card, at), (state, _) => state with { Iccid = iccid, Sim = "inOrder" })));

    public Expected ReportSim(ModelCard card, EntryTime at, string condition) => Since(card, at, alive: false, then => then.Sim == condition ? Expected.Done() :
        Expected.Done(Change("SimConditionReported", Start(card, at), (state, _) => state with { Sim = condition })));

    public Expected IdentifyCarrier(ModelCard card, EntryTime at, string carrier) => Since(card, at, alive: true, then => then.Carrier == carrier ? Expected.Done() :
        Expected.Done(Change("CarrierIdentified", Start(card, at), (state, _) => state with { Carrier = carrier })));

    public Expected SwitchCarrier(ModelCard card, EntryTime at, string carrier, string? product) => Since(card, at, alive: true, then =>
    {
        if (then.Carrier == carrier) return Expected.Done();
        // A line that comes later is not of those that went over.
        var gone = card.First.Lines.Select(l => l.Id).ToHashSet();
        return Expected.Done(Change("CarrierSwitched", Start(card, at), (state, fact) => state with
        {
            Carrier = carrier, CarrierSince = fact.Since, Lines = [.. state.Lines.Select(l => gone.Contains(l.Id) ? l with { Product = product } : l)],
        }));
    });

    public Expected Retire(ModelCard card, EntryTime at) => Since(card, at, alive: false, then => then.Retired ? Expected.Done() :
        Expected.Done(Change("CardRetired", Start(card, at), (state, _) => state with { Retired = true })));

    public Expected Reopen(ModelCard card, EntryTime at) => Since(card, at, alive: false, then => !then.Retired ? Expected.Done() :
        Expected.Done(Change("CardReopened", Start(card, at), (state, _) => state with { Retired = false })));

    public Expected Describe(ModelCard card, EntryTime at, string? owner, string? importance, string[]? tags, string? notes) => Since(card, at, alive: false, then =>
        owner is null && importance is null && tags is null && notes is null ? Expected.Refused("nothing-to-record") : Expected.Done([.. Described(then, Start(card, at), owner, importance, tags, notes)]));

    private static IEnumerable<Fact> Described(CardState then, Instant since, string? owner, string? importance, string[]? tags, string? notes)
    {
        var newImportance = importance == then.Importance ? null : importance;
        var newTags = tags is not null && !tags.ToHashSet().SetEquals(then.Tags) ? tags : null;
        if (newImportance is not null || newTags is not null)
        {
            yield return Change("CardDescribed", since, (state, _) => state with { Importance = newImportance ?? state.Importance, Tags = newTags ?? state.Tags });
        }
        if (owner is not null && owner != then.Owner) yield return Change("PeopleAssigned", since, (state, _) => state with { Owner = owner });
        if (notes is not null && notes != then.Notes) yield return Change("NotesWritten", since, (state, _) => state with { Notes = notes });
    }

    private static CardState Attach(CardState first, string? number, string? product, List<Fact> facts)
    {
        var line = new LineState(Guid.NewGuid(), null, product, null, false);
        facts.Add(new Fact(Kind.LineAttached, "LineAttached", Instant.MinValue) { Line = line.Id });
        if (number is not null) facts.Add(Change("NumberAssigned", Instant.MinValue, (state, fact) => state.With(fact.Line, l => l with { Number = number }), line.Id));
        return first with { Lines = [.. first.Lines, line] };
    }

    private static Fact Change(string type, Instant since, Func<CardState, Fact, CardState> apply, Guid line = default) => new(Kind.Change, type, since) { Apply = apply, Line = line };

    private Expected OfLine(ModelCard card, Guid? line, EntryTime at, Func<LineState, Instant, Fact?> change) => Since(card, at, alive: true, then =>
    {
        var (found, refusal) = Find(then, line);
        if (found is null) return Expected.Refused(refusal!);
        if (found.Detached) return Expected.Refused("line-is-detached");
        return change(found, Start(card, at)) is { } fact ? Expected.Done(fact) : Expected.Done();
    });

    private Expected Since(ModelCard card, EntryTime at, bool alive, Func<CardState, Expected> decide)
    {
        if (NotATime(at, card.Now.Carrier) is { } notThen) return Expected.Refused(notThen);
        var then = card.AsOf(Start(card, at));
        return then.Retired && alive ? Expected.Refused("card-is-retired") : decide(then);
    }

    private Instant Start(ModelCard card, EntryTime at) => at.ToInstant(ZoneOf(card.Now.Carrier));
}
