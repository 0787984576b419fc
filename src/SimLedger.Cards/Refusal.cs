using System.Text;

namespace SimLedger.Cards;

/// <summary>Why a command was not carried out. The kebab-case names are problem codes of the API: never rename or remove.</summary>
public enum Refusal
{
    InvalidValues,
    CardNotRegistered,
    CardAlreadyRegistered,
    IdentifierMissing,
    LineUnknown,
    LineNotNamed,
    LineAlreadyAttached,
    TooManyLines,
    NumberOnTwoLines,
    AtInTheFuture,
    AtTooLongAgo,
    CurrencyMissing,
    OrderNumberTaken,
    EntryUnknown,
    EntryIsAVoid,
    NothingToRecord,
    FactNotVoidable,
    CardIsRetired,
    LineIsDetached,
}

/// <summary>What people are told about a refusal.</summary>
public static class RefusalText
{
    /// <summary>The name in kebab-case: CardNotRegistered is card-not-registered.</summary>
    public static string Code(Refusal why)
    {
        var name = why.ToString();
        var code = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && code.Length > 0) code.Append('-');
            code.Append(char.ToLowerInvariant(letter));
        }

        return code.ToString();
    }

    public static string Title(Refusal why) => Of(why).Title;

    /// <summary>What to do about it.</summary>
    public static string Cure(Refusal why) => Of(why).Cure;

    private static (string Title, string Cure) Of(Refusal why) => why switch
    {
        Refusal.InvalidValues => ("Some values cannot be taken.", "Correct the members listed; each says what it takes."),
        Refusal.CardNotRegistered => ("No such card.", "Register the card first, or check the card id."),
        Refusal.CardAlreadyRegistered => ("The card is registered already.", "Use the card as it is; to change it, describe it or attach lines."),
        Refusal.IdentifierMissing => ("Nothing tells this card from others.", "Send at least a number, an ICCID or an EID."),
        Refusal.LineUnknown => ("The card has no such line.", "Read the card and take a line id from it."),
        Refusal.LineNotNamed => ("The card has several lines and none was named.", "Send the line id; the card lists its lines."),
        Refusal.LineAlreadyAttached => ("The line is attached already, with other values.", "Attach another line under an id of its own."),
        Refusal.TooManyLines => ($"A card holds at most {CardDecider.MostLines} lines.", "Register a further card for further numbers."),
        Refusal.NumberOnTwoLines => ("The number would be on two lines of the card.", "Give each line a number of its own."),
        Refusal.AtInTheFuture => ("That lies in the future.", "Record what has happened by now in the carrier's time zone."),
        Refusal.AtTooLongAgo => ($"That lies before {CardDecider.EarliestYear}.", "Check the year; dates are written year-month-day."),
        Refusal.CurrencyMissing => ("The amount has no currency.", "Send the currency; the line's product is not known to take it from."),
        Refusal.OrderNumberTaken => ("The order number stands on another payment of this line.", "Check it; if the earlier entry is wrong, void that one first."),
        Refusal.EntryUnknown => ("The card has no such fact.", "Read the card's history and take the id from it."),
        Refusal.EntryIsAVoid => ("A void cannot be voided.", "Record the entry again if it was right after all."),
        Refusal.FactNotVoidable => ("This fact cannot be voided.", "Retire the card, detach the line, or record a change instead."),
        Refusal.CardIsRetired => ("The card was retired by then.", "Reopen the card first, or check the date."),
        Refusal.LineIsDetached => ("The line was detached from the card by then.", "Attach it again under an id of its own, or check the date."),
        Refusal.NothingToRecord => ("The command says nothing.", "Send at least one member; an empty text clears one."),
        _ => throw new InvalidOperationException($"No text for {why}."),
    };
}
