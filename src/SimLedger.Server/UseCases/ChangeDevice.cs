using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/device-changes: the SIM is in another device from a time on; an empty text: in none.</summary>
internal static class ChangeDevice
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/device-changes", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.ChangeDevice Read(RequestBody body)
    {
        body.Need("device");
        return ChangeRequest.Told(body, new CardCommand.ChangeDevice(body.Text("device") ?? "") { Imei = body.Text("imei") });
    }
}
