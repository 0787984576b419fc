using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>What a row can warn of: the flags of its standing, and those of the list itself.</summary>
public static class LineFlags
{
    /// <summary>The row could not be appraised when it was due to be; its dates are those last known.</summary>
    public const string NotAppraised = "notAppraised";

    /// <summary>The SIM is lost; the number lives on.</summary>
    public const string SimLost = "simLost";

    public const string SimDamaged = "simDamaged";

    /// <summary>The carrier showed another stage than the rules told then: one of them is wrong.</summary>
    public const string StatusDiffers = "statusDiffers";

    /// <summary>Every flag that a row can have; a filter knows no other.</summary>
    public static IReadOnlySet<string> All { get; } = new SortedSet<string>([.. EnumNames.All<Flag>(), NotAppraised, SimLost, SimDamaged, StatusDiffers], StringComparer.Ordinal);

    /// <summary>Sorted, no repeats.</summary>
    public static IReadOnlyList<string> Of(Standing standing, Card card, bool statusDiffers)
    {
        string[] flags =
        [
            .. standing.Flags.Select(Words.Of),
            .. card.SimCondition switch { SimCondition.Lost => [SimLost], SimCondition.Damaged => [SimDamaged], _ => Array.Empty<string>() },
            .. statusDiffers ? [StatusDiffers] : Array.Empty<string>(),
        ];
        Array.Sort(flags, StringComparer.Ordinal);
        return flags;
    }
}
