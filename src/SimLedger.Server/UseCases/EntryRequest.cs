using NodaTime.Text;
using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Members that entries share.</summary>
internal static class EntryRequest
{
    /// <summary>When it happened; left out: now.</summary>
    public static EntryTime At(RequestBody body, CardLedger cards) => body.Time("at") ?? EntryTime.At(cards.Now);

    /// <summary>As it was sent: a date, or an instant with its offset.</summary>
    public static string? Text(EntryTime? at) => at is not { } time ? null
        : time.Date is { } date ? LocalDatePattern.Iso.Format(date)
        : OffsetDateTimePattern.Rfc3339.Format(time.Instant.GetValueOrDefault());

    /// <summary>By which channel, from which source, under which number.</summary>
    public static TEntry Told<TEntry>(RequestBody body, TEntry entry) where TEntry : CardCommand.LineEntry =>
        entry with { OrderNumber = body.Text("orderNumber"), Channel = body.Text("channel"), Source = body.Text("source") };

    /// <summary>What payments have beside that.</summary>
    public static TPayment Paid<TPayment>(RequestBody body, TPayment payment) where TPayment : CardCommand.Pay => Told(body, payment with
    {
        Offer = body.Text("offer"),
        Promotion = body.Text("promotion"),
        Period = body.Period("period"),
    });

    /// <summary><c>{"amount": "12.50", "currency": "PHP"}</c>, both needed.</summary>
    public static Money? Money(RequestBody body, string name)
    {
        if (body.Object(name) is not { } money) return null;
        money.Need("amount");
        money.Need("currency");
        return money.Amount("amount") is { } amount && money.Currency("currency") is { } currency ? new Money(amount, currency) : null;
    }
}
