using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/balances: the credit at the carrier, as it was seen. The same words again on a day are a success without a new fact.</summary>
internal static class ObserveBalance
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/balances", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
        requests.Handle(http, cardId, body => Read(body, cards)));

    private static CardCommand.ObserveBalance Read(RequestBody body, CardLedger cards)
    {
        body.Need("amount");
        return EntryRequest.Told(
            body, new CardCommand.ObserveBalance(body.Id("lineId"), EntryRequest.At(body, cards), body.Amount("amount").GetValueOrDefault(), body.Currency("currency")));
    }
}
