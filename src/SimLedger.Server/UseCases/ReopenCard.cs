using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/reopenings: a retired card is kept again, with the identifiers it had, if no other card has taken them.</summary>
internal static class ReopenCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/reopenings", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.Reopen Read(RequestBody body) => ChangeRequest.Told(body, new CardCommand.Reopen());
}
