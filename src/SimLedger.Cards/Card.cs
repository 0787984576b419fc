using System.Collections.Immutable;
using NodaTime;

namespace SimLedger.Cards;

/// <summary>One card as its facts leave it: what the decider, the row of the due list and the history of its lines need, no more.</summary>
/// <remarks>
/// Entries of lines are kept in the order of recording; rules sort them. Changes of state are folded by when they took effect, so that one
/// entered late does not undo a later one, and a voided one has never been.
/// </remarks>
public sealed record Card
{
    public static readonly Card Initial = new();

    private Card() { }

    /// <summary>Of the last fact folded in; 0 for a stream that does not exist.</summary>
    public int Version { get; private init; }

    public bool IsRegistered { get; private init; }

    /// <summary>When the card came into the ledger; null: it is about to.</summary>
    public Instant? RegisteredAt { get; private init; }

    public string? Carrier { get; private init; }

    /// <summary>Since when the numbers are at this carrier, in its local time; null: since ever. What happened before moves no date.</summary>
    public LocalDateTime? CarrierSince { get; private init; }

    public FormFactor? FormFactor { get; private init; }

    public string? Iccid { get; private init; }

    public string? Eid { get; private init; }

    public SimCondition SimCondition { get; private init; }

    /// <summary>In the order they were attached, detached ones too.</summary>
    public ImmutableArray<Line> Lines { get; private init; } = [];

    // Texts that nobody wrote, and those that were cleared, are empty: for a reader they are the same.
    public string Purpose { get; private init; } = "";

    public Importance Importance { get; private init; } = Importance.Normal;

    public string Location { get; private init; } = "";

    public IReadOnlyList<string> Tags { get; private init; } = [];

    public string Owner { get; private init; } = "";

    public string Custodian { get; private init; } = "";

    public string Notes { get; private init; } = "";

    public string Device { get; private init; } = "";

    public string? Imei { get; private init; }

    /// <summary>Who holds the card; null: nobody, it was not issued or came back.</summary>
    public CardEvent.CardIssued? Issued { get; private init; }

    public bool IsRetired { get; private init; }

    /// <summary>All facts, in record order.</summary>
    public ImmutableList<RecordedFact> Facts { get; private init; } = [];

    /// <summary>By the voided change's id: the id of the fact that voids it. Voided entries are with their lines.</summary>
    public ImmutableDictionary<Guid, Guid> VoidedChanges { get; private init; } = ImmutableDictionary<Guid, Guid>.Empty;

    /// <summary>Of the latest change folded in; an earlier one makes all of them be folded anew.</summary>
    private LocalDateTime LastChange { get; init; } = SinceEver;

    private static readonly LocalDateTime SinceEver = LocalDate.MinIsoValue.AtMidnight();

    /// <exception cref="InvalidOperationException">The fact does not belong into this stream at this place, or its type is not known here: a bug.</exception>
    public static Card Evolve(Card card, RecordedFact fact)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(fact);

        var next = Collected(card, fact);
        if (fact.Event is CardEvent.Change change)
        {
            var since = SinceOf(change);
            return since >= card.LastChange ? Changed(next, change, fact.Version) with { LastChange = since } : Folded(next.Facts, LocalDate.MaxIsoValue.AtMidnight());
        }

        return fact.Event is CardEvent.EntryVoided && next.VoidedChanges.Count > card.VoidedChanges.Count
            ? Folded(next.Facts, LocalDate.MaxIsoValue.AtMidnight())
            : next;
    }

    public static Card From(IEnumerable<RecordedFact> facts) => facts.Aggregate(Initial, Evolve);

    /// <summary>The card as it was at a local time of its carrier, as far as it is known now: changes up to then, voided ones left out. Its lines keep all entries.</summary>
    public Card AsOf(LocalDateTime time) => time >= LastChange ? this : Folded(Facts, time);

    /// <summary>The changes in force in the order in which they took effect, each with the card before and after it.</summary>
    public IEnumerable<(RecordedFact Fact, Card Before, Card After)> Steps()
    {
        var card = Facts.Aggregate(Initial, Collected);
        foreach (var (fact, change, since) in InForce(Facts, card.VoidedChanges))
        {
            var after = Changed(card, change, fact.Version) with { LastChange = since };
            yield return (fact, card, after);
            card = after;
        }
    }

    /// <summary>When a change took effect, in the carrier's local time; a date stands for its start.</summary>
    internal static LocalDateTime SinceOf(CardEvent.Change change) =>
        change.At is not { } at ? SinceEver : at.Date is { } date ? date.AtMidnight() : at.Instant.GetValueOrDefault().LocalDateTime;

    private static Card Folded(ImmutableList<RecordedFact> facts, LocalDateTime until)
    {
        var card = facts.Aggregate(Initial, Collected);
        return InForce(facts, card.VoidedChanges)
            .TakeWhile(dated => dated.Since <= until)
            .Aggregate(card, (so, dated) => Changed(so, dated.Change, dated.Fact.Version) with { LastChange = dated.Since });
    }

    /// <summary>Ordering is stable: of two changes at one time the one recorded later stands.</summary>
    private static IEnumerable<(RecordedFact Fact, CardEvent.Change Change, LocalDateTime Since)> InForce(
        ImmutableList<RecordedFact> facts, ImmutableDictionary<Guid, Guid> voided) => facts
        .Where(fact => fact.Event is CardEvent.Change && !voided.ContainsKey(fact.EventId))
        .Select(fact => (Fact: fact, Change: (CardEvent.Change)fact.Event, Since: SinceOf((CardEvent.Change)fact.Event)))
        .OrderBy(dated => dated.Since);

    /// <summary>Takes a fact in without the change that it may be.</summary>
    private static Card Collected(Card card, RecordedFact fact) => Held(card, fact) with { Version = fact.Version, Facts = card.Facts.Add(fact) };

    private static Card Held(Card card, RecordedFact fact) => fact.Event switch
    {
        CardEvent.CardRegistered e => card with
        {
            IsRegistered = true,
            RegisteredAt = fact.RecordedAt,
            Carrier = e.Carrier,
            FormFactor = e.FormFactor,
            Iccid = e.Iccid,
            Eid = e.Eid,
        },
        CardEvent.LineAttached e => card with { Lines = card.Lines.Add(new Line(e.LineId, e.Product, e.Region, e.ActivatedOn) { AttachedIn = fact.Version }) },
        CardEvent.LineEntry e => card.With(e.LineId, line => line with { Facts = line.Facts.Add(fact) }),
        CardEvent.EntryVoided e => Voided(card, e.Entry, fact),
        CardEvent.Note e => card.With(e.LineId, line => line with { Noted = Noted(line.Noted, e) }),
        CardEvent.Change => card,
        _ => throw new InvalidOperationException($"No Evolve case for {fact.Event.GetType().Name}."),
    };

    private static Card Voided(Card card, Guid entry, RecordedFact fact)
    {
        if (card.LineHolding(entry) is { } line) return card.With(line.Id, held => held with { Facts = held.Facts.Add(fact), Voids = held.Voids.Add(entry, fact.EventId) });

        // Of changes, and of facts that were erased since: those are not among the card's, and need no void.
        return card with { VoidedChanges = card.VoidedChanges.Add(entry, fact.EventId) };
    }

    private static ImmutableList<CardEvent.Note> Noted(ImmutableList<CardEvent.Note> before, CardEvent.Note note) => note switch
    {
        CardEvent.LapseWithdrawn e => before.RemoveAll(known => known is CardEvent.Lapsed && (known.Clock, known.DeadlineAt) == (e.Clock, e.DeadlineAt)),
        CardEvent.LossWithdrawn e => before.RemoveAll(known => known is CardEvent.Lost && (known.Clock, known.DeadlineAt) == (e.Clock, e.DeadlineAt)),
        _ => before.Add(note),
    };

    /// <param name="version">Of the fact that the change is.</param>
    private static Card Changed(Card card, CardEvent.Change change, int version) => change switch
    {
        CardEvent.NumberAssigned e => card.With(e.LineId, line => line with { Number = e.Number }),
        CardEvent.SimReplaced e => card with { Iccid = e.Iccid, Eid = e.Eid, FormFactor = e.FormFactor ?? card.FormFactor, SimCondition = SimCondition.InOrder },
        CardEvent.SimConditionReported e => card with { SimCondition = e.Condition },
        CardEvent.DeviceAssigned e => card with { Device = e.Device, Imei = e.Imei },
        CardEvent.PlanChanged e => card.With(e.LineId, line => line with { Plan = e.Plan }),
        CardEvent.ProductChanged e => card.With(e.LineId, line => line with { Product = e.Product, Region = e.Region ?? line.Region }),
        CardEvent.CarrierIdentified e => card with { Carrier = e.Carrier },
        CardEvent.CarrierSwitched e => card with
        {
            Carrier = e.Carrier,
            CarrierSince = SinceOf(e),
            // A line that was attached later came with the product that it has at this carrier.
            Lines = [.. card.Lines.Select(line => line.AttachedIn < version ? line with { Product = e.Product, Region = null, Plan = "" } : line)],
        },
        CardEvent.LineDetached e => card.With(e.LineId, line => line with { IsDetached = true }),
        CardEvent.CardIssued e => card with { Issued = e },
        CardEvent.CardReturned => card with { Issued = null },
        CardEvent.CardRetired => card with { IsRetired = true },
        CardEvent.CardReopened => card with { IsRetired = false },
        CardEvent.CardDescribed e => card with
        {
            Purpose = e.Purpose ?? card.Purpose,
            Importance = e.Importance ?? card.Importance,
            Location = e.Location ?? card.Location,
            Tags = e.Tags ?? card.Tags,
        },
        CardEvent.PeopleAssigned e => card with { Owner = e.Owner ?? card.Owner, Custodian = e.Custodian ?? card.Custodian },
        CardEvent.NotesWritten e => card with { Notes = e.Notes },
        _ => throw new InvalidOperationException($"No Evolve case for {change.GetType().Name}."),
    };

    /// <summary>A fact by its id; null where there is none.</summary>
    public RecordedFact? Find(Guid fact) => Facts.Find(known => known.EventId == fact);

    /// <summary>The line meant by an id, or by none where only one is attached; null where there is no such line.</summary>
    public Line? FindLine(Guid? id)
    {
        if (id is { } known) return FindLine(known);
        if (Lines is [var alone]) return alone;

        var attached = Lines.Where(line => !line.IsDetached).ToList();
        return attached is [var only] ? only : null;
    }

    internal Line? FindLine(Guid id) => Lines.FirstOrDefault(line => line.Id == id);

    internal Line? LineHolding(Guid entry) => Lines.FirstOrDefault(line => line.Find(entry) is not null);

    private Card With(Guid lineId, Func<Line, Line> change)
    {
        var line = FindLine(lineId) ?? throw new InvalidOperationException($"A fact speaks of line {lineId}, which the card does not have.");
        return this with { Lines = Lines.Replace(line, change(line)) };
    }
}

/// <summary>One number's life on the card: its own product, clocks and standing.</summary>
/// <param name="ActivatedOn">As stated when it was attached, in the carrier's zone.</param>
public sealed record Line(Guid Id, string? Product, string? Region, LocalDate? ActivatedOn)
{
    /// <summary>Version of the card with which it came.</summary>
    internal int AttachedIn { get; init; }

    /// <summary>E.164; null while none is known.</summary>
    public string? Number { get; internal init; }

    /// <summary>Empty: none is known.</summary>
    public string Plan { get; internal init; } = "";

    /// <summary>It has left the card.</summary>
    public bool IsDetached { get; internal init; }

    /// <summary>Entries and their voids, in record order.</summary>
    public ImmutableList<RecordedFact> Facts { get; internal init; } = [];

    /// <summary>By the voided entry's id: the id of the fact that voids it.</summary>
    public ImmutableDictionary<Guid, Guid> Voids { get; internal init; } = ImmutableDictionary<Guid, Guid>.Empty;

    /// <summary>Lapses and losses that were noted and not withdrawn.</summary>
    public ImmutableList<CardEvent.Note> Noted { get; internal init; } = [];

    /// <summary>Entries nobody voided, in record order.</summary>
    public IEnumerable<RecordedFact> EntriesInForce => Facts.Where(fact => fact.Event is CardEvent.LineEntry && !Voids.ContainsKey(fact.EventId));

    /// <summary>An entry of this line by its id, voided or not; null where there is none, or the id is a void's.</summary>
    public CardEvent.LineEntry? Find(Guid entry) => Facts.Find(fact => fact.EventId == entry)?.Event as CardEvent.LineEntry;
}
