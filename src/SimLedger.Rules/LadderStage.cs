namespace SimLedger.Rules;

/// <summary>What becomes of the balance in a stage after the deadline.</summary>
public enum BalanceFate { Kept, Frozen, Forfeited }

/// <summary>One stage of what happens after the deadline.</summary>
/// <param name="Stage">Grace, suspended, reclaimable or quarantine.</param>
/// <param name="Length">Never in hours; a stage of length 0 is left out.</param>
/// <param name="Services">What still works (<c>in</c>, <c>out</c>, ...); empty: not known.</param>
/// <param name="Exits">Which entries still extend; null: all that an extension names; empty: none.</param>
public sealed record LadderStage(
    Stage Stage,
    Term Length,
    IReadOnlyDictionary<string, bool> Services,
    BalanceFate? Balance,
    IReadOnlyList<Trigger>? Exits,
    string? Note);
