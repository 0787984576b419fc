using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/detachments: a line is no longer on the card; its number is free for another.</summary>
internal static class DetachLine
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/detachments", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.DetachLine Read(RequestBody body) => ChangeRequest.Told(body, new CardCommand.DetachLine(body.Id("lineId")));
}
