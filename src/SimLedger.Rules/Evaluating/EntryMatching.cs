namespace SimLedger.Rules.Evaluating;

/// <summary>Which entries a trigger means (rule pack format 1, section 5).</summary>
internal sealed class EntryMatching(RulePack pack, Product? product, Timeline timeline)
{
    /// <summary>Of an unknown product nobody knows the currency, so none is another one.</summary>
    public bool IsInProductCurrency(Entry entry) =>
        entry.Currency is null || product is null || entry.Currency == product.Currency;

    /// <summary>The entry's amount; null if it has none or holds another currency.</summary>
    public decimal? AmountOf(Entry entry) => IsInProductCurrency(entry) ? entry.Amount : null;

    /// <summary>The balance in the entry; null if it has none or holds another currency.</summary>
    public decimal? BalanceIn(Entry entry) =>
        IsInProductCurrency(entry) ? entry.BalanceAfter ?? (entry.Type is EntryType.Balance ? entry.Amount : null) : null;

    public bool AnyMatches(IReadOnlyList<Trigger> triggers, int index)
    {
        for (var i = 0; i < triggers.Count; i++)
        {
            if (Matches(triggers[i], index)) return true;
        }

        return false;
    }

    public bool Matches(Trigger trigger, int index) =>
        MatchesWithoutSum(trigger, index) &&
        (trigger.Where?.CumulativeAtLeast is not { } least || SumReaches(least, trigger, index));

    /// <summary>Whether a promotion of the product is open on the entry's day for its channel and offer.</summary>
    public bool IsOpenFor(Promotion promotion, in TakenEntry taken) =>
        taken.On >= promotion.From && taken.On <= promotion.To &&
        (promotion.Channels is null || IsOneOf(promotion.Channels, taken.Entry.Channel)) &&
        (promotion.Offers is null || Contains(promotion.Offers, taken.Entry.Offer));

    private bool MatchesWithoutSum(Trigger trigger, int index)
    {
        var entry = timeline.Taken[index].Entry;
        if (entry.Type != trigger.On) return false;
        if (trigger.Where is not { } where) return true;

        if (where.MinAmount is not null || where.MaxAmount is not null)
        {
            if (AmountOf(entry) is not { } amount || amount < where.MinAmount || amount > where.MaxAmount) return false;
        }

        if (where.Channels is not null && !IsOneOf(where.Channels, entry.Channel)) return false;
        if (where.Offers is not null && !Contains(where.Offers, entry.Offer)) return false;
        if (where.UsageKinds is not null && !Contains(where.UsageKinds, entry.UsageKind)) return false;
        if (where.Direction is not null && where.Direction != entry.Direction) return false;
        if (where.Chargeable is not null && where.Chargeable != entry.Chargeable) return false;
        if (where.PaidOnly && entry.Promotion is not null) return false;

        if (where.BalanceAtMost is not null || where.BalanceAtLeast is not null)
        {
            // After step 5 the last known balance is this entry's own, if it holds one in the product's currency.
            if (timeline.BalanceKnown[index] is not { } balance || balance > where.BalanceAtMost || balance < where.BalanceAtLeast) return false;
        }

        return true;
    }

    private bool SumReaches(decimal least, Trigger trigger, int index)
    {
        var taken = timeline.Taken;
        if (AmountOf(taken[index].Entry) is null) return false;

        var sum = 0m;
        for (var i = 0; i <= index; i++)
        {
            if (AmountOf(taken[i].Entry) is not { } amount) continue;
            if (trigger.Where!.Within is { } within && taken[i].On <= LocalCalendar.Subtract(taken[index].On, within)) continue;
            if (MatchesWithoutSum(trigger, i)) sum = MoneySum.Add(sum, amount);
        }

        return sum >= least;
    }

    private bool IsOneOf(IReadOnlyList<string> codesOrKinds, string? channel)
    {
        if (channel is null) return false;
        if (Contains(codesOrKinds, channel)) return true;
        return pack.FindChannel(channel) is { } known && Contains(codesOrKinds, EnumNames.Of(known.Kind));
    }

    private static bool Contains(IReadOnlyList<string> codes, string? code)
    {
        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i] == code) return true;
        }

        return false;
    }

    private static bool Contains(IReadOnlyList<UsageKind> kinds, UsageKind? kind)
    {
        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] == kind) return true;
        }

        return false;
    }
}
