using System.Text.Json;
using NodaTime;
using SimLedger.Cards;

namespace SimLedger.Server.DueList;

/// <summary>A line with its standing, as every answer shows it.</summary>
public static class LineJson
{
    public static void Write(Utf8JsonWriter json, StandingRow row, Instant now)
    {
        json.WriteStartObject();
        json.WriteString("cardId", row.CardId);
        json.WriteString("lineId", row.LineId);
        json.WriteString("number", row.Number);
        json.WriteString("nationalNumber", row.Number is null ? null : PhoneNumber.National(row.Number));
        json.WriteString("iccid", row.Iccid);
        json.WriteString("carrier", row.Carrier);
        json.WriteString("product", row.Product);
        json.WriteString("owner", row.Owner.Length == 0 ? null : row.Owner);
        json.WriteString("importance", row.Rank switch { 0 => "critical", 1 => "high", _ => "normal" });
        json.WriteString("stage", Words.Of(row.Stage));
        json.WriteBoolean("closed", row.Closed);
        json.WriteBoolean("settle", row.Band == 0);
        json.WriteString("dueOn", Words.Of(row.DueOn));
        json.WriteString("renewBy", Words.Of(row.RenewBy));
        json.WriteBoolean("overdue", row.OverdueAt(now));
        json.WriteString("prepareFrom", Words.Of(row.PrepareFrom));
        json.WriteString("endsOn", Words.Of(row.EndsOn));
        json.WriteString("deadlineAt", Words.Of(row.DeadlineAt));
        json.WriteString("timeZone", row.Zone.Id);
        json.WriteString("clock", row.Clock);
        json.WriteString("ruleVersion", row.RuleVersion);
        json.WriteString("confidence", row.Confidence is { } sure ? Words.Of(sure) : null);
        json.WriteBoolean("ownRules", row.OwnRules);
        json.WriteStartArray("flags");
        foreach (var flag in row.Flags) json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WriteStartArray("tags");
        foreach (var tag in row.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteStartArray("stages");
        foreach (var period in row.Ladder)
        {
            json.WriteStartObject();
            json.WriteString("stage", Words.Of(period.Stage));
            json.WriteString("from", Words.Of(period.From));
            json.WriteString("to", Words.Of(period.To));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
