using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Members that entries share.</summary>
internal static class EntryRequest
{
    /// <summary>When it happened; left out: now.</summary>
    public static EntryTime At(RequestBody body, CardLedger cards) => body.Time("at") ?? EntryTime.At(cards.Now);

    /// <summary><c>{"amount": "12.50", "currency": "PHP"}</c>, both needed.</summary>
    public static Money? Money(RequestBody body, string name)
    {
        if (body.Object(name) is not { } money) return null;
        money.Need("amount");
        money.Need("currency");
        return money.Amount("amount") is { } amount && money.Currency("currency") is { } currency ? new Money(amount, currency) : null;
    }
}
