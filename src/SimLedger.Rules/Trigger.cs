namespace SimLedger.Rules;

/// <summary>Entries of one type, perhaps only some of them.</summary>
public sealed record Trigger(EntryType On, Filter? Where);

/// <summary>What an entry must be like. All members given must hold; an entry that lacks what a member looks at does not match.</summary>
/// <param name="Channels">Codes or kinds.</param>
/// <param name="PaidOnly">True: the entry names no promotion.</param>
/// <param name="BalanceAtMost">Looks at the balance in the entry, else the last known.</param>
/// <param name="CumulativeAtLeast">What amounts so far, this one included, must add up to; always with <paramref name="Within"/>.</param>
/// <param name="Within">Only amounts whose local date is after the entry's date less this.</param>
public sealed record Filter(
    decimal? MinAmount = null,
    decimal? MaxAmount = null,
    IReadOnlyList<string>? Channels = null,
    IReadOnlyList<string>? Offers = null,
    IReadOnlyList<UsageKind>? UsageKinds = null,
    Direction? Direction = null,
    bool? Chargeable = null,
    bool PaidOnly = false,
    decimal? BalanceAtMost = null,
    decimal? BalanceAtLeast = null,
    decimal? CumulativeAtLeast = null,
    Term? Within = null);
