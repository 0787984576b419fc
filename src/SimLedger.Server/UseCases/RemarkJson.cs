using System.Globalization;
using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using SimLedger.Server.DueList;

namespace SimLedger.Server.UseCases;

/// <summary>Warnings and reasons of quotes: the code, its data, and a sentence for people.</summary>
internal static class RemarkJson
{
    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Warning> warnings, string language)
    {
        json.WriteStartArray(name);
        foreach (var warning in warnings)
        {
            json.WriteStartObject();
            json.WriteString("code", EnumNames.Of(warning.Code));
            json.WriteString("severity", EnumNames.Of(warning.Severity));
            json.WriteString("text", QuoteSentences.Of(warning, language));
            WriteData(json, warning.Data);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Reason> reasons, string language)
    {
        json.WriteStartArray(name);
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("code", EnumNames.Of(reason.Code));
            json.WriteString("text", QuoteSentences.Of(reason, language));
            WriteData(json, reason.Data);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Only what the warning or reason speaks of.</summary>
    private static void WriteData(Utf8JsonWriter json, Particulars data)
    {
        json.WriteStartObject("data");
        if (data.Days is { } days) json.WriteNumber("days", days);
        if (data.LostDays is { } lost) json.WriteNumber("lostDays", lost);
        WriteSome("day", Words.Of(data.Day));
        WriteSome("from", Words.Of(data.From));
        WriteSome("to", Words.Of(data.To));
        WriteSome("amount", Text(data.Amount));
        WriteSome("limit", Text(data.Limit));
        WriteSome("of", data.Of is { } of ? EnumNames.Of(of) : null);
        WriteSome("currency", data.Currency);
        WriteSome("productCurrency", data.ProductCurrency);
        WriteSome("channel", data.Channel?.Code);
        WriteSome("need", data.Need is { } need ? EnumNames.Of(need) : null);
        WriteSome("capability", data.Capability is { } capability ? EnumNames.Of(capability) : null);
        WriteSome("stage", data.Stage is { } stage ? Words.Of(stage) : null);
        WriteSome("confidence", data.Confidence is { } confidence ? Words.Of(confidence) : null);
        WriteSome("name", data.Name);
        json.WriteEndObject();

        void WriteSome(string name, string? value)
        {
            if (value is not null) json.WriteString(name, value);
        }
    }

    private static string? Text(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture);
}
