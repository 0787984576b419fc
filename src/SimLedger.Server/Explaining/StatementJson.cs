using System.Globalization;
using System.Text.Json;
using NodaTime.Text;
using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using SimLedger.Server.DueList;

namespace SimLedger.Server.Explaining;

/// <summary>A statement with its sentence and its values.</summary>
internal static class StatementJson
{
    public static void Write(Utf8JsonWriter json, Statement statement, Language language, RulePack? pack)
    {
        json.WriteStartObject();
        json.WriteString("code", EnumNames.Of(statement.Code));
        json.WriteString("topic", EnumNames.Of(statement.Topic));
        json.WriteString("text", language.Say(statement, pack));
        if (statement.Confidence is { } sure) json.WriteString("confidence", Words.Of(sure));
        json.WriteStartObject("data");
        foreach (var (name, value) in statement.Data)
        {
            json.WritePropertyName(name);
            Write(json, value, language, pack);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>An act with all that it must be like, and what it gives.</summary>
    public static void Write(Utf8JsonWriter json, Way way, Language language, RulePack? pack)
    {
        json.WriteStartObject();
        json.WriteString("act", EnumNames.Of(way.Act));
        json.WriteString("text", language.Say(way, pack));
        if (way.Currency is not null) json.WriteString("currency", way.Currency);
        WriteMembers(json, way.Must);
        if (way.Gives is { } extension) Write(json, extension);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Datum datum, Language language, RulePack? pack)
    {
        switch (datum)
        {
            case Datum.Day day: json.WriteStringValue(Words.Of(day.Date)); break;
            case Datum.Days days: json.WriteNumberValue(days.Count); break;
            case Datum.Times times: json.WriteNumberValue(times.Count); break;
            case Datum.Facts facts: json.WriteNumberValue(facts.Count); break;
            case Datum.TimeOfDay time: json.WriteStringValue(LocalTimePattern.CreateWithInvariantCulture("HH':'mm").Format(time.Time)); break;
            case Datum.Length length: Write(json, length.Term); break;
            case Datum.Span span: Write(json, span.Term, ("firstDayCounts", span.FirstDayCounts), ("exact", span.Exact)); break;
            case Datum.Money money: Write(json, money.Amount, money.Currency); break;
            case Datum.OfClock clock: Write(json, clock); break;
            case Datum.Fact fact: Write(json, fact); break;
            case Datum.OfStage stage: json.WriteStringValue(Words.Of(stage.Stage)); break;
            case Datum.Text text: json.WriteStringValue(text.Value); break;
            case Datum.Quote quote: json.WriteStringValue(quote.Value); break;
            case Datum.Name name: json.WriteStringValue(name.ByLanguage.In(language.Tag)); break;
            case Datum.Texts texts: Write(json, texts.Values); break;
            case Datum.Channels channels: Write(json, channels.CodesOrKinds); break;
            case Datum.Usage usage: Write(json, usage.Kinds.Select(EnumNames.Of)); break;
            case Datum.Services services: Write(json, services.Works); break;
            case Datum.Balance balance: json.WriteStringValue(EnumNames.Of(balance.Fate)); break;
            case Datum.Ways ways:
                json.WriteStartArray();
                foreach (var way in ways.All) Write(json, way, language, pack);
                json.WriteEndArray();
                break;
            default: throw new InvalidOperationException($"No case for {datum.GetType().Name}.");
        }
    }

    private static void Write(Utf8JsonWriter json, Term term, params (string Name, bool Value)[] more)
    {
        json.WriteStartObject();
        json.WriteNumber("n", term.N);
        json.WriteString("unit", EnumNames.Of(term.Unit));
        foreach (var (name, value) in more) json.WriteBoolean(name, value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, decimal amount, string? currency)
    {
        json.WriteStartObject();
        json.WriteString("amount", Text(amount));
        json.WriteString("currency", currency);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Datum.OfClock clock)
    {
        json.WriteStartObject();
        json.WriteString("id", clock.Id);
        json.WriteString("kind", EnumNames.Of(clock.Kind));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Datum.Fact fact)
    {
        json.WriteStartObject();
        json.WriteString("factId", fact.Entry.Id);
        json.WriteString("type", EnumNames.Of(fact.Entry.Type));
        json.WriteString("on", Words.Of(fact.On));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, bool> works)
    {
        json.WriteStartObject();
        foreach (var (service, value) in works) json.WriteBoolean(service, value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    // The members of the rule pack format, by its names.
    private static void WriteMembers(Utf8JsonWriter json, Filter must)
    {
        WriteAmount("minAmount", must.MinAmount);
        WriteAmount("maxAmount", must.MaxAmount);
        WriteTexts("channels", must.Channels);
        WriteTexts("offers", must.Offers);
        WriteTexts("usageKinds", must.UsageKinds?.Select(EnumNames.Of));
        if (must.Direction is { } direction) json.WriteString("direction", EnumNames.Of(direction));
        if (must.Chargeable is { } chargeable) json.WriteBoolean("chargeable", chargeable);
        if (must.PaidOnly) json.WriteBoolean("paidOnly", true);
        WriteAmount("balanceAtMost", must.BalanceAtMost);
        WriteAmount("balanceAtLeast", must.BalanceAtLeast);
        WriteAmount("cumulativeAtLeast", must.CumulativeAtLeast);
        if (must.Within is { } within)
        {
            json.WritePropertyName("within");
            Write(json, within);
        }

        void WriteAmount(string name, decimal? amount)
        {
            if (amount is { } value) json.WriteString(name, Text(value));
        }

        void WriteTexts(string name, IEnumerable<string>? texts)
        {
            if (texts is null) return;
            json.WritePropertyName(name);
            Write(json, texts);
        }
    }

    private static void Write(Utf8JsonWriter json, Extension extension)
    {
        json.WriteString("combine", EnumNames.Of(extension.Combine));
        if (extension.By is { } by)
        {
            json.WritePropertyName("by");
            Write(json, by);
        }
        if (extension.Tiers is { } tiers)
        {
            json.WriteStartArray("tiers");
            foreach (var tier in tiers)
            {
                json.WriteStartObject();
                json.WriteString("from", Text(tier.From));
                json.WritePropertyName("by");
                Write(json, tier.By);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (extension.PerUnit is { } unit)
        {
            json.WriteStartObject("perUnit");
            json.WriteString("amount", Text(unit.Amount));
            json.WritePropertyName("by");
            Write(json, unit.By);
            json.WriteEndObject();
        }
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
