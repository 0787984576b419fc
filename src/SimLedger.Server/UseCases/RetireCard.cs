using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/retirements: the organisation keeps the card no more: off the due list, its identifiers free for others.</summary>
internal static class RetireCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/retirements", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.Retire Read(RequestBody body) => ChangeRequest.Told(body, new CardCommand.Retire());
}
