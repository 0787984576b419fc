using SimLedger.Rules;
using SimLedger.Rules.Explaining;

namespace SimLedger.Tests.Rules.Explaining;

/// <summary>Given a rule and a history, when a line is explained, then these statements and sentences.</summary>
internal static class ExplanationSpec
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "RulePacks");

    public static Explanation Explain(RulePack pack, string asOf, params Entry[] history) => Explain(pack, RuleSpec.About(pack, asOf, history));

    public static Explanation Explain(RulePack? pack, Question question) =>
        Explainer.Explain(pack, question, Evaluator.Evaluate(pack ?? RulePack.WithoutRules, question));

    public static RulePack Shipped(string code) =>
        RulePackReader.Read(File.ReadAllBytes(Path.Combine(Folder, $"{code}.json")), code).Pack ?? throw new InvalidOperationException($"{code} cannot be read.");

    /// <summary>All sentences, a line each, with their codes.</summary>
    public static string Text(this Explanation explanation, RulePack? pack, Language language) => string.Join(
        '\n', explanation.Summary.Concat(explanation.Statements).Select(statement => $"{statement.Topic} {statement.Code}: {language.Say(statement, pack)}"));

    public static Statement Single(this Explanation explanation, StatementCode code) =>
        Assert.Single(explanation.Statements, statement => statement.Code == code);

    /// <summary>What is said of one fact, in English.</summary>
    public static string Fact(this Explanation explanation, RulePack pack, string id) =>
        Language.English.Say(explanation.Facts.Single(fact => fact.Entry.Id == id).Statements, pack);
}
