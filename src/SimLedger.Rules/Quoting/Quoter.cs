using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Quoting;

/// <summary>
/// Says beforehand what doing something would give: the line is evaluated as it stands and with the fact that doing it would be, at the same
/// instant; what lies between is the quote. Pure; changes nothing.
/// </summary>
public static class Quoter
{
    /// <summary>One action on one day.</summary>
    /// <param name="line">
    /// <see cref="Question.AsOf"/> is now; it tells which day is today. <see cref="Question.Channel"/> serves where the action names none.
    /// </param>
    /// <param name="action">Its channel, offer and promotion are those of the pack.</param>
    /// <param name="on">Local date in the pack's zone; of a day before today the answer is as of the start of that day.</param>
    /// <param name="formFactor">Of the card; null: not known.</param>
    /// <returns>Always an answer. Where no rule is known it says so, and what else is known.</returns>
    public static Quote Quote(RulePack pack, Question line, KeepingAction action, LocalDate on, FormFactor? formFactor = null)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(action);

        return Quote(new WhatIf(pack, line), action, on.WithCalendar(CalendarSystem.Iso), formFactor);
    }

    /// <summary>All that is usable, the cheapest first; a channel closed that day is used on the next day it is open.</summary>
    /// <inheritdoc cref="Quote(RulePack, Question, KeepingAction, LocalDate, FormFactor?)"/>
    public static OptionList Options(RulePack pack, Question line, LocalDate on, FormFactor? formFactor = null)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(line);

        return OptionList.Of(new WhatIf(pack, line), on.WithCalendar(CalendarSystem.Iso), formFactor);
    }

    internal static Quote Quote(WhatIf line, KeepingAction action, LocalDate on, FormFactor? formFactor)
    {
        var (before, after) = (line.Before(on, action.Channel), line.After(action, on));
        var done = after.Entries[^1];
        var promotion = Promotions.Applied(action, on);
        var price = (action with { Promotion = promotion }).Price;
        var currency = (action.Offer is null ? action.Currency : null) ?? line.Product?.Currency ?? action.Currency;
        var daysKept = Effect.DaysKept(on, before, after);
        var quote = new Quote(
            action,
            on,
            LocalCalendar.AddDays(on, action.Channel?.CreditTakesDays ?? 0),
            before,
            after,
            done.Outcome,
            done.Changes,
            Effect.Stopped(before, after, done.Changes),
            daysKept,
            Effect.WastedDays(after, done.Changes),
            price,
            currency,
            CostPerDay(price, currency, daysKept),
            action.Offer is { } offer ? offer.Credit : action.Type is EntryType.TopUp ? action.Amount : null,
            promotion,
            Promotions.Missed(line.Product, action, on),
            ActingDays.LastSafe(action, before),
            ActingDays.Last(line, action, on),
            line.Product?.Rules.FirstOrDefault(version => version.Version == after.RuleVersion) ?? line.Governing(on),
            Effect.Keeps(before, after),
            []);
        return quote with { Warnings = QuoteWarnings.Of(line, quote, formFactor) };
    }

    /// <summary>What the day costs, with the channel's fee where it can be added.</summary>
    internal static decimal? CostPerDay(Price? price, string? currency, int? daysKept)
    {
        if (price is null || daysKept is not > 0) return null;

        var fee = price.ChannelFee is { } taken && taken.Currency == currency ? taken.Amount : 0;
        return Math.Round(MoneySum.Add(price.Total, fee) / daysKept.Value, 4, MidpointRounding.ToEven);
    }
}
