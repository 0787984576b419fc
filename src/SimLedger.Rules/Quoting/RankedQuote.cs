namespace SimLedger.Rules.Quoting;

/// <summary>What speaks for an option, or must be known to choose it. Told by their camel-case names.</summary>
public enum ReasonCode
{
    CheapestPerDay,
    CostPerDay,
    CostUnknown,
    Safest,
    KeepsUntil,
    Starts,
    Rescues,
    FreesOfEnd,
    CarrierChannel,
    TrustedChannel,
    UnknownTrust,
    Online,
    NeedsNothing,
    CreditedAtOnce,
    CreditTakesDays,
    UsesTheSim,
    UnderPromotion,
    MovedToOpenDay,
    RuleConfidence,
}

/// <summary>Why an option stands where it does.</summary>
public sealed record Reason(ReasonCode Code, Particulars Data);

/// <summary>An option with its place in either order, from 1.</summary>
/// <param name="CostRank">By cost per day, those without one last; equal ones by safety.</param>
/// <param name="SafetyRank">
/// Credited in time; carrier, then trusted, then unknown channels; online first; fewer needs; sooner credited; later end; surer rule; then by cost.
/// </param>
public sealed record RankedQuote(Quote Quote, int CostRank, int SafetyRank, IReadOnlyList<Reason> Why);
