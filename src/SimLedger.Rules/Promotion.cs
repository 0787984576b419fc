using NodaTime;

namespace SimLedger.Rules;

/// <summary>A benefit for a limited time, perhaps only over some channels or for some offers.</summary>
/// <param name="From">First day, inclusive.</param>
/// <param name="To">Last day, inclusive.</param>
/// <param name="Channels">Codes or kinds; null: all, also an entry that names none.</param>
/// <param name="Offers">Codes; null: all, also an entry that names none.</param>
public sealed record Promotion(
    string Code,
    LocalDate From,
    LocalDate To,
    IReadOnlyList<string>? Channels,
    IReadOnlyList<string>? Offers,
    PromotionEffect Effect);

/// <summary>What a promotion gives. Only <paramref name="BonusDays"/> moves an end date; the rest is for people and reports.</summary>
/// <param name="BonusDays">0 to 36,500.</param>
/// <param name="BonusData">In the carrier's words: <c>2 GB</c>.</param>
/// <param name="DiscountPercent">0 to 100.</param>
/// <param name="GetFree">What comes free with a purchase, in the carrier's words.</param>
public sealed record PromotionEffect(int? BonusDays, string? BonusData, decimal? DiscountPercent, string? GetFree);
