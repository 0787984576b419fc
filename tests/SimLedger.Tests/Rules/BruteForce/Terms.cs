using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>N, the term of an extension: step 6c.</summary>
internal static class Terms
{
    public static string KindOf(Extension extension) =>
        extension.Combine is Combine.Set ? "the end date of the entry"
        : extension.By is not null ? "by"
        : extension.Tiers is not null ? "tiers"
        : extension.PerUnit is not null ? "perUnit"
        : "the entry's own period";

    /// <param name="amount">Null if the entry has none in the product's currency.</param>
    /// <returns>Null: there is none, so the extension does not match.</returns>
    public static Term? Of(Extension extension, Entry entry, decimal? amount, bool isExact)
    {
        if (extension.By is { } by) return by;
        if (extension.Tiers is { } tiers) return tiers.Where(tier => tier.From <= amount).MaxBy(tier => tier.From)?.By;

        if (extension.PerUnit is { } perUnit)
        {
            if (amount is not { } paid) return null;

            var units = decimal.Floor(paid / perUnit.Amount);
            var n = units * perUnit.By.N;
            return n > 0 ? perUnit.By with { N = (int)n } : null;
        }

        // Terms in hours go only with clocks that end exact.
        return entry.Period is { Unit: TermUnit.Hour } && !isExact ? null : entry.Period;
    }
}
