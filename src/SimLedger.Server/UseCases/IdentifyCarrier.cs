using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/carrier-identifications: it was found out which carrier the card is of; all its history is that carrier's.</summary>
internal static class IdentifyCarrier
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/carrier-identifications", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.IdentifyCarrier Read(RequestBody body)
    {
        body.Need("carrier");
        return ChangeRequest.Told(body, new CardCommand.IdentifyCarrier(body.Text("carrier") ?? ""));
    }
}
