using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>A line's facts in the words of the rules.</summary>
public static class History
{
    /// <summary>Entries and voids in record order, for <see cref="Question.History"/>. An entry's id is the event's.</summary>
    /// <param name="zone">The carrier's.</param>
    /// <remarks>
    /// Entries from before the numbers came to this carrier are left out, and so is what rules do not ask for. A void is dated like the entry it
    /// cancels: what was found wrong today was wrong at the time as well, so a look back at any earlier moment leaves the entry out too.
    /// </remarks>
    public static IReadOnlyList<Entry> Of(Card card, Line line, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(line);

        List<Entry> entries = new(line.Facts.Count);
        foreach (var fact in line.Facts)
        {
            if (ToEntry(line, fact) is { } entry && (card.CarrierSince is not { } since || entry.At.ToInstant(zone) >= since)) entries.Add(entry);
        }

        return entries;
    }

    /// <summary>When the line was activated as it was stated for it, unless that was with an earlier carrier.</summary>
    public static LocalDate? ActivatedOn(Card card, Line line, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(line);

        return card.CarrierSince is { } since && line.ActivatedOn < since.InZone(zone).Date ? null : line.ActivatedOn;
    }

    private static Entry? ToEntry(Line line, RecordedFact fact) => fact.Event switch
    {
        CardEvent.Activated e => new Entry(Text(fact.EventId), EntryType.Activated, e.At, Channel: e.Channel),
        CardEvent.ToppedUp e => new Entry(
            Text(fact.EventId), EntryType.TopUp, e.At, e.Amount, e.Currency, e.Channel, e.Offer, e.Promotion, BalanceAfter: e.BalanceAfter, Period: e.Period),
        CardEvent.Renewed e => new Entry(
            Text(fact.EventId), EntryType.Renewed, e.At, e.Amount, e.Currency, e.Channel, e.Offer, e.Promotion, Period: e.Period),
        CardEvent.CarrierStatedExpiry e => new Entry(Text(fact.EventId), EntryType.CarrierStated, e.At, Channel: e.Channel, EndsOn: e.EndsOn, Clock: e.Clock),
        CardEvent.BalanceObserved e => new Entry(Text(fact.EventId), EntryType.Balance, e.At, e.Amount, e.Currency, e.Channel),
        CardEvent.UsageRecorded e => new Entry(
            Text(fact.EventId), EntryType.Usage, e.At, e.Cost?.Amount, e.Cost?.Currency, e.Channel, UsageKind: e.Kind, Direction: e.Direction, Chargeable: e.Chargeable),
        CardEvent.IdentityRegistered e => new Entry(Text(fact.EventId), EntryType.Registered, e.At, Channel: e.Channel),
        CardEvent.StatusChecked => null,
        CardEvent.EntryVoided e when line.Find(e.Entry) is CardEvent.StatusChecked => null,
        CardEvent.EntryVoided e => new Entry(Text(fact.EventId), EntryType.Voided, line.Find(e.Entry)?.At ?? e.At, Voids: Text(e.Entry)),
        _ => throw new InvalidOperationException($"No history entry for {fact.Event.GetType().Name}."),
    };

    private static string Text(Guid id) => id.ToString("D");
}
