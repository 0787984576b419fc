using Npgsql;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using Reservation = SimLedger.Cards.Reservation;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/cards/by/{number|iccid|eid}/{value}: the card that holds it, else the closed one that had it last.</summary>
internal static class FindCard
{
    private delegate bool Reader(string? text, out string? value, out ValueProblem? problem);

    // By the card's newest fact, as a rule the one that closed it. A line that is not closed holds its names.
    private const string HadItLastSql = """
        select s.card_id from card_standing s
        cross join lateral (select e.position from events e where e.tenant_id = $1 and e.stream_id = s.card_id order by e.version desc limit 1) e
        where s.tenant_id = $1 and s.closed and s.{0} = $2 order by e.position desc limit 1
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapKind(routes, Reservation.Number, E164.TryRead);
        MapKind(routes, Reservation.Iccid, Iccid.TryRead);
        MapKind(routes, Reservation.Eid, Eid.TryRead);
    }

    private static void MapKind(IEndpointRouteBuilder routes, string kind, Reader read) => routes.MapGet(
        $"/v1/cards/by/{kind}/{{value}}",
        (HttpContext http, string value, CardLedger cards, HeldNames names, TenantDatabase database) => Handle(http, kind, value, read, cards, names, database));

    private static async Task Handle(HttpContext http, string kind, string value, Reader read, CardLedger cards, HeldNames names, TenantDatabase database)
    {
        var query = new RequestQuery(http.Request);
        var moment = PointInTime.Read(query, cards.Now);
        if (!read(value, out _, out var malformed)) query.Wrong(kind, malformed!.Code, $"{malformed.Message} {malformed.Cure}");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var tenant = Caller.Of(http).Tenant;
        var name = new Ledger.Reservation(kind, value);
        var holders = await names.Holders(tenant, [name], http.RequestAborted);
        var card = holders.TryGetValue(name, out var holder) ? holder : await HadItLast(tenant, kind, value, database, http.RequestAborted);
        if (card is null)
        {
            await new Problem(ProblemKind.CardNotFound, $"No card of the organisation has this {kind}, none that was closed had it. GET /v1/cards?{kind}=… finds cards by its first characters.").ExecuteAsync(http);
            return;
        }
        await ReadCard.Answer(http, card.Value, moment, cards);
    }

    /// <param name="column">One of ours, never text from outside.</param>
    private static Task<Guid?> HadItLast(TenantId tenant, string column, string value, TenantDatabase database, CancellationToken cancel) => database.Query(
        tenant,
        [new NpgsqlBatchCommand(HadItLastSql.Replace("{0}", column, StringComparison.Ordinal)) { Parameters = { new() { Value = tenant.Value }, new() { Value = value } } }],
        async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetGuid(0) : (Guid?)null, cancel);
}
