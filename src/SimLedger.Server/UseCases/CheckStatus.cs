using SimLedger.Cards;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/status-checks: somebody looked at the carrier's side; what was seen. An end date and a balance become facts of their own.</summary>
internal static class CheckStatus
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/status-checks", (HttpContext http, Guid cardId, CardRequests requests, CardLedger cards) =>
        requests.Handle(http, cardId, body => Read(body, cards)));

    private static CardCommand.CheckStatus Read(RequestBody body, CardLedger cards) =>
        EntryRequest.Told(body, new CardCommand.CheckStatus(body.Id("lineId"), EntryRequest.At(body, cards))
        {
            State = body.Word("state", [.. Words.Stages.Select(stage => (stage.Key, stage.Value))]),
            EndsOn = body.Date("endsOn"),
            Balance = body.Amount("balance"),
            Currency = body.Currency("currency"),
            Observed = body.Text("observed"),
        });
}
