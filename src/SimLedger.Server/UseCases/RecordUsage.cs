using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/usages: the number was used. Uses add up; an equal one on the same day is pointed out.</summary>
internal static class RecordUsage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/usages", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
        requests.Handle(http, cardId, body => Read(body, cards)));

    private static CardCommand.RecordUsage Read(RequestBody body, CardLedger cards)
    {
        body.Need("kind");
        var kind = body.Word("kind", ("call", UsageKind.Call), ("sms", UsageKind.Sms), ("mms", UsageKind.Mms), ("data", UsageKind.Data));
        return EntryRequest.Told(body, new CardCommand.RecordUsage(body.Id("lineId"), EntryRequest.At(body, cards), kind.GetValueOrDefault())
        {
            Direction = body.Word("direction", ("out", Direction.Out), ("in", Direction.In)),
            Chargeable = body.YesOrNo("chargeable"),
            Cost = EntryRequest.Money(body, "cost"),
            Roaming = body.YesOrNo("roaming"),
        });
    }
}
