namespace SimLedger.Rules;

/// <summary>How an extension's term and the clock's end before it make the new end (rule pack format 1, section 6).</summary>
public enum Combine { Reset, Add, Max, Set, AfterPlan, EndOfMonth }

/// <summary>What moves a clock's end, and by how much.</summary>
/// <param name="By">One of <paramref name="By"/>, <paramref name="Tiers"/> and <paramref name="PerUnit"/> at most; none: the entry's own period.</param>
/// <param name="Tiers">Ascending by <see cref="Tier.From"/>; null if the extension has none.</param>
/// <param name="Cap">How far from the day of the entry the end may reach.</param>
/// <param name="Bonus">Whether a promotion's bonus days are added.</param>
public sealed record Extension(
    Trigger When,
    Combine Combine,
    Term? By,
    IReadOnlyList<Tier>? Tiers,
    PerUnit? PerUnit,
    Term? Cap,
    bool Bonus);

/// <param name="From">Least amount that gets this term, in the product's currency.</param>
public sealed record Tier(decimal From, Term By);

/// <summary>So much time for every full unit of money.</summary>
/// <param name="Amount">The unit, above zero, in the product's currency.</param>
public sealed record PerUnit(decimal Amount, Term By);
