using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>Entries of a card's lines, and their voids.</summary>
public static partial class CardDecider
{
    // Phones and servers disagree by seconds, rarely by minutes; more than this is a wrong date, not a wrong clock.
    private static readonly Duration ClockSkew = Duration.FromMinutes(5);

    /// <summary>Repeats silently on the same day of the same line.</summary>
    public static Decision Activate(Card card, CardCommand.Activate command, Circumstances around) =>
        CheckEntry(command).Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var day = DayOf(command.At, around);
            var same = line.EntriesInForce.FirstOrDefault(fact => fact.Event is CardEvent.Activated activated && DayOf(activated.At, around) == day);

            return same is not null
                ? Decision.Repeats(same.EventId)
                : Decision.Record(Told(new CardEvent.Activated(line.Id, command.At), command));
        });

    public static Decision TopUp(Card card, CardCommand.TopUp command, Circumstances around)
    {
        var checks = CheckEntry(command)
            .Add("/amount", command.Amount == 0 ? TopUpOfNothing : Money.CheckAmount(command.Amount))
            .Currency("/currency", command.Currency)
            .Price("/pricePaid", command.PricePaid)
            .Add("/balanceAfter", Money.CheckBalance(command.BalanceAfter ?? 0));
        CheckPayment(checks, command);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            if (CurrencyOf(command.Currency, around) is not { } currency) return NoCurrency;

            return Add(line, around, Paid(new CardEvent.ToppedUp(line.Id, command.At, command.Amount, currency)
            {
                PricePaid = command.PricePaid,
                BalanceAfter = command.BalanceAfter,
            }, command));
        });
    }

    public static Decision Renew(Card card, CardCommand.Renew command, Circumstances around)
    {
        var checks = CheckEntry(command)
            .Add("/amount", Money.CheckAmount(command.Amount ?? 0))
            .Add("/currency", command.Amount is null && Given(command.Currency) is not null ? CurrencyOfNothing : null)
            .Currency("/currency", command.Currency);
        CheckPayment(checks, command);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var currency = command.Amount is null ? null : CurrencyOf(command.Currency, around);
            if (command.Amount is not null && currency is null) return NoCurrency;

            return Add(line, around, Paid(new CardEvent.Renewed(line.Id, command.At) { Amount = command.Amount, Currency = currency }, command));
        });
    }

    /// <summary>Repeats silently when it says what the day's last statement said, and nothing was paid in between.</summary>
    public static Decision StateExpiry(Card card, CardCommand.StateExpiry command, Circumstances around)
    {
        var checks = CheckEntry(command)
            .EndDate("/endsOn", command.EndsOn)
            .Text("/clock", command.Clock, FreeText.Clock);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var clock = Given(command.Clock);
            var last = LastOfTheDay(line, command.At, around, entry => entry is CardEvent.CarrierStatedExpiry stated && stated.Clock == clock);

            return last?.Event is CardEvent.CarrierStatedExpiry same && same.EndsOn == command.EndsOn
                ? Decision.Repeats(last.EventId)
                : Decision.Record(Told(new CardEvent.CarrierStatedExpiry(line.Id, command.At, command.EndsOn) { Clock = clock }, command));
        });
    }

    /// <summary>Repeats silently when it says what the day's last observation said, and nothing was paid in between.</summary>
    public static Decision ObserveBalance(Card card, CardCommand.ObserveBalance command, Circumstances around)
    {
        var checks = CheckEntry(command)
            .Add("/amount", Money.CheckBalance(command.Amount))
            .Currency("/currency", command.Currency);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            if (CurrencyOf(command.Currency, around) is not { } currency) return NoCurrency;

            var last = LastOfTheDay(line, command.At, around, entry => entry is CardEvent.BalanceObserved);

            return last?.Event is CardEvent.BalanceObserved same && (same.Amount, same.Currency) == (command.Amount, currency)
                ? Decision.Repeats(last.EventId)
                : Decision.Record(Told(new CardEvent.BalanceObserved(line.Id, command.At, command.Amount, currency), command));
        });
    }

    /// <summary>Uses add up; an equal one on the same day is pointed out.</summary>
    public static Decision RecordUsage(Card card, CardCommand.RecordUsage command, Circumstances around)
    {
        var checks = CheckEntry(command)
            .Known<UsageKind>("/kind", command.Kind)
            .Known("/direction", command.Direction)
            .Price("/cost", command.Cost);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line => Add(line, around, Told(
            new CardEvent.UsageRecorded(line.Id, command.At, command.Kind)
            {
                Direction = command.Direction,
                Chargeable = command.Chargeable,
                Cost = command.Cost,
                Roaming = command.Roaming,
            }, command)));
    }

    /// <summary>Repeats silently on the same day of the same line.</summary>
    public static Decision RegisterIdentity(Card card, CardCommand.RegisterIdentity command, Circumstances around) =>
        CheckEntry(command).Text("/method", command.Method, FreeText.Method).Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var day = DayOf(command.At, around);
            var same = line.EntriesInForce.FirstOrDefault(fact => fact.Event is CardEvent.IdentityRegistered known && DayOf(known.At, around) == day);

            return same is not null
                ? Decision.Repeats(same.EventId)
                : Decision.Record(Told(new CardEvent.IdentityRegistered(line.Id, command.At, Given(command.Method)), command));
        });

    /// <summary>Repeats silently what the day's last check saw. What it says of end date and balance is recorded as such.</summary>
    public static Decision CheckStatus(Card card, CardCommand.CheckStatus command, Circumstances around)
    {
        var checks = CheckEntry(command).Known("/state", command.State).Text("/observed", command.Observed, FreeText.Observed);
        if (command.EndsOn is { } stated) checks.EndDate("/endsOn", stated);
        checks.Add("/balance", Money.CheckBalance(command.Balance ?? 0))
            .Add("/currency", command.Balance is null && Given(command.Currency) is not null ? CurrencyOfNothing : null)
            .Currency("/currency", command.Currency);
        if (checks.Refused is { } malformed) return malformed;
        if (command is { State: null, EndsOn: null, Balance: null } && Given(command.Observed) is null) return NothingSent;

        return OnLine(card, command.LineId, command.At, around, line =>
        {
            var seen = Told(new CardEvent.StatusChecked(line.Id, command.At, command.State, Given(command.Observed)), command);
            var last = LastOfTheDay(line, command.At, around, entry => entry is CardEvent.StatusChecked);
            var repeats = last?.Event is CardEvent.StatusChecked same && (same.State, same.Observed, same.Channel) == (seen.State, seen.Observed, seen.Channel);

            List<CardEvent> events = repeats ? [] : [seen];
            foreach (var decision in Observations(card, command, line, around))
            {
                if (decision is not Decision.Accepted accepted) return decision;
                events.AddRange(accepted.Events);
            }

            return events.Count == 0 ? Decision.Repeats(last!.EventId) : Decision.Record(events);
        });
    }

    private static IEnumerable<Decision> Observations(Card card, CardCommand.CheckStatus command, Line line, Circumstances around)
    {
        if (command.EndsOn is { } endsOn)
        {
            yield return StateExpiry(
                card, new CardCommand.StateExpiry(line.Id, command.At, endsOn) { OrderNumber = command.OrderNumber, Channel = command.Channel, Source = command.Source }, around);
        }

        if (command.Balance is { } balance)
        {
            yield return ObserveBalance(
                card,
                new CardCommand.ObserveBalance(line.Id, command.At, balance, command.Currency) { OrderNumber = command.OrderNumber, Channel = command.Channel, Source = command.Source },
                around);
        }
    }

    /// <summary>An entry or a change has never been. What the card is and which lines it has is not undone so, and neither are voids and our own notes.</summary>
    public static Decision Void(Card card, CardCommand.Void command, Circumstances around)
    {
        var at = command.At ?? EntryTime.At(around.Now);

        if (new ValueChecks().At(at).Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;
        if (NotATimeToRecord(at, around) is { } refused) return refused;

        return card.Find(command.Entry)?.Event switch
        {
            null => Decision.Refuse(Refusal.EntryUnknown, $"The card has no fact {command.Entry}."),
            CardEvent.EntryVoided => Decision.Refuse(Refusal.EntryIsAVoid, $"Fact {command.Entry} is itself a void."),
            CardEvent.LineEntry when card.LineHolding(command.Entry)!.Voids.TryGetValue(command.Entry, out var earlier) => Decision.Repeats(earlier),
            CardEvent.Change when card.VoidedChanges.TryGetValue(command.Entry, out var earlier) => Decision.Repeats(earlier),
            CardEvent.LineEntry or CardEvent.Change => Settled(card, [new CardEvent.EntryVoided(command.Entry, at)]),
            var other => Decision.Refuse(Refusal.FactNotVoidable, $"Fact {command.Entry} is a {other.GetType().Name}."),
        };
    }

    /// <summary>
    /// What adds up is recorded unless its order number says that it is a known one. An equal one on the same day may be a second or the
    /// same entered twice: only people know, so it is recorded and pointed out.
    /// </summary>
    private static Decision Add(Line line, Circumstances around, CardEvent.LineEntry entry)
    {
        var day = DayOf(entry.At, around);
        List<RecordedFact> alike = [.. line.EntriesInForce.Where(fact => fact.Event.GetType() == entry.GetType())];

        if (entry.OrderNumber is { } order && alike.Find(fact => EntryIn(fact).OrderNumber == order) is { } known)
        {
            return Values(EntryIn(known), around) == Values(entry, around)
                ? Decision.Repeats(known.EventId)
                : Decision.Refuse(
                    Refusal.OrderNumberTaken,
                    $"Order number {order} stands on entry {known.EventId} of {DayOf(EntryIn(known).At, around):uuuu-MM-dd}, which has other values.");
        }

        // Two order numbers are two, however equal.
        var twin = alike.FindLast(fact =>
            DayOf(EntryIn(fact).At, around) == day && Worth(EntryIn(fact)) == Worth(entry) &&
            (entry.OrderNumber is null || EntryIn(fact).OrderNumber is null));

        return new Decision.Accepted([entry], twin is null ? [] : [new Warning(WarningKind.PossibleDuplicate, twin.EventId)]);
    }

    private static CardEvent.LineEntry EntryIn(RecordedFact fact) => (CardEvent.LineEntry)fact.Event;

    /// <summary>What makes two on one day look like the same.</summary>
    private static (decimal? Amount, string? Currency, UsageKind? Use) Worth(CardEvent.LineEntry entry) => entry switch
    {
        CardEvent.ToppedUp topUp => (topUp.Amount, topUp.Currency, null),
        CardEvent.Renewed renewal => (renewal.Amount, renewal.Currency, null),
        CardEvent.UsageRecorded use => (use.Cost?.Amount, use.Cost?.Currency, use.Kind),
        _ => throw new InvalidOperationException($"No worth of {entry.GetType().Name}."),
    };

    /// <summary>What two reports under one order number must agree in: neither the hour nor where we know it from.</summary>
    private static CardEvent.LineEntry Values(CardEvent.LineEntry entry, Circumstances around) =>
        entry with { At = EntryTime.On(DayOf(entry.At, around)), Source = null };

    /// <summary>By which channel, from which source, under which number.</summary>
    private static TEntry Told<TEntry>(TEntry entry, CardCommand.LineEntry command) where TEntry : CardEvent.LineEntry =>
        entry with { OrderNumber = Given(command.OrderNumber), Channel = Given(command.Channel), Source = Given(command.Source) };

    private static TPayment Paid<TPayment>(TPayment payment, CardCommand.Pay command) where TPayment : CardEvent.Payment =>
        Told(payment with { Offer = Given(command.Offer), Promotion = Given(command.Promotion), Period = command.Period }, command);

    /// <summary>
    /// Of the same local day, the last entry up to that time which is of this kind or is a payment. A payment makes the same words
    /// news: the balance is still 5 after a top-up, or 5 again.
    /// </summary>
    private static RecordedFact? LastOfTheDay(Line line, EntryTime at, Circumstances around, Func<CardEvent.LineEntry, bool> ofThisKind)
    {
        var (day, instant) = (DayOf(at, around), at.ToInstant(around.Zone));

        // Ordering is stable: ties stay in record order.
        return line.EntriesInForce
            .Select(fact => (Fact: fact, Entry: (CardEvent.LineEntry)fact.Event))
            .Where(known => DayOf(known.Entry.At, around) == day && (ofThisKind(known.Entry) || known.Entry is CardEvent.Payment))
            .Select(known => (known.Fact, At: known.Entry.At.ToInstant(around.Zone)))
            .Where(known => known.At <= instant)
            .OrderBy(known => known.At)
            .LastOrDefault().Fact;
    }

    private static Decision OnLine(Card card, Guid? lineId, EntryTime at, Circumstances around, Func<Line, Decision> decide)
    {
        if (!card.IsRegistered) return NotRegistered;
        if (card.FindLine(lineId) is not { } line) return NoLine(card, lineId)!;
        if (NotATimeToRecord(at, around) is { } notThen) return notThen;

        var then = card.AsOf(at.ToInstant(around.Zone));
        return then.IsRetired ? Retired : NoLine(then, line.Id) is { } refused ? refused : decide(line);
    }

    /// <summary>Any time since 1990 up to now may be recorded, however late.</summary>
    private static Decision.Refused? NotATimeToRecord(EntryTime at, Circumstances around)
    {
        if (at.Date is { } date) return NotADayToRecord(date, "/at", around);

        // The written year first: at the ends of the calendar other arithmetic would overflow.
        var instant = at.Instant.GetValueOrDefault();
        if (instant.Year > around.Today.Year + 1) return InTheFuture("/at", around);
        if (instant.Year < EarliestYear - 1) return TooLongAgo("/at");

        return instant.ToInstant() > around.Now + ClockSkew ? InTheFuture("/at", around)
            : DayOf(at, around) < EarliestDate ? TooLongAgo("/at")
            : null;
    }

    /// <summary>A day counts from its first moment in the carrier's zone.</summary>
    private static Decision.Refused? NotADayToRecord(LocalDate date, string member, Circumstances around) =>
        date > around.Today ? InTheFuture(member, around)
        : date < EarliestDate ? TooLongAgo(member)
        : null;

    private static Decision.Refused InTheFuture(string member, Circumstances around) => Decision.Refuse(
        Refusal.AtInTheFuture,
        $"{member} lies ahead: in zone {around.Zone.Id} it is {around.Today:uuuu-MM-dd}.",
        new ValueProblem(ValueCode.AtInTheFuture, RefusalText.Title(Refusal.AtInTheFuture), RefusalText.Cure(Refusal.AtInTheFuture), member));

    private static Decision.Refused TooLongAgo(string member) => Decision.Refuse(
        Refusal.AtTooLongAgo,
        $"{member} lies before {EarliestYear}.",
        new ValueProblem(ValueCode.AtTooLongAgo, RefusalText.Title(Refusal.AtTooLongAgo), RefusalText.Cure(Refusal.AtTooLongAgo), member));

    private static LocalDate DayOf(EntryTime at, Circumstances around) => at.Date ?? at.ToInstant(around.Zone).InZone(around.Zone).Date;

    private static string? CurrencyOf(string? sent, Circumstances around) => Given(sent) ?? around.ProductCurrency;

    private static Decision.Refused NoCurrency => Decision.Refuse(Refusal.CurrencyMissing, "No currency was sent and the line's product gives none.");

    private static readonly ValueProblem TopUpOfNothing =
        new(ValueCode.AmountZero, "The amount is zero.", "Send what was credited; where nothing was, record a renewal or an observed balance.");

    private static readonly ValueProblem CurrencyOfNothing =
        new(ValueCode.CurrencyWithoutAmount, "There is a currency but no amount.", "Send both or neither.");

    private static ValueChecks CheckEntry(CardCommand.LineEntry command) => new ValueChecks()
        .At(command.At)
        .Text("/orderNumber", command.OrderNumber, FreeText.OrderNumber)
        .Text("/channel", command.Channel, FreeText.Channel)
        .Text("/source", command.Source, FreeText.Source);

    private static void CheckPayment(ValueChecks checks, CardCommand.Pay command) => checks
        .Text("/offer", command.Offer, FreeText.Offer)
        .Text("/promotion", command.Promotion, FreeText.Promotion)
        .Period(command.Period);
}
