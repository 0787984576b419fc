using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class StandingAtAnInstant
{
    private const string Ladder = ",'ladder':[{'stage':'grace','length':{'n':30,'unit':'day'}},{'stage':'suspended','length':{'n':0,'unit':'day'}}," +
        "{'stage':'quarantine','length':{'n':1,'unit':'month'}}]";

    [Theory]
    [InlineData("2026-01-31T15:59:59Z", Stage.Active, "2026-01-31")]
    [InlineData("2026-01-31T16:00:00Z", Stage.Grace, "2026-03-02")]
    [InlineData("2026-03-02T15:59:59Z", Stage.Grace, "2026-03-02")]
    [InlineData("2026-03-02T16:00:00Z", Stage.Quarantine, "2026-04-02")]
    [InlineData("2026-04-02T16:00:00Z", Stage.Lost, null)]
    public void Stages_follow_the_deadline_day_by_day(string asOf, Stage stage, string? endsOn)
    {
        var standing = Ask(Pack(Version(Validity(""), Ladder)), asOf, Activated("2026-01-01"));

        Assert.Equal((stage, endsOn is null ? null : Date(endsOn)), (standing.Stage, standing.StageEndsOn));
    }

    [Fact]
    public void The_ladder_is_told_from_the_deadline_on_whatever_the_stage_is() =>
        Assert.Equal(
            [
                new StagePeriod(Stage.Grace, Instant("2026-01-31T16:00:00Z"), Instant("2026-03-02T16:00:00Z"), Date("2026-03-02")),
                new StagePeriod(Stage.Quarantine, Instant("2026-03-02T16:00:00Z"), Instant("2026-04-02T16:00:00Z"), Date("2026-04-02")),
                new StagePeriod(Stage.Lost, Instant("2026-04-02T16:00:00Z"), null, null),
            ],
            Ask(Pack(Version(Validity(""), Ladder)), "2026-01-02", Activated("2026-01-01")).Stages);

    [Fact]
    public void After_an_exact_deadline_the_first_stage_still_ends_with_a_day()
    {
        const string Exact = "{'id':'c','kind':'plan','startsOn':[{'on':'activated'}],'length':{'n':72,'unit':'hour'},'ends':'exact','extendedBy':[]}";

        Assert.Equal(
            new StagePeriod(Stage.Grace, Instant("2026-01-04T02:00:00Z"), Instant("2026-01-05T16:00:00Z"), Date("2026-01-05")),
            Ask(Pack(Version(Exact, ",'ladder':[{'stage':'grace','length':{'n':1,'unit':'day'}}]")), "2026-01-02",
                Activated("2026-01-01T10:00:00+08:00")).Stages[0]);
    }

    [Fact]
    public void A_line_without_entries_is_flagged_and_has_no_dates()
    {
        var pack = Pack(Version(Validity(""), effective: "{'from':'2026-01-01','to':'2026-12-31'}"));

        var standing = Ask(pack, "2026-06-01");

        Assert.Equal((Stage.Unstarted, null, null, null), (standing.Stage, standing.EndsOn, standing.RenewBy, standing.PrepareFrom));
        Assert.Equal([Flag.NotStarted], standing.Flags);
        Assert.Equal([Flag.RuleUnknown], Ask(pack, "2027-01-01").Flags);
    }

    [Fact]
    public void Some_entry_without_a_rule_makes_a_line_that_nothing_binds_one_without_a_rule() =>
        Assert.Equal([Flag.RuleUnknown], Ask(Pack(Version(Validity(""), effective: "{'from':'2026-01-01'}")), "2026-06-01", TopUp("2025-01-01")).Flags);

    [Theory]
    [InlineData(null, 7, "2026-01-24")]
    [InlineData(null, 0, "2026-01-31")]
    [InlineData("slow", 7, "2026-01-21")]
    [InlineData("shut", 7, "2026-01-22")] // Saturday 24 January falls on Thursday.
    [InlineData("unheard-of", 7, "2026-01-24")]
    public void The_safe_day_leaves_time_for_margin_and_channel(string? channel, int margin, string renewBy)
    {
        const string Channels = "{'code':'slow','kind':'store','online':false,'creditTakesDays':2,'leadDays':3,'trust':'carrier'},{'code':'shut'," +
            "'kind':'store','online':false,'closedOn':['fri','sat','sun'],'trust':'carrier'}";
        var pack = Pack(Version(Validity("")), channels: Channels);

        var standing = Evaluator.Evaluate(pack, About(pack, "2026-01-02", Activated("2026-01-01")) with { Channel = channel, MarginDays = margin,
            PrepareDays = 3 });

        Assert.Equal((Date(renewBy), Date(renewBy).PlusDays(-3)), (standing.RenewBy, standing.PrepareFrom));
    }

    [Fact]
    public void Of_two_clocks_the_earlier_deadline_binds_and_of_equal_ones_the_one_that_started_first()
    {
        var other = Validity("").Replace("'id':'validity'", "'id':'other'", StringComparison.Ordinal).Replace("'activated'", "'registered'",
            StringComparison.Ordinal);
        var pack = Pack(Version(other + "," + Validity("")));

        Assert.Equal("validity", Ask(pack, "2026-01-02", Activated("2026-01-01"), new Entry("r", EntryType.Registered, At("2026-01-01"))).Clock);
        Assert.Equal(["validity", "other"], Ask(pack, "2026-01-02", Activated("2026-01-01"),
            new Entry("r", EntryType.Registered, At("2026-01-01"))).Clocks.Select(clock => clock.Id));
    }

    [Theory]
    [InlineData(49, true)]
    [InlineData(50, false)]
    [InlineData(500, false)]
    [InlineData(501, true)]
    public void A_top_up_outside_the_limits_is_flagged_and_counts(int amount, bool flagged)
    {
        var pack = Pack(Version(Validity($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset'}}"), ",'limits':{'minTopUp':'50','maxTopUp':'500'}"));

        var standing = Ask(pack, "2026-02-01", TopUp("2026-01-15", amount));

        Assert.Equal((flagged, Outcome.Counted), (standing.Flags.Contains(Flag.OutsideLimits), standing.Entry("t").Outcome));
    }

    [Theory]
    [InlineData("2026-01-31", true)]
    [InlineData("2026-02-01", false)]
    public void Top_ups_of_one_calendar_month_add_up(string last, bool flagged)
    {
        var pack = Pack(Version(Validity(""), ",'limits':{'maxPerMonth':'100'}"));
        var foreign = TopUp("2026-01-02", 900, "t0") with { Currency = "USD" };

        Assert.Equal(flagged, Ask(pack, "2026-03-01", foreign, TopUp("2026-01-15", 60, "t1"), TopUp(last, 60, "t2")).Flags.Contains(Flag.OutsideLimits));
    }

    [Fact]
    public void Flags_are_sorted_by_their_names()
    {
        Assert.Equal(EnumNames.All<Flag>().Order(StringComparer.Ordinal), EnumNames.All<Flag>());

        var pack = Pack(Version(Validity(""), ",'limits':{'minTopUp':'50'}", effective: "{'from':'2026-01-01'}"));
        Assert.Equal(
            [Flag.Arrears, Flag.CurrencyMismatch, Flag.OutsideLimits, Flag.RuleUnknown],
            Ask(pack, "2026-03-01", TopUp("2025-01-01", 10, "t0"), TopUp("2026-01-15", 10, "t1"), TopUp("2026-01-15", 10, "t2") with { Currency = "USD" },
                Balance("2026-01-16", -1)).Flags);
    }

    [Fact]
    public void A_standing_names_the_version_and_how_sure_it_is()
    {
        var standing = Ask(Pack(Version(Validity(""), version: "2026")), "2026-01-02", Activated("2026-01-01"));

        Assert.Equal(("2026", Confidence.User), (standing.RuleVersion, standing.Confidence));
        Assert.Equal(new ClockState("validity", ClockKind.Validity, Date("2026-01-31"), Instant("2026-01-31T16:00:00Z"), true, "2026", Confidence.User),
            standing.Clocks.Single());
    }
}
