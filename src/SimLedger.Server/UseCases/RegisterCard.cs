using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards: a card with its lines, one to eight; or many cards at once to /v1/cards:batch.</summary>
internal static class RegisterCard
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/cards", (HttpContext http, CardRequests requests, TimeProvider clock) =>
            requests.Handle(http, Guid.CreateVersion7(clock.GetUtcNow()), body => Read(body, clock), createsCard: true));
        routes.MapPost("/v1/cards:batch", (HttpContext http, CardBatches batches, TimeProvider clock) => batches.Handle(http, body => Read(body, clock), createsCards: true));
    }

    private static CardCommand.Register Read(RequestBody body, TimeProvider clock) =>
        new CardCommand.Register([.. (body.Objects("lines", CardDecider.MostLines) ?? []).Select(line => LineRequest.Read(line, clock))])
        {
            Carrier = body.Text("carrier"),
            FormFactor = body.Word("formFactor", ("physical", FormFactor.Physical), ("esim", FormFactor.Esim)),
            Iccid = body.Text("iccid"),
            Eid = body.Text("eid"),
            Description = DescriptionRequest.Read(body),
            People = DescriptionRequest.People(body),
            Notes = body.Text("notes"),
        };
}
