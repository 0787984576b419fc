using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;
using Name = SimLedger.Ledger.Reservation;

namespace SimLedger.Server.Importing;

/// <summary>What is stored of the cards that some rows are about, read in two round trips however many rows there are.</summary>
/// <remarks>It may be out of date when a row is decided on it; then its append is refused, and the row is decided again on what is read then.</remarks>
internal sealed class CardsOfRows
{
    /// <summary>Rows read for at once: with number and ICCID on two cards each, no more cards than one read takes, and one that is new.</summary>
    public const int MostRows = 240;

    private readonly IReadOnlyDictionary<Name, Guid> _holders;
    private readonly Dictionary<Guid, StoredCard> _cards;
    private readonly StoredCard _new;

    private CardsOfRows(IReadOnlyDictionary<Name, Guid> holders, IReadOnlyList<StoredCard> cards) =>
        (_holders, _cards, _new) = (holders, cards.ToDictionary(c => c.Id), cards[^1]);

    /// <param name="rows">At most <see cref="MostRows"/>.</param>
    /// <param name="newId">Of a card that is not there.</param>
    public static async Task<CardsOfRows> Read(CardLedger cards, HeldNames names, TenantId tenant, IReadOnlyList<RowReading> rows, Guid newId, CancellationToken cancel)
    {
        var wanted = rows.SelectMany(NamesOf).Distinct().ToList();
        var holders = wanted.Count == 0 ? new Dictionary<Name, Guid>() : await names.Holders(tenant, wanted, cancel);
        return new CardsOfRows(holders, await cards.LoadMany(tenant, [.. holders.Values.Distinct(), newId], cancel));
    }

    public Guid? Holder(Name name) => _holders.TryGetValue(name, out var card) ? card : null;

    /// <summary>The card as it was read; null: it holds none of the names.</summary>
    /// <exception cref="FormatException">A fact is beyond this program.</exception>
    public LoadedCard? Find(Guid cardId) => _cards.TryGetValue(cardId, out var stored) ? stored.Open() : null;

    /// <summary>A card that is not there yet.</summary>
    public LoadedCard New(Guid cardId) => (_new with { Id = cardId }).Open();

    private static IEnumerable<Name> NamesOf(RowReading row)
    {
        if (row.Iccid is { } iccid) yield return new Name(Cards.Reservation.Iccid, iccid);
        if (row.Number is { } number) yield return new Name(Cards.Reservation.Number, number);
    }
}
