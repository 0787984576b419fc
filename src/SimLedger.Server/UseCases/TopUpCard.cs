using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/top-ups, or many at once to /v1/top-ups:batch: credit was added. Two equal ones are two; a repetition is told by its order number or idempotency key.</summary>
internal static class TopUpCard
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/cards/{cardId:guid}/top-ups", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
            requests.Handle(http, cardId, body => Read(body, cards)));
        routes.MapPost("/v1/top-ups:batch", (HttpContext http, CardBatches batches, CardLedger cards) => batches.Handle(http, body => Read(body, cards), createsCards: false));
    }

    private static CardCommand.TopUp Read(RequestBody body, CardLedger cards)
    {
        body.Need("amount");
        return EntryRequest.Paid(body, new CardCommand.TopUp(body.Id("lineId"), EntryRequest.At(body, cards), body.Amount("amount") ?? 0, body.Currency("currency"))
        {
            PricePaid = EntryRequest.Money(body, "pricePaid"),
            BalanceAfter = body.Amount("balanceAfter"),
        });
    }
}
