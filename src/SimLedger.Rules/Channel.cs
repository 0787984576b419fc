using NodaTime;

namespace SimLedger.Rules;

public enum ChannelKind { Site, App, Store, Kiosk, Hotline, Ivr, ThirdParty }

/// <summary>What must be at hand to use a channel.</summary>
public enum ChannelNeed { PhysicalSim, IdentityDocument, PortalAccount }

public enum ChannelTrust { Carrier, Trusted, Unknown }

/// <summary>A way to act at the carrier: its site, its app, a store, a hotline, a third party.</summary>
/// <param name="Steps">What to do, step by step, by language; empty if nobody wrote it down.</param>
/// <param name="AsksFor">What the channel wants to be told: <c>number</c>, <c>iccid</c>, <c>amount</c> and the like.</param>
/// <param name="CreditTakesDays">Calendar days until a payment is credited. 0 to <see cref="MaxDays"/>.</param>
/// <param name="LeadDays">Calendar days needed beforehand, say to travel to a store. 0 to <see cref="MaxDays"/>.</param>
/// <param name="ClosedOn">Never all seven days.</param>
public sealed record Channel(
    string Code,
    ChannelKind Kind,
    bool Online,
    ChannelTrust Trust,
    TextByLanguage? Name,
    string? Url,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Steps,
    IReadOnlyList<ChannelNeed> Needs,
    IReadOnlyList<string> AsksFor,
    int CreditTakesDays,
    int LeadDays,
    IReadOnlyList<IsoDayOfWeek> ClosedOn,
    decimal? MinAmount,
    decimal? MaxAmount,
    ChannelFee? Fee)
{
    /// <summary>A channel that takes longer than a year keeps no number; more is a slip of the pen.</summary>
    public const int MaxDays = 366;
}

/// <summary>What the channel takes for itself; never credited.</summary>
/// <param name="Currency">ISO 4217; need not be the product's.</param>
public sealed record ChannelFee(decimal Amount, string Currency);
