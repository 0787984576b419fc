using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/carrier-switches: the numbers were ported to another carrier; what happened before moves no date any more.</summary>
internal static class SwitchCarrier
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/carrier-switches", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.SwitchCarrier Read(RequestBody body)
    {
        body.Need("carrier");
        return ChangeRequest.Told(body, new CardCommand.SwitchCarrier(body.Text("carrier") ?? "") { Product = body.Text("product") });
    }
}
