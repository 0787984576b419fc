using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section8Standing
{
    private const string Shop = "{'code':'shop','kind':'store','online':false,'trust':'carrier'";

    // "By the ladder the binding clock carries": not that of another clock or of the version that governs now.
    [Fact]
    public void The_ladder_is_that_of_the_version_that_last_moved_the_binding_clock()
    {
        var before = Version(Clock("a") + "," + Clock("b", length: "60 day"), Ladder(Rung("grace", "9 day")), "1", Effective("2020-01-01", "2026-01-15"));
        var now = Version(Clock("a") + "," + Clock("b", extends: Extend("topUp", "60 day")), Ladder(Rung("quarantine", "9 day")), "2", Effective("2026-01-16"));

        var standing = Ask(Pack(before + "," + now), "2026-02-05", Activated("2026-01-01"), TopUp("2026-01-20"));

        Assert.Equal(("a", Stage.Grace), (standing.Clock, standing.Stage));
    }

    // "The first stage starts at the deadline, each ends at the end of the day (stage's start date + length), where the first start date is the clock's
    // end date and each next one the end date of the stage before."
    [Theory]
    [InlineData("2026-01-31T03:59:59Z", Stage.Active, "2026-01-31")]
    [InlineData("2026-01-31T04:00:00Z", Stage.Grace, "2026-02-28")] // At noon of the end date; a month from it, clamped.
    [InlineData("2026-02-28T15:59:59Z", Stage.Grace, "2026-02-28")]
    [InlineData("2026-02-28T16:00:00Z", Stage.Reclaimable, "2026-03-28")] // A month from the 28th, not from the 31st.
    [InlineData("2026-03-28T16:00:00Z", Stage.Lost, null)]
    [InlineData("9999-12-30T00:00:00Z", Stage.Lost, null)]
    public void Stages_follow_one_another_from_the_deadline(string asOf, Stage stage, string? endsOn)
    {
        var ladder = Ladder(Rung("grace", "1 month"), Rung("suspended", "0 day"), Rung("reclaimable", "1 month"));

        var standing = Ask(Pack(Version(Clock(more: Ends("12:00")), ladder)), asOf, Activated("2026-01-01"));

        Assert.Equal((stage, endsOn is null ? null : Date(endsOn)), (standing.Stage, standing.StageEndsOn));
        Assert.Equal(["Grace 2026-01-31T04:00:00Z", "Reclaimable 2026-02-28T16:00:00Z", "Lost 2026-03-28T16:00:00Z"],
            standing.Stages.Select(period => $"{period.Stage} {period.From}"));
    }

    // "Stages of length 0 are left out": also in the hours between the deadline and the end of that day.
    [Theory]
    [InlineData("12:00", "2026-01-31T04:00:00Z")]
    [InlineData("endOfDay", "2026-01-31T16:00:00Z")]
    public void A_stage_of_no_length_is_left_out(string ends, string lostFrom)
    {
        var standing = Ask(Pack(Version(Clock(more: Ends(ends)), Ladder(Rung("grace", "0 day")))), lostFrom, Activated("2026-01-01"));

        Assert.Equal((Stage.Lost, null), (standing.Stage, standing.StageEndsOn));
        Assert.Equal([new StagePeriod(Stage.Lost, Instant(lostFrom), null, null)], standing.Stages);
    }

    // "After the last: lost, until the carrier states otherwise": no extension, no new clock, only its word.
    [Fact]
    public void A_lost_line_lives_again_only_by_the_carriers_word()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "30 day")) + "," + Clock("other", starts: "topUp"), Ladder(Rung("grace", "0 day"))));

        Assert.Equal(Stage.Lost, Ask(pack, "2026-03-01", Activated("2026-01-01"), TopUp("2026-02-10")).Stage);
        Assert.Equal(Stage.Active, Ask(pack, "2026-03-01", Activated("2026-01-01"), TopUp("2026-02-10"), Stated("2026-02-11", "2026-03-01")).Stage);
    }

    // "stageEndsOn: the date is null where no end is known (unstarted, lapsed, lost), for active it is endsOn."
    [Theory]
    [InlineData("2025-12-31", "", Stage.Unstarted, null)]
    [InlineData("2026-01-05", "", Stage.Active, "2026-01-31")]
    [InlineData("2026-02-05", "", Stage.Lapsed, null)]
    [InlineData("2026-02-05", ",'ladder':[{'stage':'grace','length':{'n':0,'unit':'day'}}]", Stage.Lost, null)]
    public void A_stage_without_a_known_end_has_none(string asOf, string ladder, Stage stage, string? endsOn)
    {
        var standing = Ask(Pack(Version(Clock(), ladder)), asOf, Activated("2026-01-01"));

        Assert.Equal((stage, endsOn is null ? null : Date(endsOn)), (standing.Stage, standing.StageEndsOn));
    }

    // "Without ladder [{stage: lapsed, from}]", of length 0 only "{stage: lost, from}"; none when no clock binds.
    [Theory]
    [InlineData("", Stage.Lapsed)]
    [InlineData(",'ladder':[{'stage':'grace','length':{'n':0,'unit':'day'}}]", Stage.Lost)]
    public void The_ladder_is_told_from_the_deadline(string ladder, Stage stage)
    {
        var pack = Pack(Version(Clock(), ladder));

        Assert.Equal([new StagePeriod(stage, Instant("2026-01-31T16:00:00Z"), null, null)], Ask(pack, "2026-01-05", Activated("2026-01-01")).Stages);
        Assert.Empty(Ask(pack, "2026-01-05").Stages);
    }

    // "deadlineAt, endsOn, clock: of the binding clock; all null when none"; renewBy and prepareFrom with them.
    [Fact]
    public void Without_a_binding_clock_there_are_no_dates()
    {
        var standing = Ask(Pack(Version(Clock(more: Stops("registered")))), "2026-01-05", Activated("2026-01-01"), Registered("2026-01-02"));

        Assert.Equal((null, null, null, null, null), (standing.DeadlineAt, standing.EndsOn, standing.Clock, standing.RenewBy, standing.PrepareFrom));
    }

    // "renewBy: endsOn - margin - the larger of the channel's creditTakesDays and leadDays (no channel: 0), then earlier until it is no day the channel
    // is closed on. Margin: 7 days unless given." The clock ends on Saturday 31 January; a week before it is Saturday the 24th.
    [Theory]
    [InlineData("}", "2026-01-24")]
    [InlineData(",'creditTakesDays':5,'leadDays':3}", "2026-01-19")]
    [InlineData(",'creditTakesDays':3,'leadDays':5}", "2026-01-19")]
    [InlineData(",'creditTakesDays':4,'leadDays':4}", "2026-01-20")]
    [InlineData(",'closedOn':['sat']}", "2026-01-23")]
    [InlineData(",'closedOn':['sun','fri']}", "2026-01-24")]
    [InlineData(",'closedOn':['mon','tue','wed','thu','fri','sat']}", "2026-01-18")]
    [InlineData(",'leadDays':1,'closedOn':['sat','sun','fri']}", "2026-01-22")]
    public void The_safe_day_allows_for_the_channel(string more, string renewBy)
    {
        var pack = RuleSpec.Pack(Version(Clock()), channels: Shop + more);

        var standing = Evaluator.Evaluate(pack, About(pack, "2026-01-02", Activated("2026-01-01")) with { Channel = "shop" });

        Assert.Equal((Date(renewBy), Date(renewBy).PlusDays(-7)), (standing.RenewBy, standing.PrepareFrom)); // "prepareFrom: renewBy - 7 days unless given."
    }

    // "renewBy" looks at no other channel than the one asked about, and is told for what is past as well.
    [Fact]
    public void Without_a_channel_only_the_margin_counts()
    {
        var pack = RuleSpec.Pack(Version(Clock()), channels: Shop + ",'leadDays':5,'closedOn':['sat']}");

        Assert.Equal(Date("2026-01-24"), Ask(pack, "2026-06-01", Activated("2026-01-01")).RenewBy);
    }

    // "clocks: every clock that ever started, in the order they did"; "running (at the instant asked)", ruleVersion, confidence.
    [Theory]
    [InlineData("2026-01-31T15:59:59Z", true)]
    [InlineData("2026-01-31T16:00:00Z", false)]
    public void Every_clock_that_ever_started_is_told(string asOf, bool running)
    {
        var clocks = Clock("late", "plan", "renewed", "5 day", more: Stops("registered")) + "," + Clock("never", starts: "extended") + "," + Clock();

        var standing = Ask(Pack(Version(clocks)), asOf, Activated("2026-01-01"), Renewed("2026-01-02"), Registered("2026-01-03"));

        Assert.Equal(
            [
                new ClockState("c", ClockKind.Validity, Date("2026-01-31"), Instant("2026-01-31T16:00:00Z"), running, "1", Confidence.User),
                new ClockState("late", ClockKind.Plan, Date("2026-01-07"), Instant("2026-01-07T16:00:00Z"), false, "1", Confidence.User),
            ],
            standing.Clocks);
    }

    // "balance: last known, with its date, less the deductions of section 7."
    [Fact]
    public void The_last_known_balance_is_told_with_its_date()
    {
        var standing = Ask(Pack(Version(Clock())), "2026-02-01", Balance("2026-01-05T17:00:00Z", 9, "b2"), Balance("2026-01-04", 5));

        Assert.Equal(new ObservedBalance(9, Date("2026-01-06")), standing.Balance);
    }

    // "changes: each clock started or moved: {clock, before (null at a first start), after ... ruleVersion}."
    [Fact]
    public void Each_clock_started_or_moved_is_a_change()
    {
        var clocks = Clock("a", starts: "topUp", more: Stops("registered")) + "," + Clock("b", extends: Extend("topUp", "10 day")) + "," + Clock("none");
        Entry[] history = [Activated("2026-01-01"), TopUp("2026-01-02", id: "t1"), Registered("2026-01-03"), TopUp("2026-01-25")];

        var standing = Ask(Pack(Version(clocks)), "2026-02-01", history);

        Assert.Equal(
            [
                new ClockChange("a", Date("2026-02-01"), Date("2026-02-24"), null, null, null, "1"),
                new ClockChange("b", Date("2026-01-12"), Date("2026-02-04"), null, null, null, "1"),
            ],
            standing.Entry("t").Changes);
        Assert.Null(standing.Entry("t1").Changes[0].Before);
    }
}
