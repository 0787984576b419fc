using System.Text;
using System.Text.RegularExpressions;
using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using SimLedger.Tests.Structure;

namespace SimLedger.Tests.Rules.Explaining;

/// <summary>The sentences themselves: complete, alike in all languages, and as somebody has read and approved them.</summary>
public partial class Sentences
{
    [Fact]
    public void Every_language_has_a_sentence_for_every_code() => Assert.All(
        Language.All, language => Assert.Equal(Enum.GetValues<StatementCode>().Order(), language.Templates.Keys.Order()));

    [Fact]
    public void All_languages_speak_of_the_same_values() => Assert.All(
        Enum.GetValues<StatementCode>(), code => Assert.Single(Language.All.Select(language => string.Join(' ', Placeholders(language.Templates[code]).Order())).Distinct()));

    [Fact]
    public void Every_sentence_ends_with_a_full_stop_where_doubt_finds_its_place() => Assert.All(
        Language.All.SelectMany(language => language.Templates.Values), template => Assert.True(template[^1] is '.' or '。' && template[^2] is not '.', template));

    /// <summary>Goal: wording is read by people before it ships. Method: the first sentence of each code, in all languages, stands in a file; change it there too.</summary>
    [Fact]
    public void The_examples_say_everything_there_is_to_say_in_the_approved_words()
    {
        var first = new Dictionary<StatementCode, (Statement Statement, RulePack? Pack)>();
        foreach (var (pack, question) in Examples.All)
        {
            var explanation = ExplanationSpec.Explain(pack, question);
            var all = explanation.Summary.Concat(explanation.Statements).Concat(explanation.Facts.SelectMany(fact => fact.Statements));
            foreach (var statement in all) first.TryAdd(statement.Code, (statement, pack));
        }

        Assert.Empty(Enum.GetValues<StatementCode>().Except(first.Keys));
        var said = new StringBuilder();
        foreach (var (code, (statement, pack)) in first.OrderBy(one => one.Key))
        {
            said.Append(EnumNames.Of(code)).Append('\n');
            foreach (var language in Language.All) said.Append("  ").Append(language.Say(statement, pack)).Append('\n');
        }

        Assert.Equal(Repository.Read("tests/SimLedger.Tests/Rules/Explaining/sentences.txt"), said.ToString());
    }

    private static IEnumerable<string> Placeholders(string template) => Placeholder().Matches(template).Select(match => match.Value);

    [GeneratedRegex("\\{[a-zA-Z]+\\}")]
    private static partial Regex Placeholder();
}
