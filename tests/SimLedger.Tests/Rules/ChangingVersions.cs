using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class ChangingVersions
{
    private static string Clock(string id, int days, string kind = "inactivity") =>
        $"{{'id':'{id}','kind':'{kind}','startsOn':[{{'on':'activated'}}],'length':{{'n':{days},{Days}}}," +
        $"'extendedBy':[{{'on':'topUp','by':{{'n':{days},{Days}}},'combine':'reset'}}]}}";

    [Fact]
    public void A_version_governs_the_days_it_names_both_ends_included()
    {
        var pack = Pack(Version(Clock("c", 30), effective: "{'from':'2026-01-10','to':'2026-01-20'}"));

        Assert.Equal(
            [Outcome.Unknown, Outcome.Counted, Outcome.Counted, Outcome.Unknown],
            Ask(pack, "2026-03-01", TopUp("2026-01-09", id: "1"), TopUp("2026-01-10", id: "2"), TopUp("2026-01-20", id: "3"),
                TopUp("2026-01-21", id: "4")).Entries.Select(entry => entry.Outcome));
    }

    [Theory]
    [InlineData("2018-11-05", "old")]
    [InlineData("2018-11-06", "new")]
    public void A_cohort_is_told_by_the_day_of_activation(string activatedOn, string version)
    {
        var pack = Pack(
            Version(Clock("c", 90), ",'cohort':{'activatedTo':'2018-11-05'}", "old") + "," +
            Version(Clock("c", 60), ",'cohort':{'activatedFrom':'2018-11-06'}", "new"));

        Assert.Equal(version, Ask(pack, "2026-02-01", Activated(activatedOn), TopUp("2026-01-01")).RuleVersion);
        Assert.Equal(version, Evaluator.Evaluate(pack, About(pack, "2026-02-01", TopUp("2026-01-01")) with { ActivatedOn = Date(activatedOn) }).RuleVersion);
    }

    [Fact]
    public void The_day_stated_for_the_line_comes_before_the_first_activation_of_its_history()
    {
        var pack = Pack(Version(Clock("c", 90), ",'cohort':{'activatedTo':'2018-11-05'}"));

        var question = About(pack, "2026-02-01", Activated("2018-01-01"), TopUp("2026-01-01")) with { ActivatedOn = Date("2020-01-01") };

        Assert.Equal([Outcome.Unknown, Outcome.Unknown], Evaluator.Evaluate(pack, question).Entries.Select(entry => entry.Outcome));
    }

    [Fact]
    public void Without_a_day_of_activation_no_cohort_governs()
    {
        var pack = Pack(Version(Clock("c", 90), ",'cohort':{}"));

        Assert.Equal([Flag.RuleUnknown], Ask(pack, "2026-02-01", TopUp("2026-01-01")).Flags);
        Assert.Empty(Ask(pack, "2026-02-01", Activated("2025-12-31"), TopUp("2026-01-01")).Flags);
    }

    [Fact]
    public void A_cancelled_or_later_activation_puts_a_line_in_no_cohort()
    {
        var pack = Pack(Version(Clock("c", 90), ",'cohort':{'activatedFrom':'2020-01-01'}"));

        Assert.Equal(Outcome.Unknown, Ask(pack, "2026-02-01", Activated("2026-03-01"), TopUp("2026-01-01")).Entry("t").Outcome);
        Assert.Equal(
            Outcome.Unknown,
            Ask(pack, "2026-02-01", Activated("2025-03-01"), TopUp("2026-01-01"),
                new Entry("v", EntryType.Voided, At("2026-01-01"), Voids: "a")).Entry("t").Outcome);
    }

    [Theory]
    [InlineData("Guangdong", Outcome.Counted)]
    [InlineData("guangdong", Outcome.Unknown)]
    [InlineData(null, Outcome.Unknown)]
    public void A_region_must_equal_that_of_the_line(string? region, Outcome outcome)
    {
        var pack = Pack(Version(Clock("c", 90), ",'region':'Guangdong'"));

        Assert.Equal(outcome, Evaluator.Evaluate(pack, About(pack, "2026-02-01", TopUp("2026-01-01")) with { Region = region }).Entry("t").Outcome);
    }

    [Fact]
    public void Of_several_versions_the_one_with_the_earliest_deadline_is_kept_and_flagged()
    {
        var pack = Pack(Version(Clock("c", 90), version: "long") + "," + Version(Clock("c", 30), version: "short"));

        var standing = Ask(pack, "2026-01-05", TopUp("2026-01-01"));

        Assert.Equal((Date("2026-01-31"), "short"), (standing.EndsOn, standing.RuleVersion));
        Assert.Equal([Flag.ConflictingRules], standing.Flags);
        Assert.Equal("short", standing.Entry("t").Changes.Single().RuleVersion);
    }

    [Fact]
    public void Of_equal_deadlines_the_first_version_of_the_pack_is_kept_and_one_that_binds_comes_before_one_that_does_not()
    {
        var equal = Pack(Version(Clock("c", 30), version: "first") + "," + Version(Clock("c", 30), version: "second"));
        var idle = Pack(Version("{'id':'c','kind':'inactivity','startsOn':[{'on':'renewed'}],'length':{'n':1,'unit':'day'}," +
            "'extendedBy':[]}", version: "idle") + "," + Version(Clock("c", 30), version: "binding"));

        Assert.Equal("first", Ask(equal, "2026-01-05", TopUp("2026-01-01")).RuleVersion);
        Assert.Equal("binding", Ask(idle, "2026-01-05", TopUp("2026-01-01")).RuleVersion);
    }

    [Fact]
    public void Of_several_versions_the_first_of_the_pack_governs_the_day_asked_and_stops_what_it_does_not_know()
    {
        var pack = Pack(Version(Clock("long", 90), version: "long") + "," + Version(Clock("short", 30), version: "short"));

        var standing = Ask(pack, "2026-01-05", TopUp("2026-01-01"));

        Assert.Equal((Stage.Unstarted, "short", false), (standing.Stage, standing.Clocks.Single().Id, standing.Clocks.Single().Running));
        Assert.Equal([Flag.ConflictingRules, Flag.NotStarted], standing.Flags);
    }

    [Fact]
    public void A_clock_that_the_version_of_the_day_asked_dropped_stops_without_a_new_entry()
    {
        var pack = Pack(
            Version(Clock("old", 60), version: "1", effective: "{'from':'2020-01-01','to':'2026-01-31'}") + "," +
            Version(Clock("new", 60), version: "2", effective: "{'from':'2026-02-01'}"));

        Assert.Equal(("old", true), (Ask(pack, "2026-01-31", TopUp("2026-01-15")).Clock, Ask(pack, "2026-01-31", TopUp("2026-01-15")).Clock("old").Running));
        var after = Ask(pack, "2026-02-01", TopUp("2026-01-15"));
        Assert.Equal((null, Stage.Unstarted, false), (after.Clock, after.Stage, after.Clock("old").Running));
        Assert.Equal([Flag.NotStarted], after.Flags);
    }

    [Fact]
    public void The_answer_holds_until_a_version_begins_or_ends()
    {
        var pack = Pack(
            Version(Clock("old", 60), version: "1", effective: "{'from':'2020-01-01','to':'2026-01-31'}") + "," +
            Version(Clock("new", 60), version: "2", effective: "{'from':'2026-03-01'}"));

        Assert.Equal(Instant("2019-12-31T16:00:00Z"), Ask(pack, "2019-01-01").HoldsUntil);
        Assert.Equal(Instant("2026-01-31T16:00:00Z"), Ask(pack, "2026-01-31").HoldsUntil);
        Assert.Equal(Instant("2026-02-28T16:00:00Z"), Ask(pack, "2026-02-01").HoldsUntil);
        Assert.Null(Ask(pack, "2026-03-01").HoldsUntil);
        Assert.Equal(Instant("2026-03-04T16:00:00Z"), Ask(pack, "2026-03-01", TopUp("2026-03-05")).HoldsUntil);
    }

    [Theory]
    [InlineData("2026-03-01", "2026-02-01")]
    [InlineData("2026-02-01", "2026-03-01")]
    public void The_answer_holds_until_the_earliest_of_them(string first, string second)
    {
        var pack = Pack(
            Version(Clock("c", 60), version: "1", effective: $"{{'from':'{first}'}}") + "," +
            Version(Clock("c", 60), version: "2", effective: $"{{'from':'{second}'}}"));

        Assert.Equal(Instant("2026-01-31T16:00:00Z"), Ask(pack, "2026-01-01").HoldsUntil);
    }

    [Fact]
    public void A_clock_known_in_both_versions_keeps_its_end_until_an_entry_moves_it()
    {
        var pack = Pack(
            Version(Clock("c", 60), version: "1", effective: "{'from':'2020-01-01','to':'2026-01-31'}") + "," +
            Version(Clock("c", 10), version: "2", effective: "{'from':'2026-02-01'}"));

        var kept = Ask(pack, "2026-02-05", TopUp("2026-01-15"));
        var moved = Ask(pack, "2026-02-05", TopUp("2026-01-15"), TopUp("2026-02-04", id: "t2"));

        Assert.Equal((Date("2026-03-16"), "1"), (kept.EndsOn, kept.RuleVersion));
        Assert.Equal((Date("2026-02-14"), "2"), (moved.EndsOn, moved.RuleVersion));
    }
}
