using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>What doing something on a day would give and cost. Recorded nowhere.</summary>
/// <param name="On">The day of acting, in the carrier's zone; the fact would be dated so.</param>
/// <param name="CreditedOn">When the channel has credited it.</param>
/// <param name="Before">At the instant of acting: the start of the day, today the instant asked. <see cref="Standing.RenewBy"/> is that of the action's channel.</param>
/// <param name="After">At the same instant, with it done.</param>
/// <param name="Outcome">What the rules make of it.</param>
/// <param name="Changes">Each clock started or moved.</param>
/// <param name="Stopped">Ids of the clocks it stops.</param>
/// <param name="DaysKept">
/// From the later of the day of acting and the end before, to the later of the day of acting and the end after: days already gone are not
/// kept. Below 0 where the end moves earlier; null where the line has no end any more.
/// </param>
/// <param name="WastedDays">Days that a cap cuts off, or the whole term where the end stays: of the clock that binds afterwards.</param>
/// <param name="Price">Null: nobody says.</param>
/// <param name="Currency">Of price and credit; null: the product is unknown.</param>
/// <param name="CostPerDay">Total, and the channel's fee if of the same currency, by days kept; four decimals, half to even. Null without price or days.</param>
/// <param name="Credit">What can be spent afterwards; null: none, or not known.</param>
/// <param name="Promotion">The one applied; null: none, or the one named is not open for it.</param>
/// <param name="LastSafeDay">Last day on which the same is still safe through this channel; null: no end is known, or it is not sold so long.</param>
/// <param name="LastDay">Last day on which it still keeps the number and is credited in time; null: not known, or past.</param>
/// <param name="Rule">The version that made the new end, else the one that governs the day; null: no rule is known.</param>
/// <param name="Keeps">Whether the line lives longer for it: the end moves later, the line starts, is rescued, or is freed of its end.</param>
/// <param name="Warnings">What blocks first, then what loses.</param>
public sealed record Quote(
    KeepingAction Action,
    LocalDate On,
    LocalDate CreditedOn,
    Standing Before,
    Standing After,
    Outcome Outcome,
    IReadOnlyList<ClockChange> Changes,
    IReadOnlyList<string> Stopped,
    int? DaysKept,
    int WastedDays,
    Price? Price,
    string? Currency,
    decimal? CostPerDay,
    decimal? Credit,
    Promotion? Promotion,
    IReadOnlyList<MissedPromotion> MissedPromotions,
    LocalDate? LastSafeDay,
    LocalDate? LastDay,
    RuleVersion? Rule,
    bool Keeps,
    IReadOnlyList<Warning> Warnings)
{
    /// <summary>It keeps the number and can be done as it stands.</summary>
    public bool IsUsable => Keeps && Warnings.All(warning => warning.Severity is not WarningSeverity.Blocks);
}

/// <summary>Why an open promotion is not applied: it was not named, or is for other channels or other offers.</summary>
public enum MissedBecause { NotNamed, OtherChannel, OtherOffer }

/// <summary>A promotion that is open that day and not made use of.</summary>
public sealed record MissedPromotion(Promotion Promotion, MissedBecause Because);
