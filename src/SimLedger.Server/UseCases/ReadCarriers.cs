using System.Security.Cryptography;
using System.Text.Json;
using SimLedger.Ledger;
using SimLedger.Rules;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/carriers, /v1/carriers/{code} and its revisions: the rules in force, where they come from, how sure they are, who published them.</summary>
internal static class ReadCarriers
{
    /// <summary>Publications of one pack that are listed; a pack changes a few times a year.</summary>
    private const int MostRevisions = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/carriers", List);
        routes.MapGet("/v1/carriers/{code}", One);
        routes.MapGet("/v1/carriers/{code}/revisions", Revisions);
    }

    public static Problem NoSuchCarrier() => new(ProblemKind.CarrierNotFound, "No rule pack of this code is in force here. GET /v1/carriers lists those that are; a code reads like ph-tm.");

    private static async Task List(HttpContext http, RuleBook book)
    {
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var rules = await book.Newest(Caller.Of(http).Tenant, http.RequestAborted);
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("rulesRevision", rules.Revision);
            json.WriteStartArray("carriers");
            foreach (var published in rules.Published)
            {
                json.WriteStartObject();
                WriteSummary(json, published);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static async Task One(HttpContext http, string code, RuleBook book, PublishedPacks packs)
    {
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var tenant = Caller.Of(http).Tenant;
        var rules = await book.Newest(tenant, http.RequestAborted);
        // People name carriers by their aliases; the answer says the code.
        var wanted = rules.Packs.Find(code)?.Code ?? code;
        var published = rules.Published.FirstOrDefault(p => p.Revision.Code == wanted);
        var body = published is null ? null : (await packs.InForce(tenant, null, http.RequestAborted)).Packs.FirstOrDefault(p => p.Revision.Code == wanted);
        if (published is null || body is null)
        {
            await NoSuchCarrier().ExecuteAsync(http);
            return;
        }
        var answer = JsonText.Object(json =>
        {
            WriteSummary(json, published);
            json.WritePropertyName("pack");
            json.WriteRawValue(WithoutMark(body.Body.Span));
        });
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(answer.Span).AsSpan(0, 16))}\"";
        EntityTag.Announce(http.Response, tag);
        if (EntityTag.IsHeldBy(http.Request, tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(answer, http.RequestAborted);
    }

    private static async Task Revisions(HttpContext http, string code, PublishedPacks packs)
    {
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var revisions = await packs.Revisions(Caller.Of(http).Tenant, code, MostRevisions, http.RequestAborted);
        if (revisions.Count == 0)
        {
            await NoSuchCarrier().ExecuteAsync(http);
            return;
        }
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteString("carrier", code);
            json.WriteStartArray("revisions");
            foreach (var revision in revisions)
            {
                json.WriteStartObject();
                WriteRevision(json, revision);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static void WriteSummary(Utf8JsonWriter json, PackInForce published)
    {
        json.WriteString("carrier", published.Revision.Code);
        WriteRevision(json, published.Revision);
        json.WriteString("problem", published.Problem);
        if (published.Pack is not { } pack) return;
        json.WriteStartObject("name");
        foreach (var (language, text) in pack.Name.Texts) json.WriteString(language, text);
        json.WriteEndObject();
        json.WriteStartArray("aliases");
        foreach (var alias in pack.Aliases) json.WriteStringValue(alias);
        json.WriteEndArray();
        json.WriteString("country", pack.Country);
        json.WriteString("timeZone", pack.Zone.Id);
        json.WriteStartArray("products");
        foreach (var product in pack.Products) WriteProduct(json, product);
        json.WriteEndArray();
    }

    /// <summary>With the source of each of its rules: what nobody verified says so before anybody builds on it.</summary>
    private static void WriteProduct(Utf8JsonWriter json, Product product)
    {
        json.WriteStartObject();
        json.WriteString("product", product.Code);
        json.WriteString("currency", product.Currency);
        json.WriteStartArray("rules");
        foreach (var rule in product.Rules)
        {
            json.WriteStartObject();
            json.WriteString("ruleVersion", rule.Version);
            json.WriteString("from", DueList.Words.Of(rule.From));
            json.WriteString("to", DueList.Words.Of(rule.To));
            json.WriteString("confidence", DueList.Words.Of(rule.Source.Confidence));
            json.WriteString("source", rule.Source.Title);
            json.WriteString("url", rule.Source.Url);
            json.WriteString("checkedOn", DueList.Words.Of(rule.Source.CheckedOn));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRevision(Utf8JsonWriter json, PackRevision revision)
    {
        json.WriteString("scope", revision.Own ? "own" : "shared");
        json.WriteNumber("revision", revision.Revision);
        json.WriteBoolean("withdrawn", revision.Withdrawn);
        json.WriteString("hash", Convert.ToHexStringLower(revision.Hash.Span));
        json.WriteString("publishedAt", revision.PublishedAt.UtcDateTime);
        json.WriteString("publishedBy", revision.Actor);
    }

    /// <summary>A file may begin with a byte order mark; within an answer it may not.</summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
