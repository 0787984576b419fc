using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/due-list?within=30d&amp;stage=…&amp;carrier=…&amp;tag=…: what is due, most urgent first, what must be settled before all; and /summary, how much of it.</summary>
internal static class ReadDueList
{
    private const int DefaultLimit = 50;
    private const int MostRows = 200;
    private const int MostDays = 3660;
    private const int MostValues = 50;

    private static readonly Dictionary<string, int> Ranks = new(StringComparer.Ordinal) { ["normal"] = 2, ["high"] = 1, ["critical"] = 0 };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/due-list", Handle);
        routes.MapGet("/v1/due-list/summary", Summary);
    }

    /// <summary>The filters of a query; what is wrong with them is noted there.</summary>
    /// <param name="rules">A carrier is meant by any of its names.</param>
    internal static async Task<DueListFilter> Filter(RequestQuery query, TenantId tenant, RuleBook rules, CancellationToken cancel)
    {
        var carriers = query.Many("carrier", MostValues);
        var packs = carriers is null ? null : (await rules.Current(tenant, cancel)).Packs;
        return new DueListFilter(
            Within(query), query.Words("stage", DueList.Words.Stages), carriers is null ? null : [.. carriers.Select(c => packs!.Find(c)?.Code ?? c).Distinct(StringComparer.Ordinal)])
        {
            Tags = query.Many("tag", MostValues),
            Owners = query.Many("owner", MostValues),
            Flags = query.Words("flag", LineFlags.All.ToDictionary(f => f, StringComparer.Ordinal)),
            Products = query.Many("product", MostValues),
            Ranks = query.Words("importance", Ranks),
            Settle = query.YesOrNo("settle"),
            ClosedToo = query.YesOrNo("closed") == true,
        };
    }

    private static async Task Handle(HttpContext http, DueListQuery dueList, DueListHistory history, Tenants tenants, RuleBook rules, CardLedger cards)
    {
        var caller = Caller.Of(http);
        var query = new RequestQuery(http.Request);
        var filter = await Filter(query, caller.Tenant, rules, http.RequestAborted);
        var now = cards.Now;
        var moment = PointInTime.Read(query, now, "UTC");
        var asOf = moment.InstantAt(DateTimeZone.Utc, now);
        if (asOf > now + Duration.FromDays(MostDays)) query.Wrong("asOf", ValueCode.OutOfRange, $"At most {MostDays} days to come are expected.");
        var limit = query.Whole("limit", 1, MostRows, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }

        var secret = await tenants.Secret(caller.Tenant, http.RequestAborted);
        var binding = moment.IsNow ? filter.Binding : $"{filter.Binding}|asOf={(moment.AsOf is null ? "" : DueList.Words.Of(asOf))}|knownAt={DueList.Words.Of(moment.KnownAt)}";
        DueListPlace? after = null;
        if (cursor is not null)
        {
            if (Cursor.Read(secret, binding, cursor) is not { } place)
            {
                await new Problem(ProblemKind.CursorUnusable, "Start again without a cursor, and repeat the filters of the first page with each one after it.").ExecuteAsync(http);
                return;
            }
            after = DueListPlace.Read(place);
            if (now - after.Begun > DueListPlace.Lifetime)
            {
                await new Problem(ProblemKind.CursorUnusable, $"The list was begun over {DueListPlace.Lifetime.TotalMinutes:0} minutes ago and has moved on. Start again without a cursor.").ExecuteAsync(http);
                return;
            }
        }
        DueListPage page;
        try
        {
            // What is to come follows from the rows of now; what was, and what was known, does not.
            var byRows = after is null ? asOf >= now && moment.KnownAt is null : after.KnownAt is null;
            page = byRows
                ? await dueList.Page(caller.Tenant, filter, after, asOf, limit, http.RequestAborted)
                : await history.Page(caller.Tenant, filter, after, asOf, moment.KnownAt ?? now, limit, http.RequestAborted);
        }
        catch (DueListTooLargeException)
        {
            await new Problem(ProblemKind.DueListTooLarge, $"It is made from the facts of all cards, and there are more than {DueListHistory.MostCards}. Ask for single cards: GET /v1/cards/{{cardId}}?asOf=…").ExecuteAsync(http);
            return;
        }
        catch (DueListBehindException)
        {
            await (moment.AsOf is null
                ? Behind()
                : new Problem(ProblemKind.DueListTooLarge, "Too many lines will have changed by then. Ask for an earlier day, or for some carriers, owners or tags.")).ExecuteAsync(http);
            return;
        }
        var next = page.Next is null ? null : Cursor.Write(secret, binding, page.Next.Write());
        await Write(http, page, next);
    }

    private static async Task Summary(HttpContext http, KeptSummaries summaries, RuleBook rules, CardLedger cards)
    {
        var caller = Caller.Of(http);
        var query = new RequestQuery(http.Request);
        var filter = await Filter(query, caller.Tenant, rules, http.RequestAborted);
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        Instant asOf;
        DueListSummary summary;
        try
        {
            (asOf, summary) = await summaries.Summary(caller.Tenant, filter, cards.Now, http.RequestAborted);
        }
        catch (DueListBehindException)
        {
            await Behind().ExecuteAsync(http);
            return;
        }
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteString("asOf", DueList.Words.Of(asOf));
            WriteCounts(json, summary.All);
            WriteNamed(json, "carriers", "carrier", summary.Carriers);
            WriteNamed(json, "owners", "owner", summary.Owners);
        });
    }

    /// <summary>The answer to <see cref="DueListBehindException"/>.</summary>
    internal static Problem Behind() => new(ProblemKind.Busy, "Rules or dates have changed for very many lines at once and the due list is being brought up to date. Ask again in a while.")
    {
        RetryAfter = TimeSpan.FromSeconds(30),
    };

    private static void WriteNamed(Utf8JsonWriter json, string list, string member, (IReadOnlyList<(string Name, IReadOnlyList<long> Lines)> Named, IReadOnlyList<long> Others) counts)
    {
        json.WriteStartArray(list);
        foreach (var (name, lines) in counts.Named)
        {
            json.WriteStartObject();
            json.WriteString(member, name.Length == 0 ? null : name);
            WriteCounts(json, lines);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject($"other{char.ToUpperInvariant(list[0])}{list[1..]}");
        WriteCounts(json, counts.Others);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<long> lines)
    {
        json.WriteNumber("total", lines.Sum());
        foreach (var bucket in Enum.GetValues<DueBucket>()) json.WriteNumber(EnumNames.Of(bucket), lines[(int)bucket]);
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
        json.WriteString("asOf", DueList.Words.Of(page.Now));
        if (page.KnownAt is { } known) json.WriteString("knownAt", DueList.Words.Of(known));
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
        query.Wrong("within", ValueCode.ValueUnknown, $"A number of days from 0d to {MostDays}d is expected, such as 30d.");
        return null;
    }
}
