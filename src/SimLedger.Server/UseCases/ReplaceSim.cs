using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/sim-replacements: another SIM or eSIM profile carries the lines from a time on.</summary>
internal static class ReplaceSim
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/sim-replacements", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.ReplaceSim Read(RequestBody body)
    {
        body.Need("iccid");
        return ChangeRequest.Told(body, new CardCommand.ReplaceSim(body.Text("iccid") ?? "")
        {
            Eid = body.Text("eid"),
            FormFactor = body.Word("formFactor", ("physical", FormFactor.Physical), ("esim", FormFactor.Esim)),
        });
    }
}
