using NodaTime;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>Entries of lines, and voids.</summary>
internal sealed partial class ModelOrganisation
{
    public Expected Activate(ModelCard card, Guid? line, EntryTime at) => OncePerDay(card, line, at, "Activated");

    public Expected RegisterIdentity(ModelCard card, Guid? line, EntryTime at) => OncePerDay(card, line, at, "IdentityRegistered");

    public Expected Pay(ModelCard card, Guid? line, EntryTime at, string type, decimal? amount, string? currency, string? order) =>
        type == "ToppedUp" && amount == 0 ? Expected.Refused("invalid-values", 400) : OnLine(card, line, at, (on, entries) =>
        {
            if (amount is not null && (currency ??= CurrencyOf(card, on)) is null) return Expected.Refused("currency-missing");
            return Add(entries, card, New(type, on, at, amount, currency, order));
        });

    public Expected Use(ModelCard card, Guid? line, EntryTime at, UsageKind kind, string? order) =>
        OnLine(card, line, at, (on, entries) => Add(entries, card, New("UsageRecorded", on, at, order: order, use: kind)));

    public Expected SeeBalance(ModelCard card, Guid? line, EntryTime at, decimal amount, string? currency) => OnLine(card, line, at, (on, entries) =>
    {
        if ((currency ??= CurrencyOf(card, on)) is null) return Expected.Refused("currency-missing");
        var last = LastOfDay(card, entries, at, "BalanceObserved");
        return last is { Type: "BalanceObserved" } && (last.Amount, last.Currency) == (amount, currency)
            ? Expected.Repeats(last)
            : Expected.Done(New("BalanceObserved", on, at, amount, currency));
    });

    public Expected StateExpiry(ModelCard card, Guid? line, EntryTime at, LocalDate endsOn) => OnLine(card, line, at, (on, entries) =>
    {
        var last = LastOfDay(card, entries, at, "CarrierStatedExpiry");
        return last is { Type: "CarrierStatedExpiry" } && last.EndsOn == endsOn ? Expected.Repeats(last) : Expected.Done(New("CarrierStatedExpiry", on, at, endsOn: endsOn));
    });

    public Expected CheckStatus(ModelCard card, Guid? line, EntryTime at, Stage? seen, LocalDate? endsOn, decimal? balance, string? observed)
    {
        if (seen is null && endsOn is null && balance is null && observed is null) return Expected.Refused("nothing-to-record");
        return OnLine(card, line, at, (on, entries) =>
        {
            var last = LastOfDay(card, entries, at, "StatusChecked");
            var repeats = last is { Type: "StatusChecked" } && (last.Seen, last.Observed) == (seen, observed);
            List<Fact> facts = repeats ? [] : [New("StatusChecked", on, at, seen: seen, observed: observed)];
            foreach (var part in new[] { endsOn is { } day ? StateExpiry(card, on, at, day) : null, balance is { } amount ? SeeBalance(card, on, at, amount, null) : null })
            {
                if (part?.Code is not null) return part;
                facts.AddRange(part?.Facts ?? []);
            }
            return facts.Count == 0 ? Expected.Repeats(last!) : Expected.Done(facts);
        });
    }

    /// <param name="fact">Null: an id that is none of the card's.</param>
    public Expected Void(Fact? fact) => fact switch
    {
        null => Expected.Refused("entry-unknown"),
        { Kind: Kind.Void } => Expected.Refused("entry-is-a-void"),
        { VoidedBy: { } earlier } => Expected.Repeats(earlier),
        { Kind: Kind.Entry or Kind.Change } => Expected.Done(new Fact(Kind.Void, "EntryVoided", Now) { Cancels = fact }),
        _ => Expected.Refused("fact-not-voidable"),
    };

    private Expected OncePerDay(ModelCard card, Guid? line, EntryTime at, string type) => OnLine(card, line, at, (on, entries) =>
        entries.FirstOrDefault(f => f.Type == type && DayOf(card, f.At) == DayOf(card, at)) is { } same ? Expected.Repeats(same) : Expected.Done(New(type, on, at)));

    /// <summary>What adds up: told apart by order numbers, and pointed out where two of a day are equal.</summary>
    private Expected Add(IReadOnlyList<Fact> entries, ModelCard card, Fact fact)
    {
        var alike = entries.Where(f => f.Type == fact.Type).ToList();
        if (fact.Order is { } order && alike.Find(f => f.Order == order) is { } known)
        {
            return Same(known) ? Expected.Repeats(known) : Expected.Refused("order-number-taken", 409);
        }
        var twin = alike.FindLast(f => Same(f) && (fact.Order is null || f.Order is null));
        return Expected.Done(fact) with { Warnings = twin is null ? [] : [$"possibleDuplicate {twin.Id}"] };

        bool Same(Fact other) => DayOf(card, other.At) == DayOf(card, fact.At) && (other.Amount, other.Currency, other.Use) == (fact.Amount, fact.Currency, fact.Use);
    }

    private Expected OnLine(ModelCard card, Guid? line, EntryTime at, Func<Guid, IReadOnlyList<Fact>, Expected> decide)
    {
        var state = card.Now;
        var (found, refusal) = Find(state, line);
        if (found is null) return Expected.Refused(refusal!);
        if (NotATime(at, state.Carrier) is { } notThen) return Expected.Refused(notThen);
        var then = card.AsOf(at.ToInstant(ZoneOf(state.Carrier)));
        if (then.Retired) return Expected.Refused("card-is-retired");
        return then.Line(found.Id).Detached ? Expected.Refused("line-is-detached") : decide(found.Id, [.. card.Entries(found.Id)]);
    }

    /// <summary>The day's last entry up to that time which is of the type or a payment.</summary>
    private Fact? LastOfDay(ModelCard card, IReadOnlyList<Fact> entries, EntryTime at, string type)
    {
        var zone = ZoneOf(card.Now.Carrier);
        return entries.Where(f => (f.Type == type || f.IsPayment) && DayOf(card, f.At) == DayOf(card, at) && f.At.ToInstant(zone) <= at.ToInstant(zone)).OrderBy(f => f.At.ToInstant(zone)).LastOrDefault();
    }

    private LocalDate DayOf(ModelCard card, EntryTime at) => at.Date ?? at.ToInstant(DateTimeZone.Utc).InZone(ZoneOf(card.Now.Carrier)).Date;

    private string? CurrencyOf(ModelCard card, Guid line) => card.Now.Line(line).Product is { } product ? packs.Find(card.Now.Carrier)?.FindProduct(product)?.Currency : null;

    private static Fact New(
        string type, Guid line, EntryTime at, decimal? amount = null, string? currency = null, string? order = null, LocalDate? endsOn = null, UsageKind? use = null, Stage? seen = null,
        string? observed = null) =>
        new(Kind.Entry, type, Instant.MinValue)
        {
            Line = line, At = at, Amount = amount, Currency = currency, Order = order, EndsOn = endsOn, Use = use, Seen = seen, Observed = observed,
        };
}
