namespace SimLedger.Rules.Vectors;

/// <summary>A standing as named members, to be compared with what a vector expects: objects as dictionaries, lists, and plain values.</summary>
internal static class StandingMembers
{
    /// <param name="currency">The product's; shown with the balance.</param>
    public static Dictionary<string, object?> Of(Standing standing, string? currency) => new()
    {
        ["stage"] = EnumNames.Of(standing.Stage),
        ["stageEndsOn"] = standing.StageEndsOn,
        ["deadlineAt"] = standing.DeadlineAt,
        ["endsOn"] = standing.EndsOn,
        ["clock"] = standing.Clock,
        ["ruleVersion"] = standing.RuleVersion,
        ["confidence"] = standing.Confidence is { } confidence ? EnumNames.Of(confidence) : null,
        ["renewBy"] = standing.RenewBy,
        ["prepareFrom"] = standing.PrepareFrom,
        ["stages"] = standing.Stages.Select(Stage).ToList(),
        ["clocks"] = standing.Clocks.Select(Clock).ToList(),
        ["flags"] = standing.Flags.Select(object? (flag) => EnumNames.Of(flag)).ToList(),
        ["balance"] = standing.Balance is { } balance ? Balance(balance, currency) : null,
        ["entries"] = standing.Entries.Select(Entry).ToList(),
        ["holdsUntil"] = standing.HoldsUntil,
    };

    private static object? Stage(StagePeriod period) => new Dictionary<string, object?>
    {
        ["stage"] = EnumNames.Of(period.Stage),
        ["from"] = period.From,
        ["to"] = period.To,
        ["endsOn"] = period.EndsOn,
    };

    private static object? Clock(ClockState clock) => new Dictionary<string, object?>
    {
        ["id"] = clock.Id,
        ["kind"] = EnumNames.Of(clock.Kind),
        ["endsOn"] = clock.EndsOn,
        ["deadlineAt"] = clock.DeadlineAt,
        ["running"] = clock.Running,
        ["ruleVersion"] = clock.RuleVersion,
        ["confidence"] = clock.Confidence is { } confidence ? EnumNames.Of(confidence) : null,
    };

    // The format says "with its date" and names no member: both words that one would write are known.
    private static Dictionary<string, object?> Balance(ObservedBalance balance, string? currency) => new()
    {
        ["amount"] = balance.Amount,
        ["currency"] = currency,
        ["on"] = balance.On,
        ["date"] = balance.On,
    };

    private static object? Entry(EntryOutcome entry) => new Dictionary<string, object?>
    {
        ["id"] = entry.Id,
        ["outcome"] = EnumNames.Of(entry.Outcome),
        ["changes"] = entry.Changes.Select(Change).ToList(),
    };

    private static object? Change(ClockChange change) => new Dictionary<string, object?>
    {
        ["clock"] = change.Clock,
        ["before"] = change.Before,
        ["after"] = change.After,
        ["wastedDays"] = change.WastedDays,
        ["shortenedDays"] = change.ShortenedDays,
        ["driftDays"] = change.DriftDays,
        ["ruleVersion"] = change.RuleVersion,
    };
}
