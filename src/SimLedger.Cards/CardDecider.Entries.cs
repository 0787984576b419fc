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
        CheckEntry(command.At, command.Channel, command.Source).Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var day = DayOf(command.At, around);
            var same = line.EntriesInForce.FirstOrDefault(fact => fact.Event is CardEvent.Activated activated && DayOf(activated.At, around) == day);

            return same is not null
                ? Decision.Repeats(same.EventId)
                : Decision.Record(new CardEvent.Activated(line.Id, command.At) { Channel = Given(command.Channel), Source = Given(command.Source) });
        });

    public static Decision TopUp(Card card, CardCommand.TopUp command, Circumstances around)
    {
        var checks = CheckEntry(command.At, command.Channel, command.Source)
            .Add("/amount", command.Amount == 0 ? TopUpOfNothing : Money.CheckAmount(command.Amount))
            .Currency("/currency", command.Currency)
            .Price(command.PricePaid)
            .Add("/balanceAfter", Money.CheckBalance(command.BalanceAfter ?? 0));
        CheckPayment(checks, command.Offer, command.Promotion, command.Period, command.OrderNumber);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            if (CurrencyOf(command.Currency, around) is not { } currency) return NoCurrency;

            return Pay(line, around, new CardEvent.ToppedUp(line.Id, command.At, command.Amount, currency)
            {
                PricePaid = command.PricePaid,
                BalanceAfter = command.BalanceAfter,
                Offer = Given(command.Offer),
                Promotion = Given(command.Promotion),
                Period = command.Period,
                OrderNumber = Given(command.OrderNumber),
                Channel = Given(command.Channel),
                Source = Given(command.Source),
            });
        });
    }

    public static Decision Renew(Card card, CardCommand.Renew command, Circumstances around)
    {
        var checks = CheckEntry(command.At, command.Channel, command.Source)
            .Add("/amount", Money.CheckAmount(command.Amount ?? 0))
            .Add("/currency", command.Amount is null && Given(command.Currency) is not null ? CurrencyOfNothing : null)
            .Currency("/currency", command.Currency);
        CheckPayment(checks, command.Offer, command.Promotion, command.Period, command.OrderNumber);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var currency = command.Amount is null ? null : CurrencyOf(command.Currency, around);
            if (command.Amount is not null && currency is null) return NoCurrency;

            return Pay(line, around, new CardEvent.Renewed(line.Id, command.At)
            {
                Amount = command.Amount,
                Currency = currency,
                Offer = Given(command.Offer),
                Promotion = Given(command.Promotion),
                Period = command.Period,
                OrderNumber = Given(command.OrderNumber),
                Channel = Given(command.Channel),
                Source = Given(command.Source),
            });
        });
    }

    /// <summary>Repeats silently when it says what the day's last statement said, and nothing was paid in between.</summary>
    public static Decision StateExpiry(Card card, CardCommand.StateExpiry command, Circumstances around)
    {
        var checks = CheckEntry(command.At, command.Channel, command.Source)
            .EndDate("/endsOn", command.EndsOn)
            .Text("/clock", command.Clock, FreeText.Clock);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            var clock = Given(command.Clock);
            var last = LastOfTheDay(line, command.At, around, entry => entry is CardEvent.CarrierStatedExpiry stated && stated.Clock == clock);

            return last?.Event is CardEvent.CarrierStatedExpiry same && same.EndsOn == command.EndsOn
                ? Decision.Repeats(last.EventId)
                : Decision.Record(new CardEvent.CarrierStatedExpiry(line.Id, command.At, command.EndsOn)
                {
                    Clock = clock,
                    Channel = Given(command.Channel),
                    Source = Given(command.Source),
                });
        });
    }

    /// <summary>Repeats silently when it says what the day's last observation said, and nothing was paid in between.</summary>
    public static Decision ObserveBalance(Card card, CardCommand.ObserveBalance command, Circumstances around)
    {
        var checks = CheckEntry(command.At, command.Channel, command.Source)
            .Add("/amount", Money.CheckBalance(command.Amount))
            .Currency("/currency", command.Currency);

        return checks.Refused ?? OnLine(card, command.LineId, command.At, around, line =>
        {
            if (CurrencyOf(command.Currency, around) is not { } currency) return NoCurrency;

            var last = LastOfTheDay(line, command.At, around, entry => entry is CardEvent.BalanceObserved);

            return last?.Event is CardEvent.BalanceObserved same && (same.Amount, same.Currency) == (command.Amount, currency)
                ? Decision.Repeats(last.EventId)
                : Decision.Record(new CardEvent.BalanceObserved(line.Id, command.At, command.Amount, currency)
                {
                    Channel = Given(command.Channel),
                    Source = Given(command.Source),
                });
        });
    }

    public static Decision Void(Card card, CardCommand.Void command, Circumstances around)
    {
        var at = command.At ?? EntryTime.At(around.Now);

        if (new ValueChecks().At(at).Refused is { } malformed) return malformed;
        if (!card.IsRegistered) return NotRegistered;
        if (NotATimeToRecord(at, around) is { } refused) return refused;
        if (card.Lines.Any(line => line.Voids.ContainsValue(command.Entry)))
            return Decision.Refuse(Refusal.EntryIsAVoid, $"Fact {command.Entry} is itself a void.");
        if (card.LineHolding(command.Entry) is not { } line)
            return Decision.Refuse(Refusal.EntryUnknown, $"No line of the card has an entry {command.Entry}.");

        return line.Voids.TryGetValue(command.Entry, out var earlier)
            ? Decision.Repeats(earlier)
            : Decision.Record(new CardEvent.EntryVoided(command.Entry, at));
    }

    /// <summary>
    /// A payment is recorded unless its order number says that it is a known one. An equal one on the same day may be a second
    /// payment or the same entered twice: only people know, so it is recorded and pointed out.
    /// </summary>
    private static Decision Pay(Line line, Circumstances around, CardEvent.Payment payment)
    {
        var day = DayOf(payment.At, around);
        List<RecordedFact> alike = [.. line.EntriesInForce.Where(fact => fact.Event.GetType() == payment.GetType())];

        if (payment.OrderNumber is { } order && alike.Find(fact => PaymentIn(fact).OrderNumber == order) is { } known)
        {
            return Values(PaymentIn(known), around) == Values(payment, around)
                ? Decision.Repeats(known.EventId)
                : Decision.Refuse(
                    Refusal.OrderNumberTaken,
                    $"Order number {order} stands on entry {known.EventId} of {DayOf(PaymentIn(known).At, around):uuuu-MM-dd}, which has other values.");
        }

        // Two order numbers are two payments, however equal.
        var twin = alike.FindLast(fact =>
            DayOf(PaymentIn(fact).At, around) == day && Worth(PaymentIn(fact)) == Worth(payment) &&
            (payment.OrderNumber is null || PaymentIn(fact).OrderNumber is null));

        return new Decision.Accepted([payment], twin is null ? [] : [new Warning(WarningKind.PossibleDuplicate, twin.EventId)]);
    }

    private static CardEvent.Payment PaymentIn(RecordedFact fact) => (CardEvent.Payment)fact.Event;

    private static (decimal? Amount, string? Currency) Worth(CardEvent.Payment payment) => payment switch
    {
        CardEvent.ToppedUp topUp => (topUp.Amount, topUp.Currency),
        CardEvent.Renewed renewal => (renewal.Amount, renewal.Currency),
        _ => throw new InvalidOperationException($"No worth of {payment.GetType().Name}."),
    };

    /// <summary>What two reports of one payment must agree in: neither the hour nor where we know it from.</summary>
    private static CardEvent.Payment Values(CardEvent.Payment payment, Circumstances around) =>
        payment with { At = EntryTime.On(DayOf(payment.At, around)), Source = null };

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
        if (lineId is null && card.Lines.Length != 1)
            return Decision.Refuse(Refusal.LineNotNamed, $"The card has {card.Lines.Length} lines.");

        var line = lineId is { } id ? card.FindLine(id) : card.Lines[0];
        if (line is null) return Decision.Refuse(Refusal.LineUnknown, $"Line {lineId} is not on the card.");

        return NotATimeToRecord(at, around) is { } refused ? refused : decide(line);
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
        new ValueProblem(RefusalText.Code(Refusal.AtInTheFuture), RefusalText.Title(Refusal.AtInTheFuture), RefusalText.Cure(Refusal.AtInTheFuture), member));

    private static Decision.Refused TooLongAgo(string member) => Decision.Refuse(
        Refusal.AtTooLongAgo,
        $"{member} lies before {EarliestYear}.",
        new ValueProblem(RefusalText.Code(Refusal.AtTooLongAgo), RefusalText.Title(Refusal.AtTooLongAgo), RefusalText.Cure(Refusal.AtTooLongAgo), member));

    private static LocalDate DayOf(EntryTime at, Circumstances around) => at.Date ?? at.ToInstant(around.Zone).InZone(around.Zone).Date;

    private static string? CurrencyOf(string? sent, Circumstances around) => Given(sent) ?? around.ProductCurrency;

    private static Decision.Refused NoCurrency => Decision.Refuse(Refusal.CurrencyMissing, "No currency was sent and the line's product gives none.");

    private static readonly ValueProblem TopUpOfNothing =
        new("amount-zero", "The amount is zero.", "Send what was credited; where nothing was, record a renewal or an observed balance.");

    private static readonly ValueProblem CurrencyOfNothing =
        new("currency-without-amount", "There is a currency but no amount.", "Send both or neither.");

    private static ValueChecks CheckEntry(EntryTime at, string? channel, string? source) =>
        new ValueChecks().At(at).Text("/channel", channel, FreeText.Channel).Text("/source", source, FreeText.Source);

    private static void CheckPayment(ValueChecks checks, string? offer, string? promotion, Term? period, string? orderNumber) => checks
        .Text("/offer", offer, FreeText.Offer)
        .Text("/promotion", promotion, FreeText.Promotion)
        .Period(period)
        .Text("/orderNumber", orderNumber, FreeText.OrderNumber);
}
