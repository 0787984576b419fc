using System.Globalization;
using System.Text.Json;
using SimLedger.Cards;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/cards/{cardId}: the card as it stands, with where each of its lines stands now.</summary>
internal static class ReadCard
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/cards/{cardId:guid}", Handle);

    private static async Task Handle(HttpContext http, Guid cardId, CardLedger cards)
    {
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var loaded = await cards.Load(Caller.Of(http).Tenant, cardId, null, http.RequestAborted);
        if (loaded.Version == 0)
        {
            await NoSuchCard().ExecuteAsync(http);
            return;
        }

        var now = cards.Now;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{loaded.Version}\"");
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonText.Written);
        json.WriteStartObject();
        json.WriteString("cardId", cardId);
        json.WriteNumber("version", loaded.Version);
        WriteCard(json, loaded);
        json.WriteStartArray("lines");
        foreach (var row in CardStandingView.Rows(cardId, loaded.Card, loaded.Rules, now)) LineJson.Write(json, row, now);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static Problem NoSuchCard() => new(ProblemKind.CardNotFound, "The organisation has no card of this id. Check the id; cards of others are never shown.");

    private static void WriteCard(Utf8JsonWriter json, LoadedCard loaded)
    {
        var card = loaded.Card;
        json.WriteString("carrier", card.Carrier is null ? null : loaded.Rules.Packs.Find(card.Carrier)?.Code ?? card.Carrier);
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

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;
}
