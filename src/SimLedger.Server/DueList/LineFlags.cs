using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>What a row can warn of: the flags of its standing, and those of the list itself.</summary>
public static class LineFlags
{
    /// <summary>The row could not be appraised when it was due to be; its dates are those last known.</summary>
    public const string NotAppraised = "notAppraised";

    /// <summary>Every flag that a row can have; a filter knows no other.</summary>
    public static IReadOnlySet<string> All { get; } = new SortedSet<string>([.. EnumNames.All<Flag>(), NotAppraised], StringComparer.Ordinal);
}
