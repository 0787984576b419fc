namespace SimLedger.Cards;

/// <summary>
/// The stored form of a card's events: compact JSON, members in the order written here, those without a value left out.
/// Type and member names are literals, so that renaming a C# name cannot change what is stored.
/// </summary>
/// <remarks>
/// One event gives the same bytes on every machine: the audit chain hashes them. Amounts are decimal texts with the places they
/// came with, dates are 2026-11-21, instants RFC 3339 with the offset they came with.
/// </remarks>
public static partial class CardEventJson
{
    /// <summary>Stored name of the fact that every card begins with, and nothing else does.</summary>
    public const string FirstType = "CardRegistered";

    /// <summary>Stored names of what we noted ourselves, as time brought it about.</summary>
    public static readonly IReadOnlySet<string> NoteTypes = new HashSet<string>(StringComparer.Ordinal) { "Lapsed", "Lost", "LapseWithdrawn", "LossWithdrawn" };

    /// <summary>Stored names of all events of a card.</summary>
    public static readonly IReadOnlyList<string> Types =
    [
        FirstType, "LineAttached", "NumberAssigned", "SimReplaced", "SimConditionReported", "DeviceAssigned", "PlanChanged", "ProductChanged", "CarrierIdentified",
        "CarrierSwitched", "LineDetached", "CardIssued", "CardReturned", "CardRetired", "CardReopened", "CardDescribed", "PeopleAssigned", "NotesWritten",
        "Activated", "ToppedUp", "Renewed", "CarrierStatedExpiry", "BalanceObserved", "UsageRecorded", "IdentityRegistered", "StatusChecked", "EntryVoided",
        .. NoteTypes,
    ];
}
