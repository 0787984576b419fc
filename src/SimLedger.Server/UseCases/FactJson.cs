using System.Text.Json;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>A recorded fact with its audit, as history, audit, feed and exports show it.</summary>
internal static class FactJson
{
    /// <summary>The fact as one object, with the card or other stream that it belongs to.</summary>
    public static void Write(Utf8JsonWriter json, StoredEvent fact)
    {
        json.WriteStartObject();
        // Rules have streams of their own beside the cards.
        json.WriteString(fact.Type.StartsWith("RulePack", StringComparison.Ordinal) ? "streamId" : "cardId", fact.Stream);
        WriteMembers(json, fact);
        json.WriteEndObject();
    }

    /// <summary>The same object on one line, without its end.</summary>
    public static ReadOnlyMemory<byte> Line(StoredEvent fact) => JsonText.Line(json => Write(json, fact));

    public static void WriteMembers(Utf8JsonWriter json, StoredEvent fact)
    {
        json.WriteString("factId", fact.EventId);
        json.WriteString("type", fact.Type);
        json.WriteBoolean("note", CardEventJson.NoteTypes.Contains(fact.Type));
        json.WriteNumber("position", fact.Position);
        json.WriteNumber("version", fact.Version);
        json.WriteString("recordedAt", fact.RecordedAt.UtcDateTime);
        json.WriteString("actor", fact.Audit.Actor);
        json.WriteString("origin", fact.Audit.Origin);
        json.WriteString("reason", fact.Audit.Reason);
        json.WriteString("requestId", fact.Audit.CausationId);
        json.WriteString("traceparent", fact.Audit.CorrelationId);
        json.WritePropertyName("data");
        if (fact.Data is { } data) json.WriteRawValue(data.Span, skipInputValidation: true); // The column's type json has let nothing else in.
        else json.WriteNullValue();
    }
}
