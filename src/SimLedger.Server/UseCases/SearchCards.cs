using System.Text.Json;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/cards?number=…&amp;iccid=…&amp;eid=…&amp;owner=…&amp;q=…: cards by the first characters of what they are known by.</summary>
internal static class SearchCards
{
    private const int DefaultLimit = 50;
    private const int MostCards = 200;
    private const int FewestCharacters = 2;
    private const int MostValues = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/cards", Handle);

    private static async Task Handle(HttpContext http, CardSearch search, CardLedger cards, Tenants tenants, RuleBook rules, ILogger<CardSearch> log)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var carriers = query.Many("carrier", MostValues);
        var packs = carriers is null ? null : (await rules.Current(tenant, http.RequestAborted)).Packs;
        var filter = new CardFilter(
            NumberPrefix(query), Prefix(query, "iccid"), Prefix(query, "eid"), Prefix(query, "owner"), Prefix(query, "q"),
            carriers is null ? null : [.. carriers.Select(c => packs!.Find(c)?.Code ?? c)], query.Many("tag", MostValues), query.YesOrNo("closed"));
        var limit = query.Whole("limit", 1, MostCards, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var secret = await tenants.Secret(tenant, http.RequestAborted);
        var after = Guid.Empty;
        if (cursor is not null)
        {
            if (Cursor.Read(secret, filter.Binding, cursor) is not { } place)
            {
                await new Problem(ProblemKind.CursorUnusable, "Start again without a cursor, and repeat the filters of the first page with each one after it.").ExecuteAsync(http);
                return;
            }
            after = Guid.Parse(place);
        }

        var now = cards.Now;
        var found = await search.Cards(tenant, filter, after, now, limit + 1, http.RequestAborted);
        var page = found.Take(limit).ToList();
        var stored = await cards.LoadMany(tenant, page, http.RequestAborted);
        var next = found.Count > limit ? Cursor.Write(secret, filter.Binding, page[^1].ToString("D")) : null;
        if (next is not null) http.Response.Headers.Link = $"<{http.Request.Path}{query.WithCursor(next)}>; rel=\"next\"";
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("items");
            foreach (var card in stored) Write(json, card, filter, now, log);
            json.WriteEndArray();
            json.WriteString("nextCursor", next);
        });
    }

    /// <summary>A card that this program cannot read is listed by its id alone, never left out.</summary>
    private static void Write(Utf8JsonWriter json, StoredCard stored, CardFilter filter, Instant now, ILogger log)
    {
        LoadedCard? loaded = null;
        IReadOnlyList<StandingRow> rows = [];
        try
        {
            loaded = stored.Open();
            rows = CardStandingView.Rows(stored.Id, loaded.Card, loaded.Rules, now);
            if (filter.Closed is { } closed && rows.All(row => row.Closed != closed)) return;
        }
        catch (Exception error)
        {
            log.LogError(error, "Card {Card} could not be read; it is listed by its id.", stored.Id);
        }
        json.WriteStartObject();
        json.WriteString("cardId", stored.Id);
        json.WriteNumber("version", stored.Read.Version);
        json.WriteString("carrier", loaded?.Card.Carrier is { } carrier ? loaded.Rules.Packs.Find(carrier)?.Code ?? carrier : null);
        json.WriteString("iccid", loaded?.Card.Iccid);
        json.WriteStartArray("lines");
        foreach (var row in rows) LineJson.Write(json, row, now);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Of a number in E.164: nothing would be found by another way to write it, and that be taken for an answer.</summary>
    private static string? NumberPrefix(RequestQuery query)
    {
        if (Prefix(query, "number") is not { } text) return null;
        var digits = text.TrimStart('+', ' ');
        if (!digits.All(char.IsAsciiDigit)) query.Wrong("number", ValueCode.NumberNotDigits, "The first digits are expected, without blanks, brackets and hyphens, after a plus or not.");
        else if (digits[0] == '0') query.Wrong("number", ValueCode.NumberStartsWithZero, "Numbers are found by their international form, which never begins with 0: send the country code first, such as +63917.");
        return text;
    }

    private static string? Prefix(RequestQuery query, string name)
    {
        if (query.One(name) is not { } text) return null;
        if (text.TrimStart('+', ' ').Length >= FewestCharacters) return text;
        query.Wrong(name, ValueCode.TooShort, $"At least {FewestCharacters} characters are expected, besides a plus.");
        return null;
    }
}
