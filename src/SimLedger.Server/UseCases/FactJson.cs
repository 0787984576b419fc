using System.Text.Json;
using SimLedger.Ledger;

namespace SimLedger.Server.UseCases;

/// <summary>A recorded fact with its audit, as history and audit show it.</summary>
internal static class FactJson
{
    public static void WriteMembers(Utf8JsonWriter json, StoredEvent fact)
    {
        json.WriteString("factId", fact.EventId);
        json.WriteString("type", fact.Type);
        json.WriteNumber("position", fact.Position);
        json.WriteNumber("version", fact.Version);
        json.WriteString("recordedAt", fact.RecordedAt.UtcDateTime);
        json.WriteString("actor", fact.Audit.Actor);
        json.WriteString("origin", fact.Audit.Origin);
        json.WriteString("reason", fact.Audit.Reason);
        json.WriteString("requestId", fact.Audit.CausationId);
        json.WriteString("traceparent", fact.Audit.CorrelationId);
        json.WritePropertyName("data");
        if (fact.Data is { } data) json.WriteRawValue(data.Span);
        else json.WriteNullValue();
    }
}
