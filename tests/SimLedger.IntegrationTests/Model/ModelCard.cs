using NodaTime;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>What a card is at some time, as the model sees it; folded from its changes.</summary>
internal sealed record CardState(string? Carrier, Instant? CarrierSince, string? Iccid, string Owner, string Importance, string[] Tags, string Notes, string Sim, bool Retired, IReadOnlyList<LineState> Lines)
{
    public CardState With(Guid line, Func<LineState, LineState> change) => this with { Lines = [.. Lines.Select(l => l.Id == line ? change(l) : l)] };

    public LineState Line(Guid id) => Lines.Single(l => l.Id == id);

    /// <summary>Identifiers that no other card may have while this one has them.</summary>
    public IEnumerable<(string Kind, string Value)> Held =>
        Retired ? [] : [.. Lines.Where(l => !l.Detached && l.Number is not null).Select(l => ("number", l.Number!)), .. Iccid is null ? Array.Empty<(string, string)>() : [("iccid", Iccid)]];
}

/// <param name="ActivatedOn">As stated with the line.</param>
internal sealed record LineState(Guid Id, string? Number, string? Product, LocalDate? ActivatedOn, bool Detached);

internal enum Kind { Registered, LineAttached, Entry, Change, Void }

/// <summary>A fact as the model keeps it: what it is, when it was, what it does.</summary>
/// <param name="type">As answers and history name it.</param>
/// <param name="since">Of an entry or a change; of what is of the card since ever the beginning of time.</param>
internal sealed class Fact(Kind kind, string type, Instant since)
{
    public Kind Kind { get; } = kind;

    public string Type { get; } = type;

    public Instant Since { get; } = since;

    public Guid Id { get; set; }

    public bool Voided { get; set; }

    public Fact? VoidedBy { get; set; }

    /// <summary>Of a void.</summary>
    public Fact? Cancels { get; init; }

    /// <summary>What a change does to the card; given the change too, whose line is known only once it is recorded.</summary>
    public Func<CardState, Fact, CardState>? Apply { get; init; }

    public Guid Line { get; set; }

    public EntryTime At { get; init; }

    public decimal? Amount { get; init; }

    public string? Currency { get; init; }

    public string? Order { get; init; }

    public LocalDate? EndsOn { get; init; }

    public UsageKind? Use { get; init; }

    public Stage? Seen { get; init; }

    public string? Observed { get; init; }

    public bool IsPayment => Type is "ToppedUp" or "Renewed";
}

/// <summary>A card of the model: its facts in the order of recording.</summary>
internal sealed class ModelCard(Guid id, CardState first)
{
    public Guid Id { get; } = id;

    public List<Fact> Facts { get; } = [];

    /// <summary>Lines as they were attached, before any change.</summary>
    public CardState First { get; set; } = first;

    public CardState Now => AsOf(Instant.MaxValue);

    /// <summary>As it was at a time, by what is known now.</summary>
    public CardState AsOf(Instant time) => Fold(Facts, time, First);

    /// <summary>As it would be with further facts, and further lines if <paramref name="lines"/> tells of some.</summary>
    public CardState After(IEnumerable<Fact> more, CardState? lines)
    {
        List<Fact> all = [.. Facts, .. more];
        var cancelled = all.Where(f => f.Cancels is not null).Select(f => f.Cancels).ToHashSet(ReferenceEqualityComparer.Instance);
        return Fold(all.Where(f => !cancelled.Contains(f)), Instant.MaxValue, lines ?? First);
    }

    public IEnumerable<Fact> Entries(Guid line) => Facts.Where(f => f.Kind == Kind.Entry && f.Line == line && !f.Voided);

    private static CardState Fold(IEnumerable<Fact> facts, Instant until, CardState first) =>
        facts.Where(f => f.Kind == Kind.Change && !f.Voided && f.Since <= until).OrderBy(f => f.Since).Aggregate(first, (state, fact) => fact.Apply!(state, fact));
}
