using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/sim-conditions: the SIM was lost or damaged, or is in order again. The number lives on.</summary>
internal static class ReportSim
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/sim-conditions", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.ReportSim Read(RequestBody body)
    {
        body.Need("condition");
        var condition = body.Word("condition", ("lost", SimCondition.Lost), ("damaged", SimCondition.Damaged), ("inOrder", SimCondition.InOrder));
        return ChangeRequest.Told(body, new CardCommand.ReportSim(condition.GetValueOrDefault()));
    }
}
