using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>A standing as one line a member, so that two can be compared and told apart; without <see cref="Standing.HoldsUntil"/>.</summary>
internal static class StandingLines
{
    public static IReadOnlyList<string> Of(Standing standing) =>
    [
        $"stage {standing.Stage} until {Date(standing.StageEndsOn)}",
        $"deadlineAt {At(standing.DeadlineAt)}, endsOn {Date(standing.EndsOn)}, clock {standing.Clock}",
        $"ruleVersion {standing.RuleVersion}, confidence {standing.Confidence}",
        $"renewBy {Date(standing.RenewBy)}, prepareFrom {Date(standing.PrepareFrom)}",
        .. standing.Stages.Select(period => $"stages: {period.Stage} from {At(period.From)} to {At(period.To)}, ends on {Date(period.EndsOn)}"),
        .. standing.Clocks.Select(Clock),
        $"flags: {string.Join(' ', standing.Flags)}",
        standing.Balance is { } balance ? FormattableString.Invariant($"balance {balance.Amount:0.######} on {Date(balance.On)}") : "balance unknown",
        .. standing.Entries.SelectMany(Entry),
    ];

    /// <returns>What is told otherwise, line by line; empty if the two tell the same.</returns>
    public static IReadOnlyList<string> Differences(Standing expected, Standing actual)
    {
        var (one, other) = (Of(expected), Of(actual));
        if (one.SequenceEqual(other)) return [];

        var isReordered = one.Order(StringComparer.Ordinal).SequenceEqual(other.Order(StringComparer.Ordinal));
        return
        [
            .. one.Where((line, i) => isReordered ? line != other[i] : !other.Contains(line)).Select(line => $"expected: {line}"),
            .. other.Where((line, i) => isReordered ? line != one[i] : !one.Contains(line)).Select(line => $"actual:   {line}"),
        ];
    }

    private static string Clock(ClockState clock) =>
        $"clock {clock.Id} ({clock.Kind}) endsOn {Date(clock.EndsOn)}, deadlineAt {At(clock.DeadlineAt)}, " +
        $"running {clock.Running}, by {clock.RuleVersion} {clock.Confidence}";

    private static IEnumerable<string> Entry(EntryOutcome entry) =>
        entry.Changes
            .Select((change, i) => FormattableString.Invariant($"{entry.Id}[{i}]: {change.Clock} {Date(change.Before)} -> {Date(change.After)}, ") +
                FormattableString.Invariant($"wasted {change.WastedDays}, shortened {change.ShortenedDays}, drift {change.DriftDays}, by {change.RuleVersion}"))
            .Prepend($"{entry.Id}: {entry.Outcome}");

    private static string Date(LocalDate? date) => date is { } day ? LocalDatePattern.Iso.Format(day) : "-";

    private static string At(Instant? instant) => instant is { } then ? InstantPattern.ExtendedIso.Format(then) : "-";
}
