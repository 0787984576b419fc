using NodaTime;

namespace SimLedger.Rules;

public enum OfferKind { TopUp, Renewal, Extension, AddOn }

public enum OfferFeeKind { Base, AddOn, Handling }

/// <summary>Something the carrier sells for this product. A price list: the evaluator looks at an entry's own members, never at these.</summary>
/// <param name="Amount">What is paid, in the product's currency.</param>
/// <param name="Credit">What is credited; null: not known.</param>
/// <param name="Channels">Codes or kinds; null: all.</param>
/// <param name="From">First day on sale; null: always was.</param>
/// <param name="To">Last day on sale; null: still is.</param>
public sealed record Offer(
    string Code,
    OfferKind Kind,
    decimal Amount,
    decimal? Credit,
    Term? Period,
    IReadOnlyList<OfferFee> Fees,
    IReadOnlyList<string>? Channels,
    LocalDate? From,
    LocalDate? To);

/// <param name="Amount">In the product's currency.</param>
public sealed record OfferFee(OfferFeeKind Kind, decimal Amount);
