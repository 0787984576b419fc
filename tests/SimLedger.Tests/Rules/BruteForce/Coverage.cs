using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>What a run must have met to prove anything: every value of every word of the format, and the sentences that seldom have a say.</summary>
internal static class Coverage
{
    private static readonly IReadOnlyList<string> FilterMembers =
    [
        "minAmount", "maxAmount", "channels", "offers", "usageKinds", "direction", "chargeable", "paidOnly", "balanceAtMost", "balanceAtLeast",
        "cumulativeAtLeast",
    ];

    private static readonly IReadOnlyList<string> ClockStates = ["clock that runs", "clock that does not run"];

    public static IReadOnlyList<string> Required { get; } =
    [
        .. Enum.GetNames<EntryType>().Select(type => $"entry: {type}"),
        .. Enum.GetNames<Outcome>().Select(outcome => $"outcome: {outcome}"),
        .. Enum.GetNames<Flag>().Select(flag => $"flag: {flag}"),
        .. Enum.GetNames<Stage>().Select(stage => $"stage: {stage}"),
        .. Enum.GetNames<Stage>().Where(stage => stage is not nameof(Stage.Lost)).Select(stage => $"extended: in {stage}"),
        .. Enum.GetValues<Stage>().Where(stage => stage >= Stage.Grace).Select(stage => $"refused: in {stage}"),
        .. Enum.GetNames<Combine>().SelectMany(combine => ClockStates, (combine, state) => $"combine: {combine} on a {state}"),
        .. new[] { "Reset", "Add", "Max" }.SelectMany(combine => ClockStates, (combine, state) => $"combine: {combine} on an exact {state}"),
        .. FilterMembers.SelectMany(member => new[] { "holds", "fails" }, (member, result) => $"filter: {member} {result}"),
        "term: by", "term: tiers", "term: perUnit", "term: the entry's own period", "term: the end date of the entry",
        "clock: starts", "clock: starts again", "clock: stops", "clock: started by an extension",
        "afterPlan: there was one", "bonus: added", "cut: to the cap", "cut: to what may remain", "cut: not below the end there was",
        "max: leaves the end as it was", "the first day counts", "notBefore: holds an end up",
        "automatic: before an entry", "automatic: after the last entry", "automatic: balance observed too late", "automatic: balance short",
        "automatic: times used up",
        "version: drops a clock", "version: leaves a clock that ran out", "version: stated becomes its clock", "version: of a cohort", "version: of a region",
        "conflict: not the first in the pack is kept",
        "word: names a clock", "word: first of kind validity", "word: binding clock", "word: first clock", "word: binding clock without rule",
        "word: stated without rule", "word: lets another clock start anew",
        "told: wastedDays", "told: shortenedDays", "told: driftDays",
        "time: skipped by a clock change", "time: happens twice",
    ];
}
