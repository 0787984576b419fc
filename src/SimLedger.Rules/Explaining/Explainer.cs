namespace SimLedger.Rules.Explaining;

/// <summary>Tells why a line stands as it does.</summary>
public static class Explainer
{
    /// <summary>Explains a standing.</summary>
    /// <param name="pack">Null: the carrier has no rules; the standing is then that under <see cref="RulePack.WithoutRules"/>.</param>
    /// <param name="standing">What <see cref="Evaluator.Evaluate"/> answered to this question under this pack.</param>
    /// <remarks>
    /// Pure, and never throws where the evaluator does not. One statement or a few for each entry and clock; the same order of time as the evaluator,
    /// and O(entries squared) also where top-ups are above a carrier's limits.
    /// </remarks>
    public static Explanation Explain(RulePack? pack, Question question, Standing standing)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(standing);

        var rules = pack ?? RulePack.WithoutRules;
        var walk = LineWalk.Of(rules, question);
        var naming = new Naming(rules.FindProduct(question.Product));
        var ways = new WaysBack(rules, naming.Currency);
        var chains = new ClockChains(walk, naming);
        var told = new FactStatements(walk, naming, new StepStatements(naming, ways, chains));
        var facts = told.Of(question, standing, chains);

        var next = new NextStatements(walk, naming, ways, chains);
        var stages = next.Stages(standing, question.AsOf).ToList();
        var inForce = VersionsBehind(walk, withPast: false);
        List<Statement> statements =
        [
            .. chains.Statements(question.AsOf),
            .. new BindingStatements(walk, naming, chains, rules).Of(question, standing),
            .. FactStatements.InTimeOrder(facts).Where(statement => statement.Topic is Topic.Wasted or Topic.TooLate or Topic.Ignored),
            .. next.Now(standing),
            .. stages.Where(stage => !(stage.Period.To <= question.AsOf)).SelectMany(stage => stage.Statements),
            .. new UnknownStatements(walk, naming, ways, pack).Of(question, standing, inForce),
        ];
        statements = [.. statements.OrderBy(statement => statement.Topic)]; // Stable: within a topic the order of time stays.

        return new Explanation(
            new SummaryStatements(walk, chains).Of(standing, statements), statements, stages, VersionsBehind(walk, withPast: true), facts,
            naming.SharedKinds);
    }

    private static List<RuleVersion> VersionsBehind(LineWalk walk, bool withPast)
    {
        var names = walk.Line.State.Clocks.Select(run => run.Version?.Version)
            .Append(walk.Governing?.Version)
            .Concat(withPast ? walk.Entries.Select(walked => walked.Version?.Version) : [])
            .ToHashSet();
        return [.. walk.Line.Versions.Where(version => names.Contains(version.Version))];
    }
}
