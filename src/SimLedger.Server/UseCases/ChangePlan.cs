using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/plan-changes: a line has another of the carrier's packages from a time on; an empty text: none.</summary>
internal static class ChangePlan
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/plan-changes", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.ChangePlan Read(RequestBody body)
    {
        body.Need("plan");
        return ChangeRequest.Told(body, new CardCommand.ChangePlan(body.Id("lineId"), body.Text("plan") ?? ""));
    }
}
