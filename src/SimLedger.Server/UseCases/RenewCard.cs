using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/renewals, or many at once to /v1/renewals:batch: another period was bought. Told from its like as a top-up is.</summary>
internal static class RenewCard
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/cards/{cardId:guid}/renewals", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
            requests.Handle(http, cardId, body => Read(body, cards)));
        routes.MapPost("/v1/renewals:batch", (HttpContext http, CardBatches batches, CardLedger cards) => batches.Handle(http, body => Read(body, cards), createsCards: false));
    }

    private static CardCommand.Renew Read(RequestBody body, CardLedger cards) =>
        EntryRequest.Paid(body, new CardCommand.Renew(body.Id("lineId"), EntryRequest.At(body, cards)) { Amount = body.Amount("amount"), Currency = body.Currency("currency") });
}
