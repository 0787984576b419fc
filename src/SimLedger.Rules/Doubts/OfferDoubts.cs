using NodaTime;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>Offers and promotions that the product's rules take no notice of.</summary>
internal static class OfferDoubts
{
    public static void Find(Product product, string path, FindingList findings)
    {
        if (product.Rules.Count == 0) return; // That has its own warning.

        FindOffersWithoutRule(product, $"{path}.offers", findings);
        for (var i = 0; i < product.Promotions.Count; i++)
        {
            FindOutsideOfVersions(product, product.Promotions[i], $"{path}.promotions[{i}]", findings);
            FindBonusNotGiven(product, product.Promotions[i], $"{path}.promotions[{i}]", findings);
        }
    }

    private static void FindOffersWithoutRule(Product product, string path, FindingList findings)
    {
        var triggers = product.Rules.SelectMany(version => version.Clocks).SelectMany(clock => clock.StartsOn.Concat(clock.ExtendedBy.Select(extension => extension.When))).ToArray();
        var anyOffer = triggers.Where(trigger => trigger.Where?.Offers is null).Select(trigger => trigger.On).ToHashSet();
        var named = triggers.SelectMany(trigger => (trigger.Where?.Offers ?? []).Select(offer => (trigger.On, offer))).ToHashSet();

        for (var i = 0; i < product.Offers.Count; i++)
        {
            // What an add-on is recorded as is the carrier's own affair, and most keep nothing alive.
            EntryType? recordedAs = product.Offers[i].Kind switch
            {
                OfferKind.TopUp => EntryType.TopUp,
                OfferKind.Renewal => EntryType.Renewed,
                OfferKind.Extension => EntryType.Extended,
                _ => null,
            };
            if (recordedAs is not { } type || anyOffer.Contains(type) || named.Contains((type, product.Offers[i].Code))) continue;

            findings.Warning(
                $"{path}[{i}]",
                $"No rule starts or extends a clock on \"{EnumNames.Of(type)}\" with this offer, so buying it keeps nothing.",
                "Say under \"extendedBy\" what it gives, or correct its kind.");
        }
    }

    private static void FindOutsideOfVersions(Product product, Promotion promotion, string path, FindingList findings)
    {
        if (product.Rules.Any(version => version.From <= promotion.To && promotion.From <= (version.To ?? LocalDate.MaxIsoValue))) return;

        findings.Warning($"{path}.from", "No version governs any day of the promotion.", "Correct its days, or write the rules of that time.");
    }

    private static void FindBonusNotGiven(Product product, Promotion promotion, string path, FindingList findings)
    {
        if (promotion.Effect.BonusDays is not > 0) return;
        if (product.Rules.Any(version => version.Clocks.Any(clock => clock.ExtendedBy.Any(extension => extension.Bonus)))) return;

        findings.Warning($"{path}.effect.bonusDays", "No extension of the product has \"bonus\": true, so the days are never added.", "Set it where the bonus counts.");
    }
}
