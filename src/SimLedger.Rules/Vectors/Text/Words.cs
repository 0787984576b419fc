using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules.Evaluating;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors.Text;

/// <summary>Values and rules in a few English words, for who writes rules.</summary>
internal static class Words
{
    private static readonly LocalTimePattern Minutes = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly LocalTimePattern Seconds = LocalTimePattern.CreateWithInvariantCulture("HH:mm:ss.FFFFFFFFF");

    public static string Of(LocalDate date) => LocalDatePattern.Iso.Format(date);

    public static string Of(LocalDate? date) => date is { } day ? Of(day) : "-";

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(Term term) => $"{Of(term.N)} {EnumNames.Of(term.Unit)}{(term.N == 1 ? "" : "s")}";

    /// <summary>Local date and time of day.</summary>
    public static string Local(Instant instant, LocalCalendar calendar)
    {
        var time = calendar.TimeOf(instant);
        return $"{Of(calendar.DateOf(instant))} {(time.Second == 0 && time.NanosecondOfSecond == 0 ? Minutes : Seconds).Format(time)}";
    }

    public static string Utc(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    /// <summary>What an entry holds, but for its id, type and time.</summary>
    public static string Held(Entry entry) => Joined(
    [
        entry.Amount is { } amount ? $"amount {AmountText.Of(amount)}" : null,
        Named("currency", entry.Currency),
        Named("channel", entry.Channel),
        Named("offer", entry.Offer),
        Named("promotion", entry.Promotion),
        entry.UsageKind is { } kind ? EnumNames.Of(kind) : null,
        entry.Direction is { } direction ? EnumNames.Of(direction) : null,
        entry.Chargeable is { } chargeable ? chargeable ? "chargeable" : "not chargeable" : null,
        entry.BalanceAfter is { } balance ? $"balance after {AmountText.Of(balance)}" : null,
        entry.EndsOn is { } endsOn ? $"ends on {Of(endsOn)}" : null,
        Named("clock", entry.Clock),
        entry.Period is { } period ? $"period {Of(period)}" : null,
        Named("voids", entry.Voids),
    ]);

    public static string Of(Trigger trigger)
    {
        if (trigger.Where is not { } where) return EnumNames.Of(trigger.On);

        var filter = Joined(
        [
            where.MinAmount is { } min ? $"amount at least {AmountText.Of(min)}" : null,
            where.MaxAmount is { } max ? $"amount at most {AmountText.Of(max)}" : null,
            where.Channels is { } channels ? $"over {string.Join(" or ", channels)}" : null,
            where.Offers is { } offers ? $"offer {string.Join(" or ", offers)}" : null,
            where.UsageKinds is { } kinds ? string.Join(" or ", kinds.Select(kind => EnumNames.Of(kind))) : null,
            where.Direction is { } direction ? EnumNames.Of(direction) : null,
            where.Chargeable is { } chargeable ? chargeable ? "chargeable" : "not chargeable" : null,
            where.PaidOnly ? "without promotion" : null,
            where.BalanceAtMost is { } most ? $"balance at most {AmountText.Of(most)}" : null,
            where.BalanceAtLeast is { } least ? $"balance at least {AmountText.Of(least)}" : null,
            where.CumulativeAtLeast is { } sum ? $"amounts of {Of(where.Within.GetValueOrDefault())} adding up to {AmountText.Of(sum)}" : null,
        ]);
        return filter.Length == 0 ? EnumNames.Of(trigger.On) : $"{EnumNames.Of(trigger.On)} ({filter})";
    }

    /// <param name="n">What the extension gave to the entry at hand.</param>
    public static string Of(Extension extension, Term n)
    {
        if (extension.Combine is Combine.Set) return $"{Of(extension.When)}: set to the entry's own end date";

        var source = extension.Tiers is not null ? " by its tiers" : extension.PerUnit is { } unit ? $" at {Of(unit.By)} for every {AmountText.Of(unit.Amount)}" : extension.By is null ? ", the entry's own period" : "";
        var cap = extension.Cap is { } most ? $", at most {Of(most)} from the day" : "";
        return $"{Of(extension.When)}: {EnumNames.Of(extension.Combine)} {Of(n)}{source}{cap}";
    }

    private static string? Named(string name, string? value) => value is null ? null : $"{name} {value}";

    private static string Joined(IEnumerable<string?> parts) => string.Join(", ", parts.OfType<string>());
}
