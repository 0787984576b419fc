using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/product-changes: the rules know a line as another product from a time on; its history goes with it.</summary>
internal static class ChangeProduct
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/product-changes", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.ChangeProduct Read(RequestBody body)
    {
        body.Need("product");
        return ChangeRequest.Told(body, new CardCommand.ChangeProduct(body.Id("lineId"), body.Text("product") ?? "") { Region = body.Text("region") });
    }
}
