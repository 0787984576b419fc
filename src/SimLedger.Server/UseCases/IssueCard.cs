using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards/{cardId}/issues: the card was handed to its holder.</summary>
internal static class IssueCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/issues", (HttpContext http, Guid cardId, CardRequests requests) =>
        requests.Handle(http, cardId, Read));

    private static CardCommand.Issue Read(RequestBody body)
    {
        body.Need("holder");
        return ChangeRequest.Told(body, new CardCommand.Issue(body.Text("holder") ?? "") { Document = body.Text("document"), Contact = body.Text("contact") });
    }
}
