using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/number-changes: a line has another number from a time on, its first one too.</summary>
internal static class ChangeNumber
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/number-changes", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.ChangeNumber Read(RequestBody body)
    {
        body.Need("number");
        return ChangeRequest.Told(body, new CardCommand.ChangeNumber(body.Id("lineId"), body.Text("number") ?? ""));
    }
}
