using System.Text.Json;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules.Quoting;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>
/// POST /v1/cards/{cardId}/quotes: what an action would give, or which there are. A read that takes a body: it records nothing, so it needs no
/// idempotency key and the scope of reading.
/// </summary>
internal static class QuoteCard
{
    /// <summary>Rules and prices of a later day are guesses.</summary>
    private const int MostMonthsAhead = 36;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/cards/{cardId:guid}/quotes", Handle).WithMetadata(new RecordsNothing());

    private static async Task Handle(HttpContext http, Guid cardId, CardLedger cards)
    {
        if (await TryHandle(http, cardId, cards) is { } problem) await problem.ExecuteAsync(http);
    }

    private static async Task<Problem?> TryHandle(HttpContext http, Guid cardId, CardLedger cards)
    {
        if (new RequestQuery(http.Request).Finish() is { } query) return query;
        var (body, _, unreadable) = await RequestBody.Read(http.Request, http.RequestAborted);
        if (body is null) return unreadable;
        var request = QuoteRequest.Read(body);
        if (body.Finish() is { } wrong) return wrong;

        var loaded = await cards.Load(Caller.Of(http).Tenant, cardId, null, http.RequestAborted);
        if (loaded.Version == 0) return ReadCard.NoSuchCard();
        if (LineOf(loaded.Card, request.LineId, out var refused) is not { } line) return RefusalProblems.From(refused);

        var (pack, now) = (Appraisal.PackOf(loaded.Card, loaded.Rules.Packs), cards.Now);
        var product = line.Product is null ? null : pack.FindProduct(line.Product);
        var on = request.On ?? now.InZone(pack.Zone).Date;
        var errors = new List<MemberError>();
        if (DayError(on, now, pack.Zone) is { } day) errors.Add(day);
        var action = request.Action?.In(pack, product, errors);
        if (errors.Count > 0) return new Problem(RefusalProblems.KindOf(Refusal.InvalidValues), RequestBody.Summary(errors), errors);

        var (question, formFactor) = (Appraisal.QuestionOf(loaded.Card, line, pack, now), Appraisal.FormFactorOf(loaded.Card));
        var quote = action is null ? null : Quoter.Quote(pack, question, action, on, formFactor);
        var options = action is null ? Quoter.Options(pack, question, on, formFactor) : null;
        var language = RequestLanguage.Of(http.Request);
        RequestLanguage.Announce(http.Response, language);
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Written);
        json.WriteStartObject();
        json.WriteString("cardId", cardId);
        json.WriteNumber("version", loaded.Version);
        json.WriteString("lineId", line.Id);
        json.WriteString("number", line.Number);
        json.WriteString("carrier", loaded.Card.Carrier is null ? null : loaded.Rules.Packs.Find(loaded.Card.Carrier)?.Code ?? loaded.Card.Carrier);
        json.WriteString("product", line.Product);
        json.WriteString("timeZone", pack.Zone.Id);
        json.WriteString("asOf", Words.Of(now));
        json.WriteString("on", Words.Of(on));
        if (quote is not null) QuoteJson.WriteQuote(json, "quote", quote, language.Tag);
        if (options is not null) QuoteJson.WriteOptions(json, options, request.Limit, language.Tag);
        json.WriteEndObject();
        return null;
    }

    private static Line? LineOf(Card card, Guid? lineId, out Decision.Refused refused)
    {
        refused = lineId is { } id
            ? Decision.Refuse(Refusal.LineUnknown, $"Line {id} is not on the card.")
            : Decision.Refuse(Refusal.LineNotNamed, $"The card has {card.Lines.Length} lines.");
        return lineId is not null ? card.Lines.FirstOrDefault(line => line.Id == lineId) : card.Lines is [var only] ? only : null;
    }

    private static MemberError? DayError(LocalDate on, Instant now, DateTimeZone zone)
    {
        var today = now.InZone(zone).Date;
        if (on < today) return new("/on", ValueCode.DateOutOfRange, $"The day is past: it is {Words.Of(today)} in {zone.Id}. Send that day or a later one.");
        return on <= today.PlusMonths(MostMonthsAhead)
            ? null
            : new("/on", ValueCode.DateOutOfRange, $"The day is more than {MostMonthsAhead} months ahead. Send one up to {Words.Of(today.PlusMonths(MostMonthsAhead))}.");
    }
}
