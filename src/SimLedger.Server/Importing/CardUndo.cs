using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Rules;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Importing;

/// <summary>What undoing an import records on one card.</summary>
/// <remarks>
/// A card, or a line, that the import brought and others have recorded facts on since stays as it is, with what the import recorded on it: its number
/// must not silently drop off the due list, nor its date change under the hands of those who work with it.
/// </remarks>
internal sealed class CardUndo
{
    private readonly RulePack? _pack;
    private readonly Instant _now;
    private readonly List<CardEvent> _events = [];
    private Card _card;

    private CardUndo(LoadedCard loaded, Instant now)
    {
        (_card, _now) = (loaded.Card, now);
        _pack = loaded.Card.Carrier is { } carrier ? loaded.Rules.Packs.Find(carrier) : null;
    }

    public static (IReadOnlyList<CardEvent> Events, UndoneCard Done) Of(LoadedCard loaded, string importId, bool force, Instant now)
    {
        var undo = new CardUndo(loaded, now);
        var own = loaded.Facts.Where(fact => fact.Audit.CausationId == importId && IsOfImport(fact)).ToList();
        // What the program notes of deadlines that passed is nobody's work.
        var others = loaded.Facts
            .Where(fact => fact.Audit.CausationId != importId && fact.Audit.Origin != UndoneFacts.OriginPrefix + importId && Read(fact) is not CardEvent.Note).ToList();
        if (own.Count == 0) return ([], new UndoneCard());

        if (own.Exists(fact => fact.Type == nameof(CardEvent.CardRegistered))) return undo.Registered(own, others, force);
        return undo.Older(loaded, own, others, force);
    }

    private static bool IsOfImport(StoredEvent fact) => fact.Audit.Origin.StartsWith(ImportOrder.OriginPrefix, StringComparison.Ordinal);

    private (IReadOnlyList<CardEvent>, UndoneCard) Registered(List<StoredEvent> own, List<StoredEvent> others, bool force)
    {
        if (others.Count > 0 && !force) return ([], new UndoneCard(Kept: !_card.IsRetired));
        var (voided, more) = Void(own, _ => true);
        var retired = !more && Take(new CardCommand.Retire { At = EntryTime.At(_now) });
        return (_events, new UndoneCard(Retired: retired, Voided: voided, More: more));
    }

    private (IReadOnlyList<CardEvent>, UndoneCard) Older(LoadedCard loaded, List<StoredEvent> own, List<StoredEvent> others, bool force)
    {
        var brought = own.Where(fact => fact.Type == nameof(CardEvent.LineAttached)).Select(LineOf).OfType<Guid>().ToHashSet();
        var used = force ? [] : others.Select(LineOf).OfType<Guid>().Where(brought.Contains).ToHashSet();
        var (voided, more) = Void(own, fact => LineOf(fact) is not { } line || !used.Contains(line));
        var detached = 0;
        foreach (var line in loaded.Card.Lines.Where(line => !more && brought.Contains(line.Id) && !used.Contains(line.Id) && !line.IsDetached))
        {
            if (Take(new CardCommand.DetachLine(line.Id) { At = EntryTime.At(_now) })) detached++;
        }
        return (_events, new UndoneCard(Voided: voided, Detached: detached, Kept: used.Count > 0, More: more));
    }

    private static CardEvent? Read(StoredEvent fact) => fact.Data is { } data ? CardEventJson.Read(fact.Type, data.Span) : null;

    private static Guid? LineOf(StoredEvent fact) => Read(fact) switch
    {
        CardEvent.LineAttached e => e.LineId,
        CardEvent.NumberAssigned e => e.LineId,
        CardEvent.LineEntry e => e.LineId,
        _ => null,
    };

    /// <returns>How many, and whether an append can hold no more though there are more.</returns>
    private (int Voided, bool More) Void(List<StoredEvent> own, Func<StoredEvent, bool> which)
    {
        var voided = 0;
        foreach (var fact in own.Where(which).Where(fact => fact.Type is not (nameof(CardEvent.CardRegistered) or nameof(CardEvent.LineAttached))))
        {
            if (_events.Count >= Ledger.Limits.AppendEvents - CardDecider.MostLines) return (voided, true);
            if (Take(new CardCommand.Void(fact.EventId))) voided++;
        }
        return (voided, false);
    }

    /// <returns>Whether it recorded something.</returns>
    private bool Take(CardCommand command)
    {
        if (CardDecider.Decide(_card, command, new Circumstances(_now, _pack?.Zone, null, _pack?.Country)) is not Decision.Accepted { Events.Count: > 0 } accepted) return false;
        foreach (var happened in accepted.Events)
        {
            // Folded in only to decide the rest on it; what is stored gets ids of its own.
            _card = Card.Evolve(_card, new RecordedFact(Guid.CreateVersion7(_now.ToDateTimeOffset()), _card.Version + 1, happened));
            _events.Add(happened);
        }
        return true;
    }
}
