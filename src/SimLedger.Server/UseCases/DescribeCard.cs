using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/descriptions: what the card is for and who sees to it. Members left out stay; an empty text or list clears.</summary>
internal static class DescribeCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/descriptions", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.Amend Read(RequestBody body) => ChangeRequest.Told(body, new CardCommand.Amend(DescriptionRequest.Read(body), DescriptionRequest.People(body), body.Text("notes")));
}
