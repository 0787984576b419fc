using NodaTime;

namespace SimLedger.Rules.Explaining;

/// <summary>Says of every entry of a history what it did, or why it did nothing.</summary>
internal sealed class FactStatements(LineWalk walk, Naming naming, StepStatements steps)
{
    /// <returns>In record order.</returns>
    /// <param name="chains">Is told every step on the way.</param>
    public IReadOnlyList<ExplainedFact> Of(Question question, Standing standing, ClockChains chains)
    {
        var history = question.History;
        var said = new List<Statement>?[history.Count];
        var reasons = new NearestReason(walk, naming, new FilterFailures(walk, naming));
        foreach (var walked in walk.Entries) said[walked.Taken.Record] = Of(walked, chains, reasons);
        foreach (var step in walk.AtTheEnd) chains.Add(step, steps.Of(step, null)[0]);

        var byId = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in history)
        {
            if (entry.Type is not EntryType.Voided) byId.TryAdd(entry.Id, entry);
        }

        var facts = new List<ExplainedFact>(history.Count);
        for (var i = 0; i < history.Count; i++)
        {
            var at = history[i].At.ToInstant(walk.Line.Zone);
            var outcome = standing.Entries[i];
            facts.Add(new ExplainedFact(history[i], at, outcome, said[i] ?? [SetAside(history[i], at, question.AsOf, outcome.Outcome, byId)]));
        }

        return facts;
    }

    /// <summary>What was said of facts, by their instants.</summary>
    public static IEnumerable<Statement> InTimeOrder(IReadOnlyList<ExplainedFact> facts) => facts.OrderBy(fact => fact.At).SelectMany(fact => fact.Statements);

    private List<Statement> Of(WalkedEntry walked, ClockChains chains, NearestReason reasons)
    {
        var said = new List<Statement>();
        foreach (var step in walked.Steps)
        {
            var statements = steps.Of(step, walked.Taken);
            chains.Add(step, statements[0]);

            // What happened before the entry, by itself, is no doing of the entry.
            if (step is not (Step.MovedAutomatically or Step.KeptThroughVersion or Step.StoppedByVersion)) said.AddRange(statements);
        }

        if (said.Count > 0) return said;

        return [walked.Version is null
            ? Statement.Of(StatementCode.WithoutRule, null, ("entry", naming.Fact(walked.Taken.Entry, walked.Taken.On)))
            : reasons.Of(walked)];
    }

    private Statement SetAside(Entry entry, Instant at, Instant asOf, Outcome outcome, Dictionary<string, Entry> byId)
    {
        var fact = naming.Fact(entry, entry.At.Date ?? walk.Line.Calendar.DateOf(at));
        if (outcome is Outcome.Voided) return Statement.Of(StatementCode.Voided, null, ("entry", fact));
        if (entry.Type is not EntryType.Voided) return Statement.Of(StatementCode.Later, null, ("entry", fact));
        if (entry.Voids is null || !byId.TryGetValue(entry.Voids, out var cancelled)) return Statement.Of(StatementCode.VoidOfNothing, null, ("entry", fact));

        var target = naming.Fact(cancelled, cancelled.At.Date ?? walk.Line.Calendar.DateOf(cancelled.At.ToInstant(walk.Line.Zone)));
        return Statement.Of(at > asOf ? StatementCode.VoidNotYet : StatementCode.VoidCancels, null, ("entry", fact), ("target", target));
    }
}
