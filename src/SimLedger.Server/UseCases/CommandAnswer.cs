using System.Text.Json;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>
/// What a command answers: the card and its version, the facts recorded, warnings, and where its lines stand now. Stored as it is
/// with the idempotency key; only the position is added when it is rendered, since it is not known before the commit.
/// </summary>
public static class CommandAnswer
{
    /// <summary>The stored part.</summary>
    public static ReadOnlyMemory<byte> Write(
        Guid cardId, int version, IReadOnlyList<RecordedFact> facts, Decision.Accepted accepted, IReadOnlyList<StandingRow> rows, Instant now)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Written))
        {
            json.WriteStartObject();
            json.WriteString("cardId", cardId);
            json.WriteNumber("version", version);
            json.WriteStartArray("facts");
            foreach (var fact in facts)
            {
                json.WriteStartObject();
                json.WriteString("factId", fact.EventId);
                json.WriteString("type", fact.Event.GetType().Name);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (accepted.RepeatOf is { } earlier) json.WriteString("repeatOf", earlier);
            json.WriteStartArray("warnings");
            foreach (var warning in accepted.Warnings)
            {
                json.WriteStartObject();
                json.WriteString("code", JsonNamingPolicy.CamelCase.ConvertName(warning.Kind.ToString()));
                if (warning.Entry is { } entry) json.WriteString("factId", entry);
                if (warning.Number is { } number) json.WriteString("number", number);
                if (warning.Card is { } other) json.WriteString("cardId", other);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("lines");
            foreach (var row in rows) LineJson.Write(json, row, now);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>Renders the answer: the stored part and the position it committed at.</summary>
    public static async Task Render(HttpContext http, CommandOutcome.Done done, bool createdCard)
    {
        using var stored = JsonDocument.Parse(done.Result);
        var root = stored.RootElement;
        var response = http.Response;
        response.StatusCode = createdCard ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.Headers.ETag = $"\"{root.GetProperty("version").GetInt32()}\"";
        if (createdCard) response.Headers.Location = $"/v1/cards/{root.GetProperty("cardId").GetString()}";
        if (done.Replayed) response.Headers["Idempotency-Replayed"] = "true";
        await using var json = new Utf8JsonWriter(response.BodyWriter, JsonText.Written);
        Write(json, root, done.Position);
    }

    /// <summary>The answer as part of a larger one.</summary>
    public static void WriteTo(Utf8JsonWriter json, CommandOutcome.Done done)
    {
        using var stored = JsonDocument.Parse(done.Result);
        Write(json, stored.RootElement, done.Position);
    }

    private static void Write(Utf8JsonWriter json, JsonElement stored, long position)
    {
        json.WriteStartObject();
        foreach (var member in stored.EnumerateObject())
        {
            member.WriteTo(json);
            if (member.NameEquals("version")) json.WriteNumber("position", position);
        }
        json.WriteEndObject();
    }
}
