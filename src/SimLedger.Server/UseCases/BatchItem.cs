using System.Globalization;
using SimLedger.Cards;
using SimLedger.Server.Http;
using Name = SimLedger.Ledger.Reservation;

namespace SimLedger.Server.UseCases;

/// <summary>One command of a batch: read as it would be alone, with what says which card it is about.</summary>
/// <param name="Hash">Tells a repetition from another item under the same key.</param>
/// <param name="CardId">Null: named by its number or ICCID, or about to be made.</param>
/// <param name="Named">The identifier that names the card; null: none does.</param>
/// <param name="Problem">Why the item cannot be carried out; null: it can.</param>
internal sealed record BatchItem(int Index, ReadOnlyMemory<byte> Hash, CardCommand? Command, Guid? CardId, Name? Named, Problem? Problem)
{
    /// <summary>Reads an item that registers a card.</summary>
    public static BatchItem OfNewCard(int index, RequestBody body, ReadOnlyMemory<byte> hash, Func<RequestBody, CardCommand?> read)
    {
        var (command, problem) = CardRequests.Read(body, read);
        return new BatchItem(index, hash, command, null, null, problem);
    }

    /// <summary>Reads an item about a card, which it names by <c>cardId</c>, <c>number</c> or <c>iccid</c>; a number names the line too.</summary>
    public static BatchItem OfCard(int index, RequestBody body, ReadOnlyMemory<byte> hash, Func<RequestBody, CardCommand?> read)
    {
        Guid? cardId = null;
        Name? named = null;
        var (command, problem) = CardRequests.Read(body, item =>
        {
            cardId = item.Id("cardId");
            var (number, iccid) = (item.Text("number"), item.Text("iccid"));
            var entry = read(item);
            if (number is not null) named = Numbered(item, number);
            else if (iccid is not null) named = OnSim(item, iccid);
            if ((cardId is null ? 0 : 1) + (number is null ? 0 : 1) + (iccid is null ? 0 : 1) != 1) item.Wrong("cardId", ValueCode.MemberMissing, "Exactly one of cardId, number and iccid names the card.");
            if (number is not null && entry is CardCommand.LineEntry { LineId: not null }) item.Wrong("lineId", ValueCode.MemberUnknown, "The number names the line already. Leave one of them out.");
            return entry;
        });
        return new BatchItem(index, hash, command, cardId, named, problem);
    }

    /// <summary>The key that the item is kept under: that of its request and its place. A line feed cannot be in a key that was sent.</summary>
    public string KeyUnder(string key) => string.Create(CultureInfo.InvariantCulture, $"{key}\n{Index}");

    /// <summary>The command on the card as it stands: a number that names the card names its line as well.</summary>
    public CardCommand On(Card card) => (Command, Named) switch
    {
        (CardCommand.LineEntry entry, { Kind: Reservation.Number, Value: var number }) =>
            entry with { LineId = card.Lines.FirstOrDefault(line => !line.IsDetached && line.Number == number)?.Id ?? Guid.Empty },
        _ => Command!,
    };

    /// <summary>What items have in common that must be carried out in their order.</summary>
    public IEnumerable<string> Subjects(Guid cardId) => Command is CardCommand.Register register
        ? register.Lines.Select(line => line.Number).Append(register.Iccid).Append(register.Eid).OfType<string>()
        : [cardId.ToString("D")];

    private static Name? Numbered(RequestBody item, string text)
    {
        if (E164.TryRead(text, out var number, out var problem)) return new Name(Reservation.Number, number);
        item.Wrong("number", problem.Code, $"{problem.Message} {problem.Cure}");
        return null;
    }

    private static Name? OnSim(RequestBody item, string text)
    {
        if (Iccid.TryRead(text, out var iccid, out var problem)) return new Name(Reservation.Iccid, iccid);
        item.Wrong("iccid", problem.Code, $"{problem.Message} {problem.Cure}");
        return null;
    }
}
