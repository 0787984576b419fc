using System.Text.Json;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>What became of a fact, as history and explanation show it.</summary>
internal static class OutcomeJson
{
    public static void WriteMembers(Utf8JsonWriter json, EntryOutcome outcome)
    {
        json.WriteString("outcome", Words.Of(outcome.Outcome));
        json.WriteStartArray("changes");
        foreach (var change in outcome.Changes)
        {
            json.WriteStartObject();
            json.WriteString("clock", change.Clock);
            json.WriteString("before", Words.Of(change.Before));
            json.WriteString("after", Words.Of(change.After));
            if (change.WastedDays is { } wasted) json.WriteNumber("wastedDays", wasted);
            if (change.ShortenedDays is { } shortened) json.WriteNumber("shortenedDays", shortened);
            if (change.DriftDays is { } drift) json.WriteNumber("driftDays", drift);
            json.WriteString("ruleVersion", change.RuleVersion);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
