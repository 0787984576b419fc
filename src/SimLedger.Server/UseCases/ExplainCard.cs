using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using SimLedger.Server.DueList;
using SimLedger.Server.Explaining;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/cards/{cardId}/explanation?asOf=…: why the dates of each line are what they are, in the reader's language.</summary>
internal static class ExplainCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/cards/{cardId:guid}/explanation", Handle);

    private static async Task Handle(HttpContext http, Guid cardId, CardLedger cards)
    {
        var query = new RequestQuery(http.Request);
        var time = query.Time("asOf");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var loaded = await cards.Load(Caller.Of(http).Tenant, cardId, null, http.RequestAborted);
        if (loaded.Version == 0)
        {
            await ReadCard.NoSuchCard().ExecuteAsync(http);
            return;
        }

        var language = RequestLanguage.Of(http.Request);
        var zone = Appraisal.PackOf(loaded.Card, loaded.Rules.Packs).Zone;
        var asOf = time?.ToInstant(zone) ?? cards.Now;
        var card = loaded.Card.AsOf(asOf);
        var pack = card.Carrier is null ? null : loaded.Rules.Packs.Find(card.Carrier);
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        RequestLanguage.Announce(http.Response, language);
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Written);
        json.WriteStartObject();
        json.WriteString("cardId", cardId);
        json.WriteNumber("version", loaded.Version);
        json.WriteString("asOf", Words.Of(asOf));
        json.WriteString("language", language.Tag);
        json.WriteStartArray("lines");
        foreach (var line in card.Lines)
        {
            var question = Appraisal.QuestionOf(card, line, pack ?? RulePack.WithoutRules, asOf);
            var standing = Evaluator.Evaluate(pack ?? RulePack.WithoutRules, question);
            new ExplanationJson(json, language, pack, card.Carrier).Write(line, standing, Explainer.Explain(pack, question, standing));
            await json.FlushAsync(http.RequestAborted); // A card of many facts makes a long answer: a line at a time stays in memory.
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
