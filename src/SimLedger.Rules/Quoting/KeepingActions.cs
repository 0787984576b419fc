using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>
/// What can be done for a line on a day: the carrier's offers and, where it names none, what its rules ask for, each through every channel that takes it.
/// </summary>
/// <remarks>
/// Whether an action moves a date is the evaluator's to say, not asked here.
/// </remarks>
public static class KeepingActions
{
    /// <summary>Most actions told. Offers x channels x promotions of real carriers are some dozens; a pack of megabytes could name millions.</summary>
    public const int Most = 2_000;

    /// <summary>Days of service that per-unit credit is proposed for: a month, a quarter, half a year, a year.</summary>
    private static readonly int[] UsualDays = [30, 90, 180, 365];

    /// <param name="version">The rules that govern the day; null: only offers are known.</param>
    /// <param name="on">Local date in the pack's zone. Offers and promotions that are not open on it are left out; closed channels are not, for the caller may move the day.</param>
    /// <returns>In the order of pack and rules, without repeats; the first <see cref="Most"/> of them.</returns>
    public static IReadOnlyList<KeepingAction> Of(RulePack pack, Product product, RuleVersion? version, LocalDate on)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(product);

        var actions = new List<KeepingAction>();
        var known = new HashSet<KeepingAction>();
        var sold = new HashSet<EntryType>();
        foreach (var offer in product.Offers)
        {
            if (on < offer.From || on > offer.To) continue;
            sold.Add(TypeOf(offer.Kind));
            Through(new KeepingAction(TypeOf(offer.Kind), offer.Amount, offer), offer.Channels, most: null);
        }

        foreach (var asked in version is null ? [] : AskedFor(version))
        {
            // A price list is the better word: an amount that only the rules name may not be on sale.
            if (sold.Contains(asked.When.On)) continue;
            foreach (var action in Actions(asked, version!.Limits)) Through(action, asked.When.Where?.Channels, Ceiling(asked, version.Limits));
        }

        return actions;

        void Through(KeepingAction action, IReadOnlyList<string>? only, decimal? most)
        {
            if (action.Type is EntryType.Usage or EntryType.Activated)
            {
                Add(action);
                return;
            }

            foreach (var channel in pack.Channels)
            {
                if (actions.Count >= Most) return;
                if (only is not null && !Names(only, channel)) continue;
                var through = action with { Channel = channel };
                if (IsPaid(action.Type))
                {
                    // An amount that only the rules name is the least that helps; where the channel takes no less than more, that is paid.
                    if (action.Offer is null) through = through with { Amount = Largest(action.Amount, channel.MinAmount) };
                    if (through.Amount < channel.MinAmount || through.Amount > channel.MaxAmount || through.Amount > most) continue;
                }

                WithPromotions(through);
            }

            if (pack.Channels.Count == 0 && only is null) WithPromotions(action);
        }

        void Add(KeepingAction action)
        {
            if (actions.Count < Most && known.Add(action)) actions.Add(action);
        }

        void WithPromotions(KeepingAction action)
        {
            Add(action);
            foreach (var promotion in product.Promotions)
            {
                if (on < promotion.From || on > promotion.To) continue;
                if (promotion.Channels is { } channels && (action.Channel is null || !Names(channels, action.Channel))) continue;
                if (promotion.Offers is { } offers && (action.Offer is null || !offers.Contains(action.Offer.Code))) continue;
                Add(action with { Promotion = promotion });
            }
        }
    }

    /// <summary>What the fact of buying such an offer is called.</summary>
    public static EntryType TypeOf(OfferKind kind) => kind switch
    {
        OfferKind.TopUp => EntryType.TopUp,
        OfferKind.Renewal => EntryType.Renewed,
        _ => EntryType.Extended,
    };

    /// <summary>A trigger that a person can bring about, and the term it gives if it is an extension's.</summary>
    private readonly record struct Asked(Trigger When, Extension? Extension);

    private static IEnumerable<Asked> AskedFor(RuleVersion version)
    {
        foreach (var clock in version.Clocks)
        {
            foreach (var extension in clock.ExtendedBy) yield return new Asked(extension.When, extension);
            foreach (var trigger in clock.StartsOn.Where(t => t.On is not EntryType.Activated)) yield return new Asked(trigger, null);
            foreach (var trigger in clock.StopsOn) yield return new Asked(trigger, null);
        }
    }

    private static IEnumerable<KeepingAction> Actions(Asked asked, Limits limits)
    {
        var (type, where) = (asked.When.On, asked.When.Where);
        switch (type)
        {
            case var paid when IsPaid(paid) && where?.Offers is null:
                foreach (var amount in Amounts(asked, limits)) yield return new KeepingAction(type, amount);
                break;
            case EntryType.Usage:
                foreach (var kind in where?.UsageKinds ?? [UsageKind.Sms, UsageKind.Call])
                {
                    yield return new KeepingAction(type, where?.MinAmount, Usage: kind) { Direction = where?.Direction };
                }

                break;
            case EntryType.Registered or EntryType.Activated:
                yield return new KeepingAction(type);
                break;
            default:
                break; // A balance or the carrier's word is seen, not brought about.
        }
    }

    private static IEnumerable<decimal?> Amounts(Asked asked, Limits limits)
    {
        var (where, topUp) = (asked.When.Where, asked.When.On is EntryType.TopUp);
        var least = Largest(Largest(where?.MinAmount, where?.CumulativeAtLeast), topUp ? limits.MinTopUp : null);
        IEnumerable<decimal?> wanted = asked.Extension switch
        {
            { Tiers: { } tiers } => tiers.Select(tier => Largest(tier.From, least)),
            { PerUnit: { } unit } => UsualDays.Select(days => Largest(UnitsFor(days, unit), least)),
            _ => [least],
        };
        var most = Ceiling(asked, limits);
        return wanted.Where(amount => !(amount > most));
    }

    /// <summary>The most that the rules let such an action be; null: no limit.</summary>
    private static decimal? Ceiling(Asked asked, Limits limits)
    {
        var (ofFilter, ofCarrier) = (asked.When.Where?.MaxAmount, asked.When.On is EntryType.TopUp ? limits.MaxTopUp : null);
        return ofFilter is { } one && ofCarrier is { } other ? Math.Min(one, other) : ofFilter ?? ofCarrier;
    }

    private static bool IsPaid(EntryType type) => type is EntryType.TopUp or EntryType.Renewed or EntryType.Extended;

    private static decimal UnitsFor(int days, PerUnit unit)
    {
        var each = unit.By.Unit switch { TermUnit.Month => 30m, TermUnit.Year => 365m, TermUnit.Hour => 1 / 24m, _ => 1m } * unit.By.N;
        return each == 0 ? unit.Amount : Math.Ceiling(days / each) * unit.Amount;
    }

    private static decimal? Largest(decimal? one, decimal? other) => one is { } a && other is { } b ? Math.Max(a, b) : one ?? other;

    private static bool Names(IReadOnlyList<string> codesOrKinds, Channel channel) =>
        codesOrKinds.Contains(channel.Code) || codesOrKinds.Contains(EnumNames.Of(channel.Kind));
}
