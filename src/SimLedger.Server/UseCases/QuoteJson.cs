using System.Globalization;
using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using SimLedger.Server.DueList;

namespace SimLedger.Server.UseCases;

/// <summary>Quotes and options as answers show them.</summary>
internal static class QuoteJson
{
    /// <summary>The word of the API for what is done; facts have other words than requests.</summary>
    public static string TypeOf(EntryType type) => type switch
    {
        EntryType.Renewed => "renewal",
        EntryType.Extended => "extension",
        EntryType.Registered => "registration",
        EntryType.Activated => "activation",
        _ => EnumNames.Of(type),
    };

    public static void WriteQuote(Utf8JsonWriter json, string name, Quote quote, string language)
    {
        json.WriteStartObject(name);
        WriteMembers(json, quote, language);
        json.WriteEndObject();
    }

    /// <summary>The options in the order of cost, and both orders by their numbers.</summary>
    public static void WriteOptions(Utf8JsonWriter json, OptionList options, int limit, string language)
    {
        var told = options.Best(limit);
        WriteStanding(json, "before", options.Before);
        json.WriteNumber("total", options.Count);
        json.WriteNumber("notConsidered", options.NotConsidered);
        RemarkJson.Write(json, "warnings", options.Warnings, language);
        json.WriteStartArray("options");
        foreach (var option in told)
        {
            json.WriteStartObject();
            json.WriteNumber("costRank", option.CostRank);
            json.WriteNumber("safetyRank", option.SafetyRank);
            RemarkJson.Write(json, "why", option.Why, language);
            WriteMembers(json, option.Quote, language);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteOrder(json, "byCost", told.OrderBy(option => option.CostRank));
        WriteOrder(json, "bySafety", told.OrderBy(option => option.SafetyRank));
    }

    private static void WriteOrder(Utf8JsonWriter json, string name, IEnumerable<RankedQuote> options)
    {
        json.WriteStartArray(name);
        foreach (var option in options) json.WriteNumberValue(option.CostRank);
        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, Quote quote, string language)
    {
        WriteAction(json, quote.Action, quote.Currency);
        json.WriteString("on", Words.Of(quote.On));
        json.WriteString("creditedOn", Words.Of(quote.CreditedOn));
        json.WriteBoolean("keeps", quote.Keeps);
        json.WriteBoolean("usable", quote.IsUsable);
        WriteStanding(json, "before", quote.Before);
        WriteStanding(json, "after", quote.After);
        WriteChanges(json, quote);
        WriteNumber(json, "daysKept", quote.DaysKept);
        json.WriteNumber("wastedDays", quote.WastedDays);
        WritePrice(json, quote.Price, quote.Currency);
        WriteMoney(json, "costPerDay", quote.CostPerDay, quote.Currency);
        WriteMoney(json, "credit", quote.Credit, quote.Currency);
        WritePromotions(json, quote);
        json.WriteString("lastSafeDay", Words.Of(quote.LastSafeDay));
        json.WriteString("lastDay", Words.Of(quote.LastDay));
        json.WriteString("ruleVersion", quote.Rule?.Version);
        json.WriteString("confidence", quote.Rule is { } rule ? Words.Of(rule.Source.Confidence) : null);
        WriteSource(json, quote.Rule?.Source);
        RemarkJson.Write(json, "warnings", quote.Warnings, language);
    }

    internal static void WriteAction(Utf8JsonWriter json, KeepingAction action, string? currency)
    {
        json.WriteStartObject("action");
        json.WriteString("type", TypeOf(action.Type));
        WriteDecimal(json, "amount", action.Amount);
        json.WriteString("currency", action.Amount is null ? null : action.Currency ?? currency);
        json.WriteString("offer", action.Offer?.Code);
        json.WriteString("channel", action.Channel?.Code);
        json.WriteString("promotion", action.Promotion?.Code);
        WritePeriod(json, action.Period ?? action.Offer?.Period);
        json.WriteString("usageKind", action.Usage is { } usage ? EnumNames.Of(usage) : null);
        json.WriteEndObject();
    }

    private static void WritePeriod(Utf8JsonWriter json, Term? period)
    {
        if (period is not { } term)
        {
            json.WriteNull("period");
            return;
        }
        json.WriteStartObject("period");
        json.WriteNumber("n", term.N);
        json.WriteString("unit", EnumNames.Of(term.Unit));
        json.WriteEndObject();
    }

    private static void WriteStanding(Utf8JsonWriter json, string name, Standing standing)
    {
        json.WriteStartObject(name);
        json.WriteString("stage", Words.Of(standing.Stage));
        json.WriteString("endsOn", Words.Of(standing.EndsOn));
        json.WriteString("deadlineAt", Words.Of(standing.DeadlineAt));
        json.WriteString("renewBy", Words.Of(standing.RenewBy));
        json.WriteString("clock", standing.Clock);
        json.WriteEndObject();
    }

    private static void WriteChanges(Utf8JsonWriter json, Quote quote)
    {
        json.WriteStartArray("changes");
        foreach (var change in quote.Changes)
        {
            json.WriteStartObject();
            json.WriteString("clock", change.Clock);
            json.WriteString("before", Words.Of(change.Before));
            json.WriteString("after", Words.Of(change.After));
            if (change.WastedDays is { } wasted) json.WriteNumber("wastedDays", wasted);
            if (change.ShortenedDays is { } shortened) json.WriteNumber("shortenedDays", shortened);
            json.WriteString("ruleVersion", change.RuleVersion);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("stops");
        foreach (var clock in quote.Stopped) json.WriteStringValue(clock);
        json.WriteEndArray();
    }

    internal static void WritePrice(Utf8JsonWriter json, Price? price, string? currency)
    {
        if (price is null)
        {
            json.WriteNull("price");
            return;
        }
        json.WriteStartObject("price");
        WriteDecimal(json, "base", price.Base);
        WriteDecimal(json, "addOn", price.AddOn);
        WriteDecimal(json, "handling", price.Handling);
        WriteDecimal(json, "discount", price.Discount);
        WriteDecimal(json, "total", price.Total);
        json.WriteString("currency", currency);
        WriteMoney(json, "channelFee", price.ChannelFee?.Amount, price.ChannelFee?.Currency);
        json.WriteEndObject();
    }

    private static void WritePromotions(Utf8JsonWriter json, Quote quote)
    {
        json.WritePropertyName("promotion");
        if (quote.Promotion is { } applied) WritePromotion(json, applied, null);
        else json.WriteNullValue();
        json.WriteStartArray("promotionsMissed");
        foreach (var missed in quote.MissedPromotions) WritePromotion(json, missed.Promotion, missed.Because);
        json.WriteEndArray();
    }

    private static void WritePromotion(Utf8JsonWriter json, Promotion promotion, MissedBecause? because)
    {
        json.WriteStartObject();
        json.WriteString("code", promotion.Code);
        json.WriteString("from", Words.Of(promotion.From));
        json.WriteString("to", Words.Of(promotion.To));
        WriteNumber(json, "bonusDays", promotion.Effect.BonusDays);
        json.WriteString("bonusData", promotion.Effect.BonusData);
        WriteDecimal(json, "discountPercent", promotion.Effect.DiscountPercent);
        json.WriteString("getFree", promotion.Effect.GetFree);
        if (because is { } reason) json.WriteString("because", EnumNames.Of(reason));
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, Source? source)
    {
        if (source is null)
        {
            json.WriteNull("source");
            return;
        }
        json.WriteStartObject("source");
        json.WriteString("title", source.Title);
        json.WriteString("url", source.Url);
        json.WriteString("checkedOn", Words.Of(source.CheckedOn));
        json.WriteEndObject();
    }

    private static void WriteMoney(Utf8JsonWriter json, string name, decimal? amount, string? currency)
    {
        if (amount is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        WriteDecimal(json, "amount", amount);
        json.WriteString("currency", currency);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    internal static void WriteDecimal(Utf8JsonWriter json, string name, decimal? amount) => json.WriteString(name, Text(amount));

    private static string? Text(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture);
}
