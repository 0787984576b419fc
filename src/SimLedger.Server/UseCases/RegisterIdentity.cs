using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/registrations: the holder's identity was registered with the carrier. The same day again is a success without a new fact.</summary>
internal static class RegisterIdentity
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/registrations", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
        requests.Handle(http, cardId, body => Read(body, cards)));

    private static CardCommand.RegisterIdentity Read(RequestBody body, CardLedger cards) =>
        EntryRequest.Told(body, new CardCommand.RegisterIdentity(body.Id("lineId"), EntryRequest.At(body, cards)) { Method = body.Text("method") });
}
