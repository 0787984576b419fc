using SimLedger.Cards;
using Name = SimLedger.Ledger.Reservation;

namespace SimLedger.Server.Importing;

/// <summary>
/// What the rows of a dry run would have recorded so far, as far as a later row of the file may build on it. Cards that only one row is about are not
/// remembered, so that memory does not grow with the file.
/// </summary>
internal sealed class Rehearsal(FileSurvey survey)
{
    /// <summary>A card takes a few kilobytes.</summary>
    public const int MostCards = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Name, Guid> _holders = [];
    private readonly Dictionary<Guid, Card> _cards = [];

    public Guid? Holder(Name name)
    {
        lock (_gate) return _holders.TryGetValue(name, out var card) ? card : null;
    }

    /// <summary>The card as earlier rows would leave it; null: they would not have touched it.</summary>
    public Card? Find(Guid cardId)
    {
        lock (_gate) return _cards.GetValueOrDefault(cardId);
    }

    /// <summary>Remembers what a row would record.</summary>
    /// <param name="before">The card that it was decided on.</param>
    /// <returns>False: another row came first; decide again.</returns>
    /// <exception cref="FleetFileException">Too many rows build on each other.</exception>
    public bool TryTake(Guid cardId, RowReading row, Card before, IReadOnlyList<CardEvent> events, Func<Guid> newId)
    {
        if (!(row.Number is { } number && survey.IsRepeated(number)) && !(row.Iccid is { } iccid && survey.IsRepeated(iccid))) return true;
        var after = events.Aggregate(before, (card, happened) => Card.Evolve(card, new RecordedFact(newId(), card.Version + 1, happened)));
        var taken = Reservations.Of(before, after).Taken.Select(name => new Name(name.Kind, name.Value)).ToList();
        lock (_gate)
        {
            if (_cards.TryGetValue(cardId, out var card) ? card.Version != before.Version : taken.Exists(_holders.ContainsKey)) return false;
            if (card is null && _cards.Count >= MostCards)
            {
                throw new FleetFileException($"More than {MostCards:N0} cards of the file are in several rows each: too many for one dry run. Divide the file.");
            }
            foreach (var name in taken) _holders[name] = cardId;
            _cards[cardId] = after;
            return true;
        }
    }
}
