namespace SimLedger.Rules;

public enum FormFactor { Physical, Esim }

public enum Capability { Voice, Sms, Data }

/// <summary>What a line was sold as; decides which rules apply.</summary>
/// <param name="Currency">ISO 4217. Amounts in another one match no rule that looks at an amount.</param>
/// <param name="Rules">In the order of the pack, which decides between versions that govern the same day.</param>
public sealed record Product(
    string Code,
    TextByLanguage Name,
    string Currency,
    IReadOnlyList<FormFactor> FormFactors,
    IReadOnlyList<Capability> Capabilities,
    IReadOnlyList<Offer> Offers,
    IReadOnlyList<Promotion> Promotions,
    IReadOnlyList<RuleVersion> Rules)
{
    /// <returns>Null if no code is given or the product has no such promotion.</returns>
    public Promotion? FindPromotion(string? code)
    {
        for (var i = 0; i < Promotions.Count; i++)
        {
            if (Promotions[i].Code == code) return Promotions[i];
        }

        return null;
    }
}
