using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>A case as a vector file would have it, so that it can be kept as one.</summary>
internal static class CaseText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonObject pack, Question question) =>
        $"\"pack\": {pack.ToJsonString(Plain)},\n\"history\": [\n{string.Join(",\n", question.History.Select(entry => Entry(entry).ToJsonString(Plain)))}],\n" +
        $"\"asOf\": \"{InstantPattern.ExtendedIso.Format(question.AsOf)}\", \"activatedOn\": {Quoted(Date(question.ActivatedOn))}, " +
        FormattableString.Invariant($"\"region\": {Quoted(question.Region)}, \"channel\": {Quoted(question.Channel)}, ") +
        FormattableString.Invariant($"\"marginDays\": {question.MarginDays}; {question.PrepareDays} days to prepare");

    private static JsonObject Entry(Entry entry)
    {
        var members = new JsonObject { ["id"] = entry.Id, ["type"] = EnumNames.Of(entry.Type), ["at"] = Time(entry.At) };
        Add("amount", entry.Amount?.ToString(CultureInfo.InvariantCulture));
        Add("currency", entry.Currency);
        Add("channel", entry.Channel);
        Add("offer", entry.Offer);
        Add("promotion", entry.Promotion);
        Add("usageKind", entry.UsageKind is { } kind ? EnumNames.Of(kind) : null);
        Add("direction", entry.Direction is { } direction ? EnumNames.Of(direction) : null);
        Add("chargeable", entry.Chargeable);
        Add("balanceAfter", entry.BalanceAfter?.ToString(CultureInfo.InvariantCulture));
        Add("endsOn", Date(entry.EndsOn));
        Add("clock", entry.Clock);
        Add("period", entry.Period is { } term ? new JsonObject { ["n"] = term.N, ["unit"] = EnumNames.Of(term.Unit) } : null);
        Add("voids", entry.Voids);
        return members;

        void Add(string name, JsonNode? value)
        {
            if (value is not null) members[name] = value;
        }
    }

    private static string? Date(LocalDate? date) => date is { } day ? LocalDatePattern.Iso.Format(day) : null;

    private static string Time(EntryTime at) => Date(at.Date) ?? OffsetDateTimePattern.Rfc3339.Format(at.Instant!.Value);

    private static string Quoted(string? text) => text is null ? "null" : $"\"{text}\"";
}
