using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/activations: a line was activated. The same day again is a success without a new fact.</summary>
internal static class ActivateCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/activations", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
        requests.Handle(http, cardId, body => Read(body, cards)));

    private static CardCommand.Activate Read(RequestBody body, CardLedger cards) =>
        EntryRequest.Told(body, new CardCommand.Activate(body.Id("lineId"), EntryRequest.At(body, cards)));
}
