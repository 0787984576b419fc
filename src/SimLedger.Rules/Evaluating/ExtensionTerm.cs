namespace SimLedger.Rules.Evaluating;

/// <summary>How long an extension is for an entry: N in the format.</summary>
internal static class ExtensionTerm
{
    /// <returns>Null: the entry does not match, because there is no N for it.</returns>
    /// <param name="amount">The entry's, in the product's currency.</param>
    public static Term? Of(Extension extension, Clock clock, Entry entry, decimal? amount)
    {
        if (extension.By is { } by) return by;
        if (extension.Tiers is { } tiers) return amount is { } forTier ? OfTier(tiers, forTier) : null;
        if (extension.PerUnit is { } perUnit) return amount is { } forUnits ? OfUnits(perUnit, forUnits) : null;

        // Hour terms go only with exact: a period in hours gives no N for a clock that counts in days.
        return entry.Period is { Unit: TermUnit.Hour } && !clock.Ends.IsExact ? null : entry.Period;
    }

    private static Term? OfTier(IReadOnlyList<Tier> ascending, decimal amount)
    {
        for (var i = ascending.Count - 1; i >= 0; i--)
        {
            if (ascending[i].From <= amount) return ascending[i].By;
        }

        return null;
    }

    private static Term? OfUnits(PerUnit perUnit, decimal amount)
    {
        if (amount < perUnit.Amount || perUnit.Amount <= 0) return null;

        // Compared as doubles first, because the quotient of two decimals can leave their range. Sums stop at the calendar's end anyway.
        if ((double)amount / (double)perUnit.Amount * perUnit.By.N >= int.MaxValue) return perUnit.By with { N = int.MaxValue };

        var n = (int)(decimal.Floor(amount / perUnit.Amount) * perUnit.By.N);
        return n <= 0 ? null : perUnit.By with { N = n };
    }
}
