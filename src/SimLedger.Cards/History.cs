using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>A line's facts in the words of the rules.</summary>
public static class History
{
    /// <summary>Entries and voids in record order, for <see cref="Question.History"/>. An entry's id is the event's.</summary>
    /// <remarks>
    /// A void is dated like the entry it cancels: what was found wrong today was wrong at the time as well, so a look back at any
    /// earlier moment leaves the entry out too.
    /// </remarks>
    public static IReadOnlyList<Entry> Of(Line line)
    {
        ArgumentNullException.ThrowIfNull(line);

        return [.. line.Facts.Select(fact => ToEntry(line, fact))];
    }

    private static Entry ToEntry(Line line, RecordedFact fact) => fact.Event switch
    {
        CardEvent.Activated e => new Entry(Text(fact.EventId), EntryType.Activated, e.At, Channel: e.Channel),
        CardEvent.ToppedUp e => new Entry(
            Text(fact.EventId), EntryType.TopUp, e.At, e.Amount, e.Currency, e.Channel, e.Offer, e.Promotion, BalanceAfter: e.BalanceAfter, Period: e.Period),
        CardEvent.Renewed e => new Entry(
            Text(fact.EventId), EntryType.Renewed, e.At, e.Amount, e.Currency, e.Channel, e.Offer, e.Promotion, Period: e.Period),
        CardEvent.CarrierStatedExpiry e => new Entry(Text(fact.EventId), EntryType.CarrierStated, e.At, Channel: e.Channel, EndsOn: e.EndsOn, Clock: e.Clock),
        CardEvent.BalanceObserved e => new Entry(Text(fact.EventId), EntryType.Balance, e.At, e.Amount, e.Currency, e.Channel),
        CardEvent.EntryVoided e => new Entry(Text(fact.EventId), EntryType.Voided, line.Find(e.Entry)?.At ?? e.At, Voids: Text(e.Entry)),
        _ => throw new InvalidOperationException($"No history entry for {fact.Event.GetType().Name}."),
    };

    private static string Text(Guid id) => id.ToString("D");
}
