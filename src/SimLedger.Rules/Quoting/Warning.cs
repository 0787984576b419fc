namespace SimLedger.Rules.Quoting;

/// <summary>
/// How much a warning weighs. Blocks: it cannot be done so, or nothing says that it keeps the number. Loses: it works, but days, money or the
/// number itself may be lost by it. Notes: good to know.
/// </summary>
public enum WarningSeverity { Blocks, Loses, Notes }

/// <summary>What a quote warns of. Told by their camel-case names; within one severity in this order.</summary>
public enum WarningCode
{
    RuleUnknown,
    TooLate,
    MovesNothing,
    NotUsable,
    Closed,
    NotOnSale,
    BelowMinimum,
    AboveMaximum,
    WrongCurrency,
    CreditedAfterDeadline,
    Shortens,
    TooEarly,
    Wastes,
    PromotionNotOpen,
    ThirdParty,
    ConflictingRules,
    AfterRenewBy,
    NeedsPhysicalSim,
    NeedsIdentityDocument,
    NeedsPortalAccount,
    Unverified,
    PriceUnknown,
}

/// <summary>Something to know before doing it.</summary>
public sealed record Warning(WarningCode Code, WarningSeverity Severity, Particulars Data)
{
    internal Warning(WarningCode code, Particulars? data = null)
        : this(code, SeverityOf(code), data ?? Particulars.None)
    {
    }

    /// <summary>One weight a code, so that who reads codes knows it without the quote.</summary>
    public static WarningSeverity SeverityOf(WarningCode code) => code switch
    {
        <= WarningCode.WrongCurrency => WarningSeverity.Blocks,
        <= WarningCode.ConflictingRules => WarningSeverity.Loses,
        _ => WarningSeverity.Notes,
    };
}
