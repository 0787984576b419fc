using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace SimLedger.Rules.Quoting;

/// <summary>Warnings and reasons as sentences for people, in English and Chinese. The codes and their data are the contract; the wording is not.</summary>
public static partial class QuoteSentences
{
    public const string English = "en";
    public const string Chinese = "zh-Hans";

    /// <param name="language"><see cref="English"/> or <see cref="Chinese"/>; any other: English.</param>
    public static string Of(Warning warning, string language)
    {
        ArgumentNullException.ThrowIfNull(warning);

        var variant = warning.Code switch
        {
            WarningCode.BelowMinimum or WarningCode.AboveMaximum => warning.Data.Of is { } of ? EnumNames.Of(of) : "",
            WarningCode.NotOnSale => warning.Data.Channel is null ? "" : "channel",
            WarningCode.NotUsable => warning.Data.Need is null ? "capability" : "",
            WarningCode.MovesNothing => warning.Data.Day is null ? "unstarted" : "",
            _ => "",
        };
        return Text(SentenceTable.Warnings, EnumNames.Of(warning.Code), variant, warning.Data, language);
    }

    /// <inheritdoc cref="Of(Warning, string)"/>
    public static string Of(Reason reason, string language)
    {
        ArgumentNullException.ThrowIfNull(reason);

        return Text(SentenceTable.Reasons, EnumNames.Of(reason.Code), "", reason.Data, language);
    }

    private static string Text(
        IReadOnlyDictionary<string, (string English, string Chinese)> table, string code, string variant, Particulars data, string language)
    {
        var (english, chinese) = variant.Length > 0 && table.TryGetValue($"{code}.{variant}", out var special) ? special : table[code];
        return Placeholder().Replace(language == Chinese ? chinese : english, match => Value(match.Groups["name"].Value, data, language));
    }

    private static string Value(string name, Particulars data, string language) => name switch
    {
        "days" => Days(data.Days, language),
        "lostDays" => Days(data.LostDays, language),
        "day" => Date(data.Day),
        "from" => Date(data.From),
        "to" => Date(data.To),
        "period" => Span(data.From, data.To, language),
        "amount" => Money(data.Amount, data.Currency),
        "limit" => Money(data.Limit, data.Currency),
        "currency" => data.Currency ?? "",
        "productCurrency" => data.ProductCurrency ?? "",
        "channel" => data.Channel?.Name?.In(language) ?? data.Channel?.Code ?? "",
        "stage" => data.Stage is { } stage ? SentenceTable.Stage(stage, language == Chinese) : "",
        "confidence" => data.Confidence is { } confidence ? SentenceTable.Confidence(confidence, language == Chinese) : "",
        "capability" => data.Capability is { } capability ? SentenceTable.Capability(capability, language == Chinese) : "",
        "name" => data.Name ?? "",
        _ => throw new InvalidOperationException($"No value for {{{name}}}."),
    };

    private static string Span(LocalDate? from, LocalDate? to, string language) => (from, to) switch
    {
        ({ }, { }) => language == Chinese ? $"{Date(from)} 至 {Date(to)}" : $"{Date(from)} to {Date(to)}",
        ({ }, null) => language == Chinese ? $"{Date(from)} 起" : $"from {Date(from)}",
        _ => language == Chinese ? $"{Date(to)} 止" : $"until {Date(to)}",
    };

    /// <summary>English has the noun with the number, for its plural; Chinese has none.</summary>
    private static string Days(int? days, string language) => language == Chinese ? Number(days) : days == 1 ? "1 day" : $"{Number(days)} days";

    /// <summary>Of an unknown product nobody knows the currency.</summary>
    private static string Money(decimal? amount, string? currency) => currency is null ? Number(amount) : $"{Number(amount)} {currency}";

    private static string Number(decimal? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Date(LocalDate? date) => date is { } day ? LocalDatePattern.Iso.Format(day) : "";

    [GeneratedRegex(@"\{(?<name>[a-zA-Z]+)\}")]
    private static partial Regex Placeholder();
}
