using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules.Explaining;

/// <summary>Which facts, clocks and rules an explanation names for a line, and in which order.</summary>
public class ExplainingLines
{
    private const string Month = "'by':{'n':30,'unit':'day'}";

    private static readonly RulePack Adding = Pack(Version(Validity($"{{'on':'topUp','combine':'add',{Month}}}")));
    private static readonly RulePack Resetting = Pack(Version(Validity($"{{'on':'topUp','combine':'reset',{Month}}}")));
    private static readonly RulePack Latest = Pack(Version(Validity($"{{'on':'topUp','combine':'max',{Month}}}")));

    [Fact]
    public void An_end_that_was_added_to_rests_on_all_facts_that_made_it()
    {
        var explanation = ExplanationSpec.Explain(Adding, "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-05", 20), TopUp("2026-01-06", 20, "t2"));

        Assert.Equal(["a", "t", "t2"], FactsBehindDates(explanation));
    }

    [Fact]
    public void An_end_that_was_set_anew_rests_on_the_last_fact_alone()
    {
        var explanation = ExplanationSpec.Explain(Resetting, "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-05", 20), TopUp("2026-01-06", 20, "t2"));

        Assert.Equal(["t2"], FactsBehindDates(explanation));
        Assert.Equal([StatementCode.MovedFromDay, StatementCode.EndsByRule], explanation.Statements.Where(s => s.Topic is Topic.Dates).Select(s => s.Code));
    }

    [Fact]
    public void A_fact_that_moved_nothing_is_no_reason_for_the_end()
    {
        var explanation = ExplanationSpec.Explain(Latest, "2026-02-20", Stated("2026-01-01", "2026-06-01"), TopUp("2026-01-05", 20));

        Assert.Equal(["s"], FactsBehindDates(explanation));
        Assert.Equal(new Datum.Days(30), explanation.Single(StatementCode.WastedNotLater).Find("days"));
    }

    [Fact]
    public void A_backdated_fact_stands_at_its_time_not_at_its_recording()
    {
        var explanation = ExplanationSpec.Explain(Adding, "2026-01-20", TopUp("2026-01-06", 20), TopUp("2026-01-05", 20, "earlier"), Activated("2026-01-01"));

        Assert.Equal(["a", "earlier", "t"], FactsBehindDates(explanation));
        Assert.Equal(["t", "earlier", "a"], explanation.Facts.Select(fact => fact.Entry.Id));
    }

    [Fact]
    public void The_carriers_own_word_is_told_without_doubt_and_what_follows_it_with()
    {
        var pack = Pack(Version(Validity(""), ",'ladder':[{'stage':'grace','length':{'n':10,'unit':'day'}}]"));

        var explanation = ExplanationSpec.Explain(pack, "2026-01-20", Activated("2026-01-01"), Stated("2026-01-05", "2026-03-01"));

        Assert.Null(explanation.Summary[0].Confidence);
        Assert.Equal(StatementCode.GoodUntil, explanation.Summary[0].Code);
        Assert.Null(explanation.Single(StatementCode.EndsByCarrier).Confidence);
        Assert.Equal(Confidence.User, explanation.Single(StatementCode.StageFollows).Confidence);
    }

    [Fact]
    public void A_second_word_of_the_carrier_is_not_doubted_for_the_rule_it_overruled()
    {
        var explanation = ExplanationSpec.Explain(Latest, "2026-01-20", Activated("2026-01-01"), Stated("2026-01-05", "2026-03-01"), Stated("2026-01-06", "2026-03-05", "s2"));

        Assert.Equal(Confidence.User, explanation.Facts[1].Statements[0].Confidence);
        Assert.Null(explanation.Facts[2].Statements[0].Confidence);
    }

    [Fact]
    public void What_the_carrier_moves_by_itself_is_told_with_its_price()
    {
        var pack = Pack(Version(Validity("", ",'autoExtend':{'balanceAtLeast':'8','deduct':'8','by':{'n':1,'unit':'month'}}")));

        var explanation = ExplanationSpec.Explain(pack, "2026-04-10", Activated("2026-01-01"), Balance("2026-01-05", 30));

        var moved = explanation.Single(StatementCode.MovedAutomatically);
        Assert.Equal(new Datum.Times(3), moved.Find("times"));
        Assert.Equal(new Datum.Money(8, "PHP"), moved.Find("deduct"));
        Assert.Equal(new Datum.Day(Date("2026-01-31")), moved.Find("before"));
        Assert.Equal(explanation.Single(StatementCode.EndsByRule).Find("endsOn"), moved.Find("after"));
        Assert.Equal(new Datum.Money(30, "PHP"), explanation.Single(StatementCode.DependsOnBalance).Find("balance"));
    }

    [Fact]
    public void Automatic_moves_before_a_fact_are_part_of_what_it_added_to()
    {
        var pack = Pack(Version(Validity($"{{'on':'topUp','combine':'add',{Month}}}", ",'autoExtend':{'balanceAtLeast':'8','deduct':'8','by':{'n':1,'unit':'month'}}")));

        var explanation = ExplanationSpec.Explain(pack, "2026-02-20", Activated("2026-01-01"), Balance("2026-01-05", 9), TopUp("2026-02-10", 5));

        Assert.Equal(
            [StatementCode.Started, StatementCode.MovedAutomatically, StatementCode.MovedFromEnd, StatementCode.EndsByRule],
            explanation.Statements.Where(s => s.Topic is Topic.Dates).Select(s => s.Code));
        Assert.DoesNotContain(explanation.Facts[2].Statements, statement => statement.Code is StatementCode.MovedAutomatically);
    }

    [Theory]
    [InlineData("2026-02-05", "topUp of at least 20")] // The stage has no exits: what the extension itself asks for.
    [InlineData("2026-02-15", "topUp of at least 50 via shop")] // Exit by kind of channel, extension by code.
    [InlineData("2026-03-15", "")]
    public void What_rescues_is_what_both_extension_and_exit_let_through(string asOf, string expected)
    {
        var pack = Pack(
            Version(
                Validity($"{{'on':'topUp','where':{{'minAmount':'20','channels':['web','shop']}},'combine':'add',{Month}}},{{'on':'renewed','combine':'add'}}"),
                ",'ladder':[{'stage':'grace','length':{'n':10,'unit':'day'}},{'stage':'suspended','length':{'n':20,'unit':'day'}," +
                "'exits':[{'on':'topUp','where':{'minAmount':'50','channels':['store']}}]},{'stage':'quarantine','length':{'n':30,'unit':'day'},'exits':[]}]"),
            channels: "{'code':'web','kind':'site','online':true,'trust':'carrier'},{'code':'shop','kind':'store','online':false,'trust':'carrier'}");

        var explanation = ExplanationSpec.Explain(pack, asOf, Activated("2026-01-01"));

        var now = explanation.Stages.Last(stage => stage.Period.From <= At(asOf).ToInstant(pack.Zone));
        var ways = now.Rescue.Where(way => way.Act is EntryType.TopUp).Select(way => $"topUp of at least {way.Must.MinAmount}" + (way.Must.Channels is [var one] ? $" via {one}" : ""));
        Assert.Equal(expected, string.Join(',', ways));
        Assert.Equal(expected.Length == 0 ? StatementCode.StageWithoutRescue : StatementCode.StageRescue, explanation.Summary[1].Code);
    }

    [Fact]
    public void The_least_amount_that_helps_is_what_tiers_and_the_carriers_limit_ask_for()
    {
        var pack = Pack(Version(
            Validity("{'on':'topUp','combine':'add','tiers':[{'from':'5','by':{'n':5,'unit':'day'}},{'from':'50','by':{'n':2,'unit':'month'}}]}"), ",'limits':{'minTopUp':'10'}"));

        var explanation = ExplanationSpec.Explain(pack, "2026-01-10", Activated("2026-01-01"));

        Assert.Contains("top-up of at least PHP 10 (adds 5 days from PHP 5 on, 2 months from PHP 50 on)", Say(explanation, StatementCode.ExtendedBy, pack), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_reasons_the_nearest_is_told()
    {
        var pack = Pack(Version(Validity(
            $"{{'on':'usage','where':{{'usageKinds':['data'],'chargeable':true}},'combine':'max',{Month}}}," +
            $"{{'on':'usage','where':{{'usageKinds':['call','sms'],'direction':'out'}},'combine':'max',{Month}}}")));

        var explanation = ExplanationSpec.Explain(
            pack, "2026-01-10", Activated("2026-01-01"), new Entry("u", EntryType.Usage, At("2026-01-05"), UsageKind: UsageKind.Sms, Direction: Direction.In));

        Assert.Equal("Incoming SMS on 2026-01-05 moves nothing: the validity counts outgoing use, not incoming.", explanation.Fact(pack, "u"));
    }

    [Fact]
    public void A_fact_that_only_stops_a_clock_is_not_told_to_do_nothing()
    {
        var pack = ExplanationSpec.Shipped("ph-smart");
        var question = new Question("prepaid", [TopUp("2026-01-01", 50), Balance("2026-01-05", 0), Balance("2026-01-06", 5, "b2")], At("2026-01-10").ToInstant(pack.Zone));

        var explanation = ExplanationSpec.Explain(pack, question);

        Assert.Equal("Balance of PHP 5 seen on 2026-01-06 stopped the balance limit; it sets no date any more.", explanation.Fact(pack, "b2"));
    }

    [Fact]
    public void Every_version_that_is_named_is_among_the_sources()
    {
        var pack = Pack(
            Version(Validity(""), version: "1", effective: "{'from':'2020-01-01','to':'2026-01-09'}") + "," +
            Version(Validity($"{{'on':'topUp','combine':'add',{Month}}}"), version: "2", effective: "{'from':'2026-01-10'}"));

        var explanation = ExplanationSpec.Explain(pack, "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-12", 20));

        Assert.Equal(["1", "2"], explanation.Sources.Select(version => version.Version));
    }

    [Fact]
    public void The_carriers_own_words_are_used_in_each_language()
    {
        var pack = ExplanationSpec.Shipped("hk-cmhk");
        var question = new Question("one-card-two-numbers", [Activated("2026-01-01"), TopUp("2026-01-05", 50)], At("2026-01-10").ToInstant(pack.Zone));

        var told = ExplanationSpec.Explain(pack, question).Facts[1].Statements;

        Assert.StartsWith("Refill of HKD 50 on 2026-01-05 ", Language.English.Say(told, pack), StringComparison.Ordinal);
        Assert.StartsWith("2026-01-05 增值 HKD 50，", Language.SimplifiedChinese.Say(told, pack), StringComparison.Ordinal);
    }

    [Fact]
    public void Braces_that_people_write_are_left_alone()
    {
        var explanation = ExplanationSpec.Explain(Latest, About(Latest, "2026-01-10") with { Product = "{entry}" });

        Assert.Contains("no product \"{entry}\"", Say(explanation, StatementCode.ProductUnknown, Latest), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_rules_the_less_sure_one_is_said()
    {
        Assert.Equal(Confidence.User, Naming.LessSure(Confidence.Official, Confidence.User));
        Assert.Equal(Confidence.Unverified, Naming.LessSure(Confidence.Unverified, Confidence.Secondary));
        Assert.Equal(Confidence.User, Naming.LessSure(Confidence.User, null));
        Assert.Equal(Confidence.User, Naming.LessSure(null, Confidence.User));
        Assert.Null(Naming.LessSure(null, null));
    }

    private static string Say(Explanation explanation, StatementCode code, RulePack pack) => Language.English.Say(explanation.Single(code), pack);

    /// <summary>Ids of the facts that the topic of dates names, in its order.</summary>
    private static IEnumerable<string> FactsBehindDates(Explanation explanation) =>
        explanation.Statements.Where(statement => statement.Topic is Topic.Dates).Select(statement => statement.Find("entry")).OfType<Datum.Fact>().Select(fact => fact.Entry.Id);
}
