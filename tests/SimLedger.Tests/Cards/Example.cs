using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;
using FormFactor = SimLedger.Cards.FormFactor;

namespace SimLedger.Tests.Cards;

/// <summary>Facts and times that many examples start from. It is Sunday 22 November 2026, 02:00 in Hong Kong.</summary>
internal static class Example
{
    public static readonly Guid First = new("01998f3c-6f00-7a10-8000-000000000001");
    public static readonly Guid Second = new("01998f3c-6f00-7a10-8000-000000000002");

    public static readonly CardEvent Registered = new CardEvent.CardRegistered("hk-cmhk", FormFactor.Physical, "8985200000000000036", null);
    public static readonly CardEvent FirstLine = new CardEvent.LineAttached(First, "prepaid", null, null);
    public static readonly CardEvent FirstNumber = new CardEvent.NumberAssigned(First, "+85200000003");
    public static readonly CardEvent SecondLine = new CardEvent.LineAttached(Second, null, null, null);

    /// <summary>Versions 1 to 3; what is added comes from 4 on.</summary>
    public static CardEvent[] OneLine(params CardEvent[] more) => [Registered, FirstLine, FirstNumber, .. more];

    public static readonly EntryTime Today = On("2026-11-22");
    public static readonly EntryTime Yesterday = On("2026-11-21");

    public static EntryTime On(string date) => EntryTime.On(Date(date));

    public static EntryTime At(string instant) => EntryTime.At(NodaTime.Text.OffsetDateTimePattern.Rfc3339.Parse(instant).GetValueOrThrow());

    public static LocalDate Date(string date) => NodaTime.Text.LocalDatePattern.Iso.Parse(date).GetValueOrThrow();
}
