using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/voids: an entry never happened, or not so. It stays in the history, marked; a void is not voided.</summary>
internal static class VoidEntry
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/voids", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.Void Read(RequestBody body)
    {
        body.Need("factId");
        return new CardCommand.Void(body.Id("factId").GetValueOrDefault(), body.Time("at"));
    }
}
