using NodaTime;

namespace SimLedger.Rules.Explaining;

/// <summary>
/// Why a line stands as it does: which fact, clock, rule version and source made each date, what was in vain, what comes next, what is not known.
/// </summary>
/// <param name="Summary">One or two statements: the answer to read aloud.</param>
/// <param name="Statements">By topic, within one in the order of time.</param>
/// <param name="Stages">What follows the deadline, as <see cref="Standing.Stages"/>, with what helps in each.</param>
/// <param name="Sources">Of every rule version that is named, in the order of the pack.</param>
/// <param name="Facts">One for each entry of the history, in record order.</param>
/// <param name="SharedKinds">Kinds of which the product has several clocks, so that a kind alone does not tell which is meant.</param>
public sealed record Explanation(
    IReadOnlyList<Statement> Summary,
    IReadOnlyList<Statement> Statements,
    IReadOnlyList<ExplainedStage> Stages,
    IReadOnlyList<RuleVersion> Sources,
    IReadOnlyList<ExplainedFact> Facts,
    IReadOnlySet<ClockKind> SharedKinds);

/// <param name="OfLadder">As the rule describes it; null for lapsed and lost.</param>
/// <param name="Rescue">The acts that bring the line back; empty: none that the rules know.</param>
/// <param name="Statements">What works in it and what brings the line back; never empty.</param>
public sealed record ExplainedStage(StagePeriod Period, LadderStage? OfLadder, IReadOnlyList<Way> Rescue, IReadOnlyList<Statement> Statements);

/// <param name="At">Its instant in the carrier's zone.</param>
/// <param name="Statements">What it did, or why it did nothing; never empty.</param>
public sealed record ExplainedFact(Entry Entry, Instant At, EntryOutcome Outcome, IReadOnlyList<Statement> Statements);
