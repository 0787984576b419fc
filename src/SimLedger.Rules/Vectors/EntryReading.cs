using System.Text.Json;
using NodaTime.Text;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors;

/// <summary>Reads entries as vectors write them (rule pack format 1, section 5).</summary>
internal static class EntryReading
{
    public static Entry Read(JsonElement element, string path, FindingList findings)
    {
        var members = new JsonMembers(element, path, findings);
        var entry = new Entry(
            members.Text("id"),
            members.Enum<EntryType>("type"),
            members.TryRequire("at", out var at) ? Time(at, members.PathOf("at"), findings) : default,
            members.OptionalMoney("amount"),
            members.TryGet("currency", out _) ? members.Currency("currency", findings) : null,
            members.OptionalText("channel"),
            members.OptionalText("offer"),
            members.OptionalText("promotion"),
            members.OptionalEnum<UsageKind>("usageKind"),
            members.OptionalEnum<Direction>("direction"),
            members.OptionalFlag("chargeable"),
            members.OptionalMoney("balanceAfter"),
            members.OptionalDate("endsOn"),
            members.OptionalText("clock"),
            members.OptionalTerm("period", findings),
            members.OptionalText("voids"));
        members.RefuseOthers();
        return entry;
    }

    /// <summary>A plain date, or an instant with its offset as RFC 3339 writes it.</summary>
    public static EntryTime Time(JsonElement value, string path, FindingList findings)
    {
        var text = value.ValueKind is JsonValueKind.String ? JsonMembers.StringOf(value) : null;
        if (text is not null)
        {
            if (JsonMembers.TryDate(text, out var date)) return EntryTime.On(date);
            if (WrittenInstant.TryRead(OffsetDateTimePattern.Rfc3339, text, out var instant) && instant.Year >= 1) return EntryTime.At(instant);
        }

        findings.Error(path, "This is neither a date nor an instant.", "Write \"2026-11-21\" or \"2026-11-21T09:30:00+08:00\".");
        return default;
    }
}
