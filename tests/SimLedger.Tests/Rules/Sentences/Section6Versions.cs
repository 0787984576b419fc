using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Versions
{
    private static readonly string Now = Effective("2026-02-01");
    private static readonly string Before = Effective("2020-01-01", "2026-01-31");

    // "A clock stated becomes the version's first clock of kind validity, else its first clock, keeping its end date; this is no change to report."
    [Theory]
    [InlineData("plan", "validity", "second")]
    [InlineData("plan", "inactivity", "first")]
    public void A_stated_clock_becomes_the_first_validity_clock_else_the_first(string first, string second, string heir)
    {
        var pack = Pack(Version(Clock("first", first) + "," + Clock("second", second), effective: Now));

        var standing = Ask(pack, "2026-02-03", Stated("2026-01-02", "2026-06-30"), Used("2026-02-02"));

        Assert.Equal((heir, Date("2026-06-30")), (standing.Clock, standing.EndsOn));
        Assert.Equal((Outcome.None, 0), (standing.Entry("u").Outcome, standing.Entry("u").Changes.Count));
    }

    // "... becomes the version's first clock": an extension finds it running and its end as C.
    [Fact]
    public void What_was_stated_is_what_the_rule_extends()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day", "add")), effective: Now));

        var change = Ask(pack, "2026-02-03", Stated("2026-01-02", "2026-06-30"), TopUp("2026-02-02")).Change("t");

        Assert.Equal(("c", Date("2026-06-30"), Date("2026-07-10")), (change.Clock, change.Before, change.After));
    }

    // "... keeping its end date": the hour is that of the clock it becomes, and so is the ladder.
    [Fact]
    public void A_stated_clock_keeps_its_date_and_ends_as_the_clock_it_becomes()
    {
        var pack = Pack(Version(Clock(more: Ends("12:00")), Ladder(Rung("grace", "5 day")), effective: Now));

        var standing = Ask(pack, "2026-02-03", Stated("2026-01-02", "2026-06-30"));

        Assert.Equal((Instant("2026-06-30T04:00:00Z"), Stage.Grace), (standing.DeadlineAt, standing.Stages[0].Stage));
    }

    // "Each clock that this version does not have and whose deadline lies after the start of this version's effective.from stops (one that ran out
    // before stays)."
    [Theory]
    [InlineData("30 day", "old", Stage.Lapsed)] // Its deadline is that very start.
    [InlineData("31 day", null, Stage.Unstarted)]
    public void A_clock_of_another_version_stops_if_it_had_not_run_out_when_this_one_began(string length, string? clock, Stage stage)
    {
        var pack = Pack(Version(Clock("old", length: length), version: "1", effective: Before) + "," + Version(Clock("new"), version: "2", effective: Now));

        var standing = Ask(pack, "2026-02-10", Activated("2026-01-01"), Used("2026-02-05"));

        Assert.Equal((clock, stage), (standing.Clock, standing.Stage));
    }

    // "... whose deadline lies after the start": its end as it is looked at, which another clock may hold up.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clock_held_up_by_another_stops_with_it(bool holderFirst)
    {
        var (holder, held) = (Clock("holder", length: "60 day"), Clock("held", length: "5 day", more: ",'notBefore':'holder'"));
        var clocks = holderFirst ? holder + "," + held : held + "," + holder;
        var pack = Pack(Version(clocks, version: "1", effective: Before) + "," + Version(Clock("new"), version: "2", effective: Now));

        Assert.Equal((null, Stage.Unstarted), (Ask(pack, "2026-02-10", Activated("2026-01-01")).Clock, Ask(pack, "2026-02-10", Activated("2026-01-01")).Stage));
    }

    // Step 2 comes before steps 3 and 4: a clock that stops moves no more by itself and decides no stage.
    [Fact]
    public void A_clock_that_stops_with_the_new_version_is_gone_before_the_stage_is_looked_at()
    {
        var old = Version(Clock("old", length: "40 day", more: Auto()), Ladder(Rung("grace", "0 day")), "1", Before);
        var pack = Pack(old + "," + Version(Clock("new", starts: "topUp"), version: "2", effective: Now));

        var standing = Ask(pack, "2026-03-10", Activated("2026-01-01"), Balance("2026-01-02", 100), TopUp("2026-03-05"));

        Assert.Equal((Outcome.Counted, Date("2026-02-10"), 100m), (standing.Entry("t").Outcome, standing.Clock("old").EndsOn, standing.Balance?.Amount));
    }

    // "If another version governed an entry before": it need not have been the last one.
    [Fact]
    public void A_clock_of_a_version_before_the_last_stops_too()
    {
        var pack = Pack(
            Version(Clock("kept") + "," + Clock("old", starts: "renewed", length: "90 day"), version: "1", effective: Before) + "," +
            Version(Clock("kept", extends: Extend("topUp", "60 day")), version: "2", effective: Effective("2026-02-01", "2026-02-28")) + "," +
            Version(Clock("old"), version: "3", effective: Effective("2026-03-01")));

        var standing = Ask(pack, "2026-03-02", Activated("2026-01-20"), Renewed("2026-01-20"), TopUp("2026-02-02"));

        // "old" stopped under version 2; being of version 3 again it stays as it was, and "kept" stops.
        Assert.Equal(["kept False", "old False"], standing.Clocks.Select(clock => $"{clock.Id} {clock.Running}"));
    }

    // The same: the version in between was another one, though the first and the last are one and the same.
    [Fact]
    public void A_version_that_comes_back_drops_the_clocks_of_the_one_in_between()
    {
        var always = Version(Clock("a", length: "300 day"), version: "always", effective: Effective("2020-01-01"));
        var meanwhile = Version(Clock("b", starts: "renewed", length: "10 day"), version: "meanwhile", effective: Effective("2026-02-01", "2026-02-28"));
        var word = Stated("2026-03-01", "2026-06-30") with { Clock = "b" };

        // In February both govern; "meanwhile" is kept, because "b" ends earlier.
        var standing = Ask(Pack(always + "," + meanwhile), "2026-03-02", Activated("2026-01-01"), Renewed("2026-02-05"), word);

        Assert.Equal(["a False", "b False"], standing.Clocks.Select(clock => $"{clock.Id} {clock.Running}"));
    }

    // "A clock stated becomes the version's first clock of kind validity": one that ran before and stopped is that same clock, in its old place.
    [Fact]
    public void A_stated_clock_becomes_a_clock_that_had_stopped()
    {
        string Clocks(string more) => Clock("other", "plan", length: "365 day") + "," + Clock("c", more: Stops("registered") + more);
        var pack = Pack(
            Version(Clock("c", more: Stops("registered")) + "," + Clock("late", starts: "registered", length: "9 day", more: Stops("renewed")), version: "1",
                effective: Before) + "," +
            Version(Clocks(Ends("12:00")), Ladder(Rung("grace", "5 day")), "2", Effective("2026-03-01")));
        Entry[] history = [Activated("2026-01-01"), Registered("2026-01-02"), Renewed("2026-01-03"), Stated("2026-02-10", "2026-06-30")];

        var standing = Ask(pack, "2026-03-02", history);

        Assert.Equal(["c True", "late False"], standing.Clocks.Select(clock => $"{clock.Id} {clock.Running}"));
        Assert.Equal((Date("2026-06-30"), Instant("2026-06-30T04:00:00Z"), "2"), (standing.EndsOn, standing.DeadlineAt, standing.RuleVersion));
    }

    // The same, after a version without clocks had stopped it: what it becomes has stopped as well.
    [Theory]
    [InlineData("c")]
    [InlineData("other")]
    public void A_stated_clock_that_stopped_becomes_a_clock_that_has_stopped(string idBefore)
    {
        var pack = Pack(
            Version(Clock(idBefore, more: Stops("registered")), version: "1", effective: Before) + "," +
            Version("", version: "2", effective: Effective("2026-03-01", "2026-03-31")) + "," +
            Version(Clock("c"), version: "3", effective: Effective("2026-04-01")));

        var standing = Ask(pack, "2026-04-02", Activated("2026-01-01"), Registered("2026-01-02"), Stated("2026-02-10", "2026-06-30"), Used("2026-03-05"));

        Assert.Equal((Date("2026-06-30"), false), (standing.Clock("c").EndsOn, standing.Clock("c").Running));
    }

    // "The same is done once more after the last entry, for the version that governs the date asked, if one does."
    [Fact]
    public void Where_no_version_governs_the_date_asked_no_clock_stops()
    {
        var pack = Pack(
            Version(Clock("old", length: "90 day"), version: "1", effective: Before) + "," +
            Version(Clock("new"), version: "2", effective: Effective("2026-03-01")));

        Assert.Equal("old", Ask(pack, "2026-02-28", Activated("2026-01-01")).Clock);
        Assert.Empty(Ask(pack, "2026-02-28", Activated("2026-01-01")).Flags);
        Assert.Null(Ask(pack, "2026-03-01", Activated("2026-01-01")).Clock);
    }

    // "If another version governed an entry before": one that governed the only entries drops nothing, and a stated clock of a version without clocks stays.
    [Fact]
    public void A_version_without_clocks_leaves_a_stated_clock_alone_while_no_other_governed()
    {
        var pack = Pack(Version("", effective: Now));

        Assert.Equal("stated", Ask(pack, "2026-02-10", Stated("2026-01-02", "2026-06-30"), Used("2026-02-05")).Clock);
    }
}
