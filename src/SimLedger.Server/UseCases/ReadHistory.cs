using System.Text.Json;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/cards/{cardId}/history: the card's facts, newest first, each with who recorded it, when, why, and what the rules made of it.</summary>
internal static class ReadHistory
{
    private const int DefaultLimit = 100;
    private const int MostFacts = 200;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/cards/{cardId:guid}/history", Handle);

    private static async Task Handle(HttpContext http, Guid cardId, CardLedger cards, Tenants tenants)
    {
        var caller = Caller.Of(http);
        var query = new RequestQuery(http.Request);
        var limit = query.Whole("limit", 1, MostFacts, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var secret = await tenants.Secret(caller.Tenant, http.RequestAborted);
        var binding = $"history|{cardId:D}";
        var before = int.MaxValue;
        if (cursor is not null)
        {
            if (Cursor.Read(secret, binding, cursor) is not { } place)
            {
                await new Problem(ProblemKind.CursorUnusable, "Start again without a cursor.").ExecuteAsync(http);
                return;
            }
            before = int.Parse(place, System.Globalization.CultureInfo.InvariantCulture);
        }
        var loaded = await cards.Load(caller.Tenant, cardId, null, http.RequestAborted);
        if (loaded.Version == 0)
        {
            await ReadCard.NoSuchCard().ExecuteAsync(http);
            return;
        }

        var facts = loaded.Facts.Where(f => f.Version < before).OrderByDescending(f => f.Version).Take(limit).ToList();
        var next = facts[^1].Version > 1 ? Cursor.Write(secret, binding, facts[^1].Version.ToString(System.Globalization.CultureInfo.InvariantCulture)) : null;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        if (next is not null) http.Response.Headers.Link = $"<{http.Request.Path}?limit={limit}&cursor={next}>; rel=\"next\"";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Written);
        json.WriteStartObject();
        json.WriteString("cardId", cardId);
        json.WriteNumber("version", loaded.Version);
        json.WriteStartArray("facts");
        var (outcomes, changes) = (Outcomes(loaded, cards), new ChangedMembers(loaded.Card));
        foreach (var fact in facts) WriteFact(json, fact, outcomes, changes);
        json.WriteEndArray();
        json.WriteString("nextCursor", next);
        json.WriteEndObject();
    }

    /// <summary>What each entry did to the dates, by fact id.</summary>
    private static Dictionary<string, Rules.EntryOutcome> Outcomes(LoadedCard loaded, CardLedger cards) =>
        loaded.Card.Lines.SelectMany(line => Appraisal.Of(loaded.Card, line, loaded.Rules.Packs, cards.Now).Standing.Entries).ToDictionary(e => e.Id, StringComparer.Ordinal);

    private static void WriteFact(Utf8JsonWriter json, StoredEvent fact, Dictionary<string, Rules.EntryOutcome> outcomes, ChangedMembers changes)
    {
        json.WriteStartObject();
        FactJson.WriteMembers(json, fact);
        if (outcomes.TryGetValue(fact.EventId.ToString("D"), out var outcome)) OutcomeJson.WriteMembers(json, outcome);
        changes.Write(json, fact.EventId);
        json.WriteEndObject();
    }
}
