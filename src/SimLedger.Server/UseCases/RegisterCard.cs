using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/cards: a card with its lines, one to eight.</summary>
internal static class RegisterCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards", (HttpContext http, CardRequests requests, TimeProvider clock) =>
        requests.Handle(http, Guid.CreateVersion7(clock.GetUtcNow()), body => Read(body, clock), createsCard: true));

    private static CardCommand.Register Read(RequestBody body, TimeProvider clock) =>
        new CardCommand.Register([.. (body.Objects("lines", CardDecider.MostLines) ?? []).Select(line => ReadLine(line, clock))])
        {
            Carrier = body.Text("carrier"),
            FormFactor = body.Word("formFactor", ("physical", FormFactor.Physical), ("esim", FormFactor.Esim)),
            Iccid = body.Text("iccid"),
            Eid = body.Text("eid"),
            Description = new CardCommand.Describe
            {
                Purpose = body.Text("purpose"),
                Importance = body.Word("importance", ("normal", Importance.Normal), ("high", Importance.High), ("critical", Importance.Critical)),
                Location = body.Text("location"),
                Tags = body.Texts("tags", FreeText.MostTags),
            },
            People = new CardCommand.AssignPeople { Owner = body.Text("owner"), Custodian = body.Text("custodian") },
            Notes = body.Text("notes"),
        };

    private static NewLine ReadLine(RequestBody line, TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()))
    {
        Number = line.Text("number"),
        Product = line.Text("product"),
        Region = line.Text("region"),
        ActivatedOn = line.Date("activatedOn"),
    };
}
