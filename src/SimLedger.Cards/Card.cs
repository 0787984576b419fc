using System.Collections.Immutable;
using NodaTime;

namespace SimLedger.Cards;

/// <summary>One card as its facts leave it: what the decider, the row of the due list and the history of its lines need, no more.</summary>
public sealed record Card
{
    public static readonly Card Initial = new();

    private Card() { }

    /// <summary>Of the last fact folded in; 0 for a stream that does not exist.</summary>
    public int Version { get; private init; }

    public bool IsRegistered { get; private init; }

    public string? Carrier { get; private init; }

    public FormFactor? FormFactor { get; private init; }

    public string? Iccid { get; private init; }

    public string? Eid { get; private init; }

    /// <summary>In the order they were attached.</summary>
    public ImmutableArray<Line> Lines { get; private init; } = [];

    // Texts that nobody wrote, and those that were cleared, are empty: for a reader they are the same.
    public string Purpose { get; private init; } = "";

    public Importance Importance { get; private init; } = Importance.Normal;

    public string Location { get; private init; } = "";

    public IReadOnlyList<string> Tags { get; private init; } = [];

    public string Owner { get; private init; } = "";

    public string Custodian { get; private init; } = "";

    public string Notes { get; private init; } = "";

    /// <exception cref="InvalidOperationException">The fact does not belong into this stream at this place, or its type is not known here: a bug.</exception>
    public static Card Evolve(Card card, RecordedFact fact)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(fact);

        return Evolved(card, fact) with { Version = fact.Version };
    }

    public static Card From(IEnumerable<RecordedFact> facts) => facts.Aggregate(Initial, Evolve);

    private static Card Evolved(Card card, RecordedFact fact) => fact.Event switch
    {
        CardEvent.CardRegistered e => card with { IsRegistered = true, Carrier = e.Carrier, FormFactor = e.FormFactor, Iccid = e.Iccid, Eid = e.Eid },
        CardEvent.LineAttached e => card with { Lines = card.Lines.Add(new Line(e.LineId, e.Product, e.Region, e.ActivatedOn)) },
        CardEvent.NumberAssigned e => card.With(card.LineOf(e.LineId), line => line with { Number = e.Number }),
        CardEvent.LineEntry e => card.With(card.LineOf(e.LineId), line => line with { Facts = line.Facts.Add(fact) }),
        CardEvent.EntryVoided e => card.With(
            card.LineHolding(e.Entry) ?? throw new InvalidOperationException($"Fact {fact.EventId} voids an entry that the card does not have."),
            line => line with { Facts = line.Facts.Add(fact), Voids = line.Voids.Add(e.Entry, fact.EventId) }),
        CardEvent.CardDescribed e => card with
        {
            Purpose = e.Purpose ?? card.Purpose,
            Importance = e.Importance ?? card.Importance,
            Location = e.Location ?? card.Location,
            Tags = e.Tags ?? card.Tags,
        },
        CardEvent.PeopleAssigned e => card with { Owner = e.Owner ?? card.Owner, Custodian = e.Custodian ?? card.Custodian },
        CardEvent.NotesWritten e => card with { Notes = e.Notes },
        _ => throw new InvalidOperationException($"No Evolve case for {fact.Event.GetType().Name}."),
    };

    internal Line? FindLine(Guid id) => Lines.FirstOrDefault(line => line.Id == id);

    internal Line? LineHolding(Guid entry) => Lines.FirstOrDefault(line => line.Find(entry) is not null);

    private Line LineOf(Guid id) => FindLine(id) ?? throw new InvalidOperationException($"A fact speaks of line {id}, which the card does not have.");

    private Card With(Line line, Func<Line, Line> change) => this with { Lines = Lines.Replace(line, change(line)) };
}

/// <summary>One number's life on the card: its own product, clocks and standing.</summary>
public sealed record Line(Guid Id, string? Product, string? Region, LocalDate? ActivatedOn)
{
    /// <summary>E.164; null while none is known.</summary>
    public string? Number { get; internal init; }

    /// <summary>Entries and voids, in record order.</summary>
    public ImmutableList<RecordedFact> Facts { get; internal init; } = [];

    /// <summary>By the voided entry's id: the id of the fact that voids it.</summary>
    public ImmutableDictionary<Guid, Guid> Voids { get; internal init; } = ImmutableDictionary<Guid, Guid>.Empty;

    /// <summary>Entries nobody voided, in record order.</summary>
    public IEnumerable<RecordedFact> EntriesInForce => Facts.Where(fact => fact.Event is CardEvent.LineEntry && !Voids.ContainsKey(fact.EventId));

    /// <summary>An entry of this line by its id, voided or not; null where there is none, or the id is a void's.</summary>
    public CardEvent.LineEntry? Find(Guid entry) => Facts.Find(fact => fact.EventId == entry)?.Event as CardEvent.LineEntry;
}
