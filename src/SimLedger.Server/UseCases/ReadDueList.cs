using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/due-list?within=30d&amp;stage=…&amp;carrier=…&amp;limit=…&amp;cursor=…: what is due, most urgent first, what must be settled before all.</summary>
internal static class ReadDueList
{
    private const int DefaultLimit = 50;
    private const int MostRows = 200;
    private const int MostDays = 3660;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/due-list", Handle);

    /// <summary>The filters of a query; what is wrong with them is noted there.</summary>
    /// <param name="rules">A carrier is meant by any of its names.</param>
    internal static async Task<DueListFilter> Filter(RequestQuery query, TenantId tenant, RuleBook rules, CancellationToken cancel)
    {
        var packs = query.Many("carrier", 50) is { } carriers ? (await rules.Newest(tenant, cancel), carriers) : default((RulesAt Rules, IReadOnlyList<string> Carriers)?);
        return new DueListFilter(
            Within(query),
            Stages(query),
            packs is { } named ? [.. named.Carriers.Select(c => named.Rules.Packs.Find(c)?.Code ?? c).Distinct(StringComparer.Ordinal)] : null);
    }

    /// <summary>The answer to <see cref="DueListBehindException"/>.</summary>
    internal static Problem Behind() =>
        new(ProblemKind.Busy, "Rules or dates have changed for very many lines at once and the due list is being brought up to date. Ask again in a while.") { RetryAfter = TimeSpan.FromSeconds(30) };

    private static async Task Handle(HttpContext http, DueListQuery dueList, Tenants tenants, RuleBook rules, CardLedger cards)
    {
        var caller = Caller.Of(http);
        var query = new RequestQuery(http.Request);
        var filter = await Filter(query, caller.Tenant, rules, http.RequestAborted);
        var limit = query.Whole("limit", 1, MostRows, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }

        var secret = await tenants.Secret(caller.Tenant, http.RequestAborted);
        DueListPlace? after = null;
        if (cursor is not null)
        {
            if (Cursor.Read(secret, filter.Binding, cursor) is not { } place)
            {
                await new Problem(ProblemKind.CursorUnusable, "Start again without a cursor, and repeat the filters of the first page with each one after it.").ExecuteAsync(http);
                return;
            }
            after = DueListPlace.Read(place);
            if (cards.Now - after.Now > DueListPlace.Lifetime)
            {
                await new Problem(ProblemKind.CursorUnusable, $"The list was begun over {DueListPlace.Lifetime.TotalMinutes:0} minutes ago and has moved on. Start again without a cursor.").ExecuteAsync(http);
                return;
            }
        }
        DueListPage page;
        try
        {
            page = await dueList.Page(caller.Tenant, filter, after, cards.Now, limit, http.RequestAborted);
        }
        catch (DueListBehindException)
        {
            await Behind().ExecuteAsync(http);
            return;
        }
        var next = page.Next is null ? null : Cursor.Write(secret, filter.Binding, page.Next.Write());
        await Write(http, page, next);
    }

    private static async Task Write(HttpContext http, DueListPage page, string? next)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        if (next is not null)
        {
            var query = http.Request.Query.Where(q => q.Key != "cursor").Append(new("cursor", next));
            http.Response.Headers.Link = $"<{QueryHelpers.AddQueryString(http.Request.Path, query)}>; rel=\"next\"";
        }
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Written);
        json.WriteStartObject();
        json.WriteString("asOf", Words.Of(page.Now));
        json.WriteStartArray("items");
        foreach (var row in page.Rows) LineJson.Write(json, row, page.Now);
        json.WriteEndArray();
        json.WriteString("nextCursor", next);
        json.WriteEndObject();
    }

    private static int? Within(RequestQuery query)
    {
        if (query.One("within") is not { } text) return null;
        if (text.Length > 1 && text[^1] == 'd' && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= MostDays) return days;
        query.Wrong("within", "value-unknown", $"A number of days from 0d to {MostDays}d is expected, such as 30d.");
        return null;
    }

    private static List<Stage>? Stages(RequestQuery query)
    {
        if (query.Many("stage", Words.Stages.Count) is not { } words) return null;
        var stages = new List<Stage>();
        foreach (var word in words)
        {
            if (Words.Stages.TryGetValue(word, out var stage)) stages.Add(stage);
            else query.Wrong("stage", "value-unknown", $"One or more of {string.Join(", ", Words.Stages.Keys)} are expected.");
        }
        return stages;
    }
}
