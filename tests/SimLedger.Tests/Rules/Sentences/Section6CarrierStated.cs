using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6CarrierStated
{
    private static readonly RulePack One = Pack(Version(Clock(extends: Extend("topUp", "30 day")), Ladder(Rung("grace", "0 day"))));

    // Step 7: "carrierStated sets an end date whatever was computed, in every stage, lost included."
    [Theory]
    [InlineData("2026-01-10", "2026-01-20", Stage.Active)]
    [InlineData("2026-02-10", "2026-02-20", Stage.Lost)]
    public void The_carriers_word_sets_the_end_in_every_stage(string at, string endsOn, Stage before)
    {
        Assert.Equal(before, Ask(One, at, Activated("2026-01-01")).Stage);

        var standing = Ask(One, at, Activated("2026-01-01"), Stated(at, endsOn));

        Assert.Equal((Stage.Active, Date(endsOn)), (standing.Stage, standing.EndsOn));
        Assert.Empty(standing.Flags);
    }

    // "It starts the clock if need be. driftDays = stated - C, absent where there was no C."
    [Fact]
    public void It_starts_a_clock_that_never_started_and_measures_no_drift() =>
        Assert.Equal(
            new ClockChange("c", null, Date("2026-06-30"), null, null, null, "1"), Ask(One, "2026-01-11", Stated("2026-01-10", "2026-06-30")).Change("s"));

    // "It starts the clock if need be": one that stopped, whose end before is C.
    [Fact]
    public void It_starts_a_clock_that_stopped()
    {
        var pack = Pack(Version(Clock(more: Stops("registered"))));

        var standing = Ask(pack, "2026-01-11", Activated("2026-01-01"), Registered("2026-01-02"), Stated("2026-01-10", "2026-02-05"));

        Assert.Equal((true, 5), (standing.Clock("c").Running, standing.Change("s").DriftDays));
    }

    // "The clock is the one it names in clock": of the version, though it never started; of the line, though the version does not have it.
    [Fact]
    public void It_means_a_clock_of_the_version_that_never_started()
    {
        var pack = Pack(Version(Clock() + "," + Clock("other", starts: "renewed")));

        var standing = Ask(pack, "2026-01-11", Activated("2026-01-01"), Stated("2026-01-10", "2026-06-30") with { Clock = "other" });

        Assert.Equal(new ClockChange("other", null, Date("2026-06-30"), null, null, null, "1"), standing.Change("s"));
    }

    // "... else the line's binding clock, else the version's first clock."
    [Fact]
    public void Where_nothing_binds_and_no_validity_is_known_it_means_the_first_clock_of_the_version()
    {
        var pack = Pack(Version(Clock("one", "plan") + "," + Clock("two", "inactivity")));

        Assert.Equal("one", Ask(pack, "2026-01-11", Stated("2026-01-10", "2026-06-30")).Change("s").Clock);
    }

    // "driftDays = stated - C."
    [Theory]
    [InlineData("2026-01-29", -2)]
    [InlineData("2026-01-31", 0)]
    [InlineData("2026-02-01", 1)]
    public void Drift_is_the_stated_end_less_the_computed_one(string endsOn, int drift)
    {
        var change = Ask(One, "2026-01-11", Activated("2026-01-01"), Stated("2026-01-10", endsOn)).Change("s");

        Assert.Equal((drift, null, null), (change.DriftDays, change.ShortenedDays, change.WastedDays));
    }

    // The same: stated, not what is looked at afterwards. The plan holds the clock up until 6 February.
    [Fact]
    public void Drift_is_measured_to_the_stated_end_though_the_clock_is_held_up()
    {
        var pack = Pack(Version(Clock(more: ",'notBefore':'plan'") + "," + Clock("plan", "plan", length: "36 day")));

        var change = Ask(pack, "2026-01-11", Activated("2026-01-01"), Stated("2026-01-10", "2026-01-20")).Change("s");

        Assert.Equal((Date("2026-02-06"), Date("2026-02-06"), -17), (change.Before, change.After, change.DriftDays));
    }

    // "If the stated deadline is after the entry's instant": at that very instant it is not.
    [Theory]
    [InlineData("2026-02-28T23:59:59+08:00", true)]
    [InlineData("2026-03-01T00:00:00+08:00", false)]
    public void Only_a_word_about_the_time_to_come_starts_the_others_anew(string at, bool anew)
    {
        var pack = Pack(Version(Clock() + "," + Clock("other", length: "10 day")));

        var standing = Ask(pack, "2026-03-02", Activated("2026-01-01"), Stated(at, "2026-02-28"));

        Assert.Equal(anew ? Date("2026-03-10") : Date("2026-01-11"), standing.Clock("other").EndsOn);
    }

    // "Every other clock, started and not stopped, whose deadline is not [after the entry's instant], starts anew."
    [Theory]
    [InlineData("2026-01-11T23:59:59+08:00", "2026-01-11")]
    [InlineData("2026-01-12T00:00:00+08:00", "2026-01-22")]
    public void Only_a_clock_that_has_run_out_starts_anew(string at, string endsOn)
    {
        var pack = Pack(Version(Clock() + "," + Clock("other", length: "10 day")));

        Assert.Equal(Date(endsOn), Ask(pack, "2026-01-13", Activated("2026-01-01"), Stated(at, "2026-06-30")).Clock("other").EndsOn);
    }

    // "... and not stopped": a clock that stopped stays so.
    [Fact]
    public void A_clock_that_stopped_is_not_started_anew()
    {
        var pack = Pack(Version(Clock() + "," + Clock("other", length: "10 day", more: Stops("registered"))));

        var standing = Ask(pack, "2026-03-02", Activated("2026-01-01"), Registered("2026-01-02"), Stated("2026-03-01", "2026-06-30"));

        Assert.Equal((false, "c"), (standing.Clock("other").Running, standing.Change("s").Clock));
    }

    // "... whose deadline is not": as it is looked at, so one that the stated clock holds up has not run out.
    [Fact]
    public void A_clock_that_the_stated_one_holds_up_has_not_run_out()
    {
        var pack = Pack(Version(Clock() + "," + Clock("held", length: "10 day", more: ",'notBefore':'c'")));

        var standing = Ask(pack, "2026-03-02", Activated("2026-01-01"), Stated("2026-03-01", "2026-06-30"));

        Assert.Equal(("c", Date("2026-06-30")), (standing.Change("s").Clock, standing.Clock("held").EndsOn));
    }

    // The same: all that had run out, though the first to start anew would hold the other up from then on.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_clocks_that_had_run_out_start_anew(bool holderFirst)
    {
        var (holder, held) = (Clock("holder", "plan", length: "10 day"), Clock("held", "plan", length: "5 day", more: ",'notBefore':'holder'"));
        var pack = Pack(Version(Clock() + "," + (holderFirst ? holder + "," + held : held + "," + holder)));

        var standing = Ask(pack, "2026-03-02", Activated("2026-01-01"), Stated("2026-03-01", "2026-06-30"));

        Assert.Equal(["c", "held", "holder"], standing.Entry("s").Changes.Select(change => change.Clock).Order());
    }

    // "(D + length, both that and firstDayCounts of the version if it has the clock, else as carried)."
    [Theory]
    [InlineData("c", "2026-03-20")] // Of the version: 20 days, the first counted.
    [InlineData("x", "2026-03-11")] // As carried: 10 days, the first not counted.
    public void What_starts_anew_has_the_length_of_the_version_else_its_own(string idNow, string endsOn)
    {
        var before = Version(Clock(length: "10 day") + "," + Clock("stated-one", "plan"), version: "1", effective: Effective("2020-01-01", "2026-01-31"));
        var now = Version(
            Clock(idNow, "inactivity", starts: "", length: "20 day", more: ",'firstDayCounts':true") + "," + Clock("stated-one", "plan", length: "5 day"),
            version: "2", effective: Effective("2026-02-01"));
        var word = Stated("2026-03-01", "2026-06-30") with { Clock = "stated-one" };

        Assert.Equal(Date(endsOn), Ask(Pack(before + "," + now), "2026-03-02", Activated("2026-01-01"), word).Clock("c").EndsOn);
    }

    // The same sentence: an exact clock starts anew from the instant of the entry.
    [Fact]
    public void An_exact_clock_starts_anew_to_the_instant()
    {
        var pack = Pack(Version(Clock() + "," + Clock("exact", length: "48 hour", more: Ends("exact"))));

        var standing = Ask(pack, "2026-03-02", Activated("2026-01-01"), Stated("2026-03-01T10:30:00+08:00", "2026-06-30"));

        Assert.Equal((Instant("2026-03-03T02:30:00Z"), Date("2026-03-03")), (standing.Clock("exact").DeadlineAt, standing.Clock("exact").EndsOn));
    }

    // "Where [it] ends exact only a date is known: the end of that day", and "HH:mm" is that hour of the stated date.
    [Theory]
    [InlineData("exact", "2026-06-30T16:00:00Z")]
    [InlineData("endOfDay", "2026-06-30T16:00:00Z")]
    [InlineData("18:30", "2026-06-30T10:30:00Z")]
    public void A_stated_date_ends_as_the_clock_ends(string ends, string deadline) =>
        Assert.Equal(Instant(deadline), Ask(Pack(Version(Clock(more: Ends(ends)))), "2026-01-11", Stated("2026-01-10", "2026-06-30")).DeadlineAt);

    // "Else the governing version's first of kind validity, else the line's binding clock": the one that binds after step 6.
    [Fact]
    public void The_binding_clock_meant_is_the_one_after_the_entry_moved_what_it_moves()
    {
        var pack = Pack(Version(
            Clock("short", "plan", length: "10 day", extends: Extend("carrierStated", "90 day")) + "," + Clock("long", "plan", length: "20 day")));

        var standing = Ask(pack, "2026-01-06", Activated("2026-01-01"), Stated("2026-01-05", "2026-06-30"));

        Assert.Equal((Date("2026-04-05"), Date("2026-06-30")), (standing.Clock("short").EndsOn, standing.Clock("long").EndsOn));
    }

    // "With no rule the binding clock, else a clock stated of kind validity without ladder, ending endOfDay": the ladder the binding clock carries stays.
    [Fact]
    public void Without_a_rule_the_binding_clock_keeps_its_ladder_and_hour()
    {
        var pack = Pack(Version(Clock(more: Ends("12:00")), Ladder(Rung("grace", "5 day")), effective: Effective("2026-01-01", "2026-01-15")));

        var standing = Ask(pack, "2026-01-21", Activated("2026-01-01"), Stated("2026-01-20", "2026-06-30"));

        Assert.Equal((Instant("2026-06-30T04:00:00Z"), Stage.Grace, "1"), (standing.DeadlineAt, standing.Stages[0].Stage, standing.RuleVersion));
    }
}
