namespace SimLedger.Rules.Explaining;

/// <summary>What a statement is about; explanations are read topic by topic.</summary>
public enum Topic { Summary, Dates, Binding, Wasted, TooLate, Next, Unknown, Ignored }

/// <summary>
/// Everything an explanation can say. The camel-case names are part of the API; each has a sentence in every <see cref="Language"/>.
/// Declared topic by topic, in the order of <see cref="Topic"/>, which <see cref="Topics.Of"/> relies on.
/// </summary>
public enum StatementCode
{
    // Summary
    GoodUntil, GoodButOverdue, PastEnd, PastEndUnknown, NumberLost, NothingStarted, NoDateKnown,

    // Dates: what made them
    Started, StartedAnew, SetFromDay, MovedFromDay, MovedFromEnd, MovedPastPlan, MovedToMonthEnd, NamedEnd, LeftAsItWas, BonusAdded, MovedByBonus,
    CarrierGave, CarrierGaveSame, CarrierGaveLater, CarrierGaveEarlier, MovedAutomatically, KeptThroughVersion, StoppedByFact, StoppedByVersion,
    HeldByOther, NoLongerHeld, EndsByRule, EndedByRule, EndsByCarrier, EndedByCarrier,

    // Binding
    BindsAlone, BindsFirst, BindsTied, EndsWithinDay, ActBy, ActByChannel,

    // Wasted
    WastedByLimit, WastedNotLater, Shortened,

    // Too late
    TooLateForStage, TooLateForAll, TooLateLost,

    // Next
    ExtendedBy, ExtendedByBalance, WouldStop, ExtendedByNothing, StageFollows, StageNow, StageServices, StageBalance, StageNote, StageRescue,
    StageWithoutRescue, LostFollows, LostNow, StillExtendedBy,

    // Unknown
    CarrierWithoutRules, ProductMissing, ProductUnknown, NoVersionGoverns, ActivationDateMissing, RegionMissing, FactsWithoutRule, NothingStartedYet,
    WouldStart, WhatFollowsUnknown, ConflictingRules, DependsOnBalance, Unverified, UserReport, SourceOld, OtherCurrency, OutsideLimits, Arrears,

    // Ignored
    Voided, Later, WithoutRule, VoidCancels, VoidNotYet, VoidOfNothing, NotLookedAt, BalanceNoted, AmountTooLow, AmountTooHigh, AmountMissing,
    AmountInOtherCurrency, ChannelNotCounted, OfferNotCounted, UsageNotCounted, IncomingNotCounted, OutgoingNotCounted, DirectionMissing,
    NotChargeable, NotFree, ChargeableMissing,
    PromotionNotCounted, BalanceTooHigh, BalanceTooLow, BalanceMissing, SumTooLow, PeriodMissing, EndMissing, ClockStopped, ClockRunning, NothingToStop,
    AlreadyLost,
}

/// <summary>Where each statement belongs.</summary>
public static class Topics
{
    public static Topic Of(StatementCode code) => code switch
    {
        < StatementCode.Started => Topic.Summary,
        < StatementCode.BindsAlone => Topic.Dates,
        < StatementCode.WastedByLimit => Topic.Binding,
        < StatementCode.TooLateForStage => Topic.Wasted,
        < StatementCode.ExtendedBy => Topic.TooLate,
        < StatementCode.CarrierWithoutRules => Topic.Next,
        < StatementCode.Voided => Topic.Unknown,
        _ => Topic.Ignored,
    };
}
