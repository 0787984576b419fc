using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using static SimLedger.Tests.Rules.RandomHistories;
using Outcome = SimLedger.Rules.Outcome;

namespace SimLedger.Tests.Rules.Explaining;

/// <summary>What holds for every rule and every history. Goal and method of each stand above it.</summary>
public class LawsOfExplaining
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1_500);

    private static readonly RulePack?[] AllPacks =
        [RichPack, GrowingPack, null, .. new[] { "ph-tm", "ph-smart", "hk-cmhk", "cn-mobile", "gb-giffgaff" }.Select(ExplanationSpec.Shipped)];

    private static Gen<(RulePack? Pack, Question Question)> Cases =>
        from pack in Gen.Elements(AllPacks)
        from history in Histories
        from usage in Gen.Elements<UsageKind?>(null, UsageKind.Call, UsageKind.Sms, UsageKind.Data)
        from direction in Gen.Elements<Direction?>(null, Direction.In, Direction.Out)
        from asOf in Instants
        from channel in Gen.Elements(null, "web")
        select (pack, new Question(
            pack?.Products[0].Code ?? "p", [.. history.Select(entry => entry with { UsageKind = usage, Direction = direction })], asOf, Channel: channel));

    // Goal: whatever people record, every fact is explained in every language. Method: explain random histories under the shipped packs and richer ones.
    [Fact]
    public void Every_fact_is_told_in_every_language_and_no_placeholder_is_left() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given =>
            {
                var explanation = ExplanationSpec.Explain(given.Pack, given.Question);
                var statements = AllStatements(explanation);
                return explanation.Facts.Count == given.Question.History.Count && explanation.Facts.All(fact => fact.Statements.Count > 0) &&
                    Language.All.All(language => statements.All(statement => language.Say(statement, given.Pack) is { Length: > 5 } text && text.IndexOfAny(['{', '}']) < 0)) &&
                    statements.All(statement => statement.Data.Select(datum => datum.Key).Distinct().Count() == statement.Data.Count);
            }).Check(Often);

    // Goal: no date of a doubtful rule is passed on as sure. Method: look for the words of doubt in each sentence of a rule that users told or nobody verified.
    [Fact]
    public void Doubt_is_said_wherever_a_date_rests_on_it() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given => AllStatements(ExplanationSpec.Explain(given.Pack, given.Question)).All(statement => statement.Confidence switch
            {
                Confidence.User => Says(statement, given.Pack, "by users' reports", "据用户经验"),
                Confidence.Unverified => Says(statement, given.Pack, "unverified", "规则未经核实"),
                _ => true,
            })).Check(Often);

    // Goal: what is told is what was computed. Method: for each clock that counts, the statement before its end names that very date as what it was moved to.
    [Fact]
    public void The_chain_of_changes_leads_to_the_end_of_each_clock() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given =>
            {
                var standing = Evaluator.Evaluate(given.Pack ?? RulePack.WithoutRules, given.Question);
                var dates = ExplanationSpec.Explain(given.Pack, given.Question).Statements.Where(statement => statement.Topic is Topic.Dates).ToList();
                var ends = dates.Select((statement, index) => (statement, index)).Where(one => one.statement.Find("endsOn") is not null).ToList();
                return ends.All(end =>
                    dates[end.index - 1].Find("after") == end.statement.Find("endsOn") &&
                    standing.Clocks.Any(clock => new Datum.Day(clock.EndsOn) == end.statement.Find("endsOn")));
            }).Check(Often);

    // Goal: a fact that did something is never told to have done nothing, nor the other way round. Method: compare topics with outcomes.
    [Fact]
    public void What_is_told_of_a_fact_agrees_with_its_outcome() =>
        Prop.ForAll(
            Cases.ToArbitrary(),
            given => ExplanationSpec.Explain(given.Pack, given.Question).Facts.All(fact => fact.Outcome.Outcome switch
            {
                Outcome.Counted => fact.Statements.All(statement => statement.Topic is Topic.Dates or Topic.Wasted) && fact.Statements.Count >= fact.Outcome.Changes.Count,
                Outcome.TooLate => fact.Statements.Any(statement => statement.Topic is Topic.TooLate),
                Outcome.None => fact.Statements.All(statement => statement.Topic is Topic.Ignored || statement.Code is StatementCode.StoppedByFact),
                _ => fact.Statements is [{ Topic: Topic.Ignored }],
            })).Check(Often);

    // Goal: no typing error takes the service down. Method: dates, terms and amounts from the ends of what their types hold.
    [Fact]
    public void No_history_makes_it_throw()
    {
        LocalDate[] dates = [LocalDate.MinIsoValue, new(1, 1, 1), new(2025, 2, 28), LocalDate.MaxIsoValue, new LocalDate(1900, 1, 1, CalendarSystem.Julian)];
        decimal?[] amounts = [null, decimal.MinValue, -1, 0, 0.000001m, decimal.MaxValue];
        Term?[] periods = [null, new(int.MaxValue, TermUnit.Year), new(int.MinValue, TermUnit.Month), new(int.MaxValue, TermUnit.Hour)];
        var extremes =
            from given in Cases
            let count = given.Question.History.Count
            from date in Gen.ArrayOf(Gen.Elements(dates), count)
            from end in Gen.ArrayOf(Gen.Elements(dates), count)
            from amount in Gen.ArrayOf(Gen.Elements(amounts), count)
            from period in Gen.ArrayOf(Gen.Elements(periods), count)
            from asOf in Gen.Elements(Instant.MinValue, Instant.FromUtc(2025, 6, 1, 0, 0), Instant.MaxValue)
            from margin in Gen.Elements(int.MinValue, 0, int.MaxValue)
            select (given.Pack, given.Question with
            {
                History = [.. given.Question.History.Select((entry, i) => entry with { At = i % 3 == 0 ? entry.At : EntryTime.On(date[i]), EndsOn = end[i], Amount = amount[i], Period = period[i] })],
                AsOf = asOf,
                MarginDays = margin,
            });

        Prop.ForAll(
            extremes.ToArbitrary(),
            given => Language.All.All(language => ExplanationSpec.Explain(given.Pack, given.Item2).Text(given.Pack, language).Length > 0)).Check(Often);
    }

    private static bool Says(Statement statement, RulePack? pack, string english, string chinese) =>
        Language.English.Say(statement, pack).Contains(english, StringComparison.Ordinal) &&
        Language.SimplifiedChinese.Say(statement, pack).Contains(chinese, StringComparison.Ordinal);

    private static List<Statement> AllStatements(Explanation explanation) =>
        [.. explanation.Summary, .. explanation.Statements, .. explanation.Facts.SelectMany(fact => fact.Statements), .. explanation.Stages.SelectMany(stage => stage.Statements)];
}
