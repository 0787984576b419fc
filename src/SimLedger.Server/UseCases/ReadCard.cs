using System.Globalization;
using System.Text.Json;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/cards/{cardId}?asOf=…&amp;knownAt=…: the card, with where each of its lines stands, now or at another moment.</summary>
internal static class ReadCard
{
    /// <summary>How far clocks of servers may be apart: rules published so shortly before a fact may have come after it.</summary>
    private static readonly Duration ClockSkew = Duration.FromMinutes(1);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/cards/{cardId:guid}", Handle);

    private static async Task Handle(HttpContext http, Guid cardId, CardLedger cards)
    {
        var query = new RequestQuery(http.Request);
        var moment = PointInTime.Read(query, cards.Now);
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        await Answer(http, cardId, moment, cards);
    }

    /// <summary>Answers a card, however it was found.</summary>
    public static async Task Answer(HttpContext http, Guid cardId, PointInTime moment, CardLedger cards)
    {
        var tenant = Caller.Of(http).Tenant;
        var loaded = moment.KnownAt is { } known
            ? await cards.LoadAsKnownAt(tenant, cardId, known, http.RequestAborted)
            : await cards.Load(tenant, cardId, null, http.RequestAborted);
        if (loaded.Version == 0)
        {
            await (moment.KnownAt is null ? NoSuchCard() : new Problem(ProblemKind.CardNotFound, "The organisation knew of no card of this id then. Check the id, or give a later knownAt.")).ExecuteAsync(http);
            return;
        }

        var now = cards.Now;
        var body = Body(loaded, moment, now);
        if (moment.IsNow)
        {
            var tag = string.Create(CultureInfo.InvariantCulture, $"\"{loaded.Version}\"");
            EntityTag.Announce(http.Response, tag);
            if (EntityTag.IsHeldBy(http.Request, tag) && HasNotChanged(loaded, body, now))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }
        else
        {
            http.Response.Headers.CacheControl = "no-store";
        }
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>
    /// Whether the answer has been the same ever since its version was recorded. A version alone does not tell: stages pass with time, and dates move
    /// with the rules.
    /// </summary>
    private static bool HasNotChanged(LoadedCard loaded, ReadOnlyMemory<byte> body, Instant now)
    {
        var recorded = Instant.FromDateTimeOffset(loaded.Facts[^1].RecordedAt);
        return (loaded.Rules.ChangedAt is not { } changed || changed + ClockSkew <= recorded)
            && CardStandingView.Rows(loaded.Id, loaded.Card, loaded.Rules, recorded).All(row => row.NextChange(recorded) is not { } next || next > now)
            && Body(loaded, new PointInTime(null, null), recorded).Span.SequenceEqual(body.Span);
    }

    private static ReadOnlyMemory<byte> Body(LoadedCard loaded, PointInTime moment, Instant now)
    {
        var zone = Appraisal.PackOf(loaded.Card, loaded.Rules.Packs).Zone;
        var asOf = moment.InstantAt(zone, now);
        var card = moment.AsOf is null ? loaded.Card : Appraisal.CardAsOf(loaded.Card, loaded.Rules.Packs, asOf);
        return JsonText.Object(json =>
        {
            json.WriteString("cardId", loaded.Id);
            json.WriteNumber("version", loaded.Version);
            if (!moment.IsNow)
            {
                json.WriteString("asOf", Words.Of(asOf));
                json.WriteString("knownAt", Words.Of(moment.KnownAt ?? now));
            }
            WriteCard(json, card, loaded.Rules);
            json.WriteStartArray("contracts");
            foreach (var line in card.Lines) WriteContract(json, line);
            json.WriteEndArray();
            json.WriteStartArray("lines");
            foreach (var row in CardStandingView.Rows(loaded.Id, card, loaded.Rules, asOf)) LineJson.Write(json, row, asOf);
            json.WriteEndArray();
        });
    }

    public static Problem NoSuchCard() => new(ProblemKind.CardNotFound, "The organisation has no card of this id. Check the id; cards of others are never shown.");

    private static void WriteCard(Utf8JsonWriter json, Card card, RulesAt rules)
    {
        json.WriteString("carrier", card.Carrier is null ? null : rules.Packs.Find(card.Carrier)?.Code ?? card.Carrier);
        json.WriteString("formFactor", card.FormFactor switch { FormFactor.Physical => "physical", FormFactor.Esim => "esim", _ => null });
        json.WriteString("iccid", card.Iccid);
        json.WriteString("eid", card.Eid);
        json.WriteString("purpose", TextOrNull(card.Purpose));
        json.WriteString("importance", card.Importance switch { Importance.Critical => "critical", Importance.High => "high", _ => "normal" });
        json.WriteString("location", TextOrNull(card.Location));
        json.WriteStartArray("tags");
        foreach (var tag in card.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteString("owner", TextOrNull(card.Owner));
        json.WriteString("custodian", TextOrNull(card.Custodian));
        json.WriteString("notes", TextOrNull(card.Notes));
        json.WriteString("device", TextOrNull(card.Device));
        json.WriteString("imei", card.Imei);
        json.WriteString("simCondition", Rules.EnumNames.Of(card.SimCondition));
        json.WriteBoolean("retired", card.IsRetired);
        if (card.Issued is { } issued)
        {
            json.WriteStartObject("issued");
            json.WriteString("holder", issued.Holder);
            json.WriteString("document", issued.Document);
            json.WriteString("contact", issued.Contact);
            json.WriteString("at", EntryRequest.Text(issued.At));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("issued");
        }
    }

    /// <summary>What the due list does not show of a line.</summary>
    private static void WriteContract(Utf8JsonWriter json, Line line)
    {
        json.WriteStartObject();
        json.WriteString("lineId", line.Id);
        json.WriteString("region", line.Region);
        json.WriteString("plan", TextOrNull(line.Plan));
        json.WriteString("activatedOn", Words.Of(line.ActivatedOn));
        json.WriteBoolean("detached", line.IsDetached);
        json.WriteEndObject();
    }

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}
