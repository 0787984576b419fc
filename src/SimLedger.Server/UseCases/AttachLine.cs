using SimLedger.Cards;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/lines: a further line is on the card.</summary>
internal static class AttachLine
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/lines", (HttpContext http, Guid cardId, CardRequests requests, TimeProvider clock) =>
        requests.Handle(http, cardId, body => new CardCommand.AttachLine(LineRequest.Read(body, clock))));
}
