using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/carrier-statements: the carrier's own word on the end date. It sets the date, whatever was computed.</summary>
internal static class StateExpiry
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/carrier-statements", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
        requests.Handle(http, cardId, body => Read(body, cards)));

    private static CardCommand.StateExpiry Read(RequestBody body, CardLedger cards)
    {
        body.Need("endsOn");
        return EntryRequest.Told(body, new CardCommand.StateExpiry(body.Id("lineId"), EntryRequest.At(body, cards), body.Date("endsOn").GetValueOrDefault())
        {
            Clock = body.Text("clock"),
        });
    }
}
