using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

/// <summary>
/// "A clock that is started or moved, be it by a max that changes nothing, takes over ends, length, autoExtend, notBefore and the ladder of the
/// version that did it (with carrierStated: if that version has the clock)." Version 1 governs January, version 2 from February on.
/// </summary>
public class Section6TakesOver
{
    private const string Two = "2026-02-05";

    private static RulePack Pack(string clockOf1, string clockOf2, string ladderOf1 = "", string ladderOf2 = "") => RuleSpec.Pack(
        Version(clockOf1, ladderOf1, "1", Effective("2020-01-01", "2026-01-31")) + "," + Version(clockOf2, ladderOf2, "2", Effective("2026-02-01")));

    private static Standing ByMax(string of1, string of2, params Entry[] more) => Ask(
        Pack(Clock(length: "60 day", extends: Extend("topUp", "1 day", "max"), more: of1),
            Clock(length: "60 day", extends: Extend("topUp", "1 day", "max"), more: of2)),
        "2026-03-10",
        [Activated("2026-01-01"), TopUp(Two), .. more]);

    [Theory]
    [InlineData("endOfDay", "12:00", "2026-03-02T04:00:00Z")]
    [InlineData("12:00", "endOfDay", "2026-03-02T16:00:00Z")]
    public void It_takes_over_when_it_ends(string of1, string of2, string deadline) =>
        Assert.Equal(Instant(deadline), ByMax(Ends(of1), Ends(of2)).DeadlineAt);

    [Fact]
    public void It_takes_over_that_it_moves_by_itself()
    {
        Assert.Equal(Date("2026-03-12"), ByMax("", Auto("10 day"), Balance("2026-02-06", 20)).EndsOn);
        Assert.Equal(Date("2026-03-02"), ByMax(Auto("10 day"), "", Balance("2026-02-06", 20)).EndsOn);
    }

    [Fact]
    public void It_takes_over_what_holds_it_up()
    {
        var plan = "," + Clock("plan", "plan", length: "90 day");
        string Of(string more) => Clock(length: "60 day", extends: Extend("topUp", "1 day", "max"), more: more) + plan;
        Entry[] history = [Activated("2026-01-01"), TopUp(Two)];

        Assert.Equal(Date("2026-04-01"), Ask(Pack(Of(""), Of(",'notBefore':'plan'")), "2026-02-06", history).EndsOn);

        // What was held up until the top-up keeps that end, but no more than that: the plan that is prolonged later holds it no longer.
        var stated = Stated("2026-02-06", "2026-12-31") with { Clock = "plan" };
        Assert.Equal(Date("2026-04-01"), Ask(Pack(Of(",'notBefore':'plan'"), Of("")), "2026-02-07", [.. history, stated]).EndsOn);
    }

    [Fact]
    public void It_takes_over_the_ladder()
    {
        var clock = Clock(length: "60 day", extends: Extend("topUp", "1 day", "max"));
        var pack = Pack(clock, clock, Ladder(Rung("grace", "5 day")), Ladder(Rung("quarantine", "9 day")));

        Assert.Equal(Stage.Grace, Ask(pack, "2026-02-06", Activated("2026-01-01")).Stages[0].Stage);
        Assert.Equal(Stage.Quarantine, Ask(pack, "2026-02-06", Activated("2026-01-01"), TopUp(Two)).Stages[0].Stage);
    }

    // The length shows when the carrier's word, under a version that does not have the clock, starts it anew.
    [Theory]
    [InlineData(false, "2026-03-11")]
    [InlineData(true, "2026-03-21")]
    public void It_takes_over_its_length(bool moved, string endsOn)
    {
        var pack = RuleSpec.Pack(
            Version(Clock(length: "10 day"), version: "1", effective: Effective("2020-01-01", "2026-01-31")) + "," +
            Version(Clock(length: "20 day", extends: Extend("topUp", "1 day")), version: "2", effective: Effective("2026-02-01", "2026-02-28")) + "," +
            Version(Clock("other"), version: "3", effective: Effective("2026-03-01")));
        Entry[] topUp = moved ? [TopUp(Two)] : [];

        Assert.Equal(Date(endsOn), Ask(pack, "2026-03-02", [Activated("2026-01-01"), .. topUp, Stated("2026-03-01", "2026-06-30")]).Clock("c").EndsOn);
    }

    [Fact]
    public void The_carriers_word_gives_a_clock_what_its_version_says()
    {
        var pack = Pack(Clock(), Clock(more: Ends("12:00")), ladderOf2: Ladder(Rung("grace", "5 day")));

        var standing = Ask(pack, "2026-02-06", Activated("2026-01-20"), Stated(Two, "2026-06-30"));

        Assert.Equal((Instant("2026-06-30T04:00:00Z"), Stage.Grace, "2"), (standing.DeadlineAt, standing.Stages[0].Stage, standing.RuleVersion));
    }

    // "With carrierStated: if that version has the clock": else it keeps what it has. It ran out under version 1, so it is still there.
    [Fact]
    public void The_carriers_word_leaves_a_clock_that_its_version_does_not_have_as_it_is()
    {
        var pack = Pack(Clock(length: "10 day", more: Ends("12:00")), Clock("other"), Ladder(Rung("grace", "5 day")));

        var standing = Ask(pack, "2026-02-06", Activated("2026-01-01"), Stated(Two, "2026-02-07") with { Clock = "c" });

        // Stopped after the last entry, because version 2 does not have it and it has not run out; what it carries shows in its deadline.
        var clock = standing.Clock("c");
        Assert.Equal((Instant("2026-02-07T04:00:00Z"), "1", false), (clock.DeadlineAt, clock.RuleVersion, clock.Running));
    }

    [Fact]
    public void A_clock_that_nothing_moves_keeps_what_it_has()
    {
        var pack = Pack(Clock(length: "60 day", more: Ends("12:00")), Clock(length: "60 day"));

        Assert.Equal(Instant("2026-03-02T04:00:00Z"), Ask(pack, "2026-02-06", Activated("2026-01-01"), TopUp(Two)).DeadlineAt);
    }
}
