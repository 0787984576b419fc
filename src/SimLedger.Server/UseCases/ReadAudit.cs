using System.Globalization;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/audit: the organisation's facts over all cards and rules, newest first, each with who recorded it, when, how and why.</summary>
internal static class ReadAudit
{
    private const int DefaultLimit = 100;
    private const int MostFacts = 200;
    private const int MostTypes = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/audit", Handle);

    private static async Task Handle(HttpContext http, AuditTrail trail, Tenants tenants)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var filter = new AuditFilter(query.Moment("from"), query.Moment("to"), query.One("actor"), query.Many("type", MostTypes), query.Id("card"));
        var limit = query.Whole("limit", 1, MostFacts, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var secret = await tenants.Secret(tenant, http.RequestAborted);
        var binding = string.Create(
            CultureInfo.InvariantCulture,
            $"audit|from={filter.From?.UtcTicks}|to={filter.To?.UtcTicks}|actor={filter.Actor}|type={string.Join(',', filter.Types ?? [])}|card={filter.Stream:D}");
        long? before = null;
        if (cursor is not null)
        {
            if (Cursor.Read(secret, binding, cursor) is not { } place)
            {
                await new Problem(ProblemKind.CursorUnusable, "Start again without a cursor, or with the filters that the cursor was made for.").ExecuteAsync(http);
                return;
            }
            before = long.Parse(place, CultureInfo.InvariantCulture);
        }

        var facts = await trail.Read(tenant, filter, before, limit + 1, http.RequestAborted);
        var next = facts.Count > limit ? Cursor.Write(secret, binding, facts[limit - 1].Position.ToString(CultureInfo.InvariantCulture)) : null;
        if (next is not null) http.Response.Headers.Link = $"<{http.Request.Path}{query.WithCursor(next)}>; rel=\"next\"";
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("facts");
            foreach (var fact in facts.Take(limit)) FactJson.Write(json, fact);
            json.WriteEndArray();
            json.WriteString("nextCursor", next);
        });
    }
}
