using System.Globalization;
using System.Text.Json;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/audit: the organisation's facts over all cards and rules, newest first, each with who recorded it, when, how and why.</summary>
internal static class ReadAudit
{
    private const int DefaultLimit = 100;
    private const int MostFacts = 200;

    // A type that is misspelt would find nothing, which an auditor must not take for an answer.
    private static readonly Dictionary<string, string> Types = CardEventJson.Types.Concat(RuleFact.Types).ToDictionary(type => type, StringComparer.Ordinal);

    // What was found wrong later was wrong at the time as well.
    private static readonly string[] Voids = [nameof(CardEvent.EntryVoided)];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/audit", Handle);

    /// <summary>The filters of a query; what is wrong with them is noted there.</summary>
    internal static AuditFilter Filter(RequestQuery query)
    {
        var (from, to) = (query.Moment("from"), query.Moment("to"));
        if (from > to) query.Wrong("to", ValueCode.OutOfRange, "It lies before from, so that no fact fits both. Give a moment after it.");
        return new AuditFilter(
            from, to, query.One("actor"), query.Words("type", Types), query.Id("card"), query.Id("import"), query.Moment("knownAt"), query.Moment("asOf"), Voids);
    }

    private static async Task Handle(HttpContext http, AuditTrail trail, Tenants tenants)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var filter = Filter(query);
        var limit = query.Whole("limit", 1, MostFacts, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var secret = await tenants.Secret(tenant, http.RequestAborted);
        var binding = Binding(filter);
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

        var page = await trail.Read(tenant, filter, before, limit, http.RequestAborted);
        var next = page.Next is { } position ? Cursor.Write(secret, binding, position.ToString(CultureInfo.InvariantCulture)) : null;
        if (next is not null) http.Response.Headers.Link = $"<{http.Request.Path}{query.WithCursor(next)}>; rel=\"next\"";
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("facts");
            foreach (var fact in page.Facts) FactJson.Write(json, fact);
            json.WriteEndArray();
            json.WriteNumber("lookedBackTo", page.LookedBackTo);
            json.WriteString("nextCursor", next);
        });
    }

    /// <summary>One text for one meaning: what a cursor is bound to.</summary>
    private static string Binding(AuditFilter filter) => string.Create(
        CultureInfo.InvariantCulture,
        $"audit|from={filter.From?.UtcTicks}|to={filter.To?.UtcTicks}|type={JsonSerializer.Serialize(filter.Types)}|card={filter.Stream:D}|import={filter.Import:D}|knownAt={filter.KnownAt?.UtcTicks}|asOf={filter.AsOf?.UtcTicks}|actor={filter.Actor}");
}
