using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Clocks
{
    // Step 6: "Clocks, in the order of the version": a plan that starts first is there for the clock that counts from its end.
    [Theory]
    [InlineData(true, "2026-02-14")]
    [InlineData(false, "2026-01-15")]
    public void Clocks_are_taken_in_the_order_of_the_version(bool planFirst, string endsOn)
    {
        var plan = Clock("plan", "plan", "renewed");
        var after = Clock(extends: Extend("renewed", "10 day", "afterPlan"));

        var standing = Ask(Pack(Version(planFirst ? plan + "," + after : after + "," + plan)), "2026-01-06", Activated("2026-01-01"), Renewed("2026-01-05"));

        Assert.Equal(Date(endsOn), standing.Clock("c").EndsOn);
    }

    // 6a: "It has started and not stopped and stopsOn matches": one that never started, or stopped, starts by the same entry.
    [Fact]
    public void What_stops_a_clock_starts_one_that_does_not_run_yet()
    {
        var pack = Pack(Version(Clock(starts: "renewed", more: Stops("renewed"))));

        var standing = Ask(pack, "2026-02-01", Renewed("2026-01-01", "r1"), Renewed("2026-01-02", "r2"), Renewed("2026-01-03", "r3"));

        Assert.Equal([Outcome.Counted, Outcome.None, Outcome.Counted], standing.Entries.Select(entry => entry.Outcome));
        Assert.Equal(Date("2026-02-02"), standing.EndsOn);
    }

    // 6a: "it stops; done with this clock": past its deadline too.
    [Fact]
    public void A_clock_that_ran_out_can_still_be_stopped()
    {
        var pack = Pack(Version(Clock(more: Stops("registered")), Ladder(Rung("grace", "0 day"))));

        var standing = Ask(pack, "2026-03-01", Activated("2026-01-01"), Registered("2026-02-10"));

        Assert.Equal((Stage.Unstarted, Outcome.None), (standing.Stage, standing.Entry("g").Outcome));
    }

    // 6b: "It never started, or stopped, and startsOn matches": one that ran out did start and did not stop.
    [Fact]
    public void A_clock_that_ran_out_is_not_started_again()
    {
        var standing = Ask(Pack(Version(Clock())), "2026-03-01", Activated("2026-01-01"), Activated("2026-02-10", "again"));

        Assert.Equal((Outcome.None, Date("2026-01-31")), (standing.Entry("again").Outcome, standing.EndsOn));
    }

    // 6b: "and the stage is not lost": of a stopped clock too.
    [Theory]
    [InlineData("1 day", Outcome.Counted)]
    [InlineData("0 day", Outcome.None)]
    public void In_a_lost_line_no_stopped_clock_starts(string grace, Outcome outcome)
    {
        var other = Clock("other", starts: "registered", more: Stops("renewed"));
        var pack = Pack(Version(Clock() + "," + other, Ladder(Rung("grace", grace))));

        var standing = Ask(pack, "2026-03-01", Activated("2026-01-01"), Registered("2026-01-02", "g1"), Renewed("2026-01-03"), Registered("2026-02-01", "g2"));

        Assert.Equal(outcome, standing.Entry("g2").Outcome);
    }

    // 6b: "it starts, its end is D + length; done with this clock": the same entry does not extend it as well.
    [Fact]
    public void A_clock_that_starts_is_not_extended_by_the_same_entry() =>
        Assert.Equal(
            Date("2026-01-31"), Ask(Pack(Version(Clock(extends: Extend("activated", "90 day")))), "2026-01-05", Activated("2026-01-01")).EndsOn);

    // 6c: "the first extension that matches is taken: trigger holds and N exists": one without an N is passed over.
    [Theory]
    [InlineData(",'tiers':[{'from':'50','by':{'n':5,'unit':'day'}}]", 49, "2026-01-13")]
    [InlineData(",'tiers':[{'from':'50','by':{'n':5,'unit':'day'}}]", 50, "2026-01-15")]
    [InlineData(",'perUnit':{'amount':'50','by':{'n':5,'unit':'day'}}", 49, "2026-01-13")]
    [InlineData(",'perUnit':{'amount':'50','by':{'n':0,'unit':'day'}}", 50, "2026-01-13")]
    [InlineData(",'where':{'minAmount':'50'},'by':{'n':5,'unit':'day'}", 49, "2026-01-13")]
    [InlineData("", 50, "2026-01-13")]
    public void An_extension_without_a_term_for_the_entry_is_passed_over(string looks, int amount, string after)
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "", more: looks) + "," + Extend("topUp", "3 day"))));

        Assert.Equal(Date(after), Ask(pack, "2026-02-01", Activated("2026-01-01"), TopUp("2026-01-10", amount)).Change("t").After);
    }

    // 6c: "perUnit: floor(amount / unit) times n."
    [Theory]
    [InlineData("30", 7, 100.0, "2026-01-31")] // 3 times 7 days from 10 January.
    [InlineData("0.25", 3, 1.0, "2026-01-22")]
    [InlineData("0.1", 1, 0.3, "2026-01-13")] // Decimals are exact.
    [InlineData("50", 1, 50.0, "2026-01-11")]
    [InlineData("50000", 1, 100000.0, "2026-01-12")]
    [InlineData("0.01", 1, 1e20, "9999-12-31")] // As far as the calendar goes.
    public void A_term_per_unit_counts_full_units(string unit, int n, double amount, string after)
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "", more: $",'perUnit':{{'amount':'{unit}','by':{{'n':{n},'unit':'day'}}}}"))));

        Assert.Equal(Date(after), Ask(pack, "2026-03-01", Activated("2026-01-01"), TopUp("2026-01-10", (decimal)amount)).Change("t").After);
    }

    // 6c: "floor(amount / unit) times n, 0: no match": below zero neither, however far.
    [Fact]
    public void An_amount_below_zero_is_no_unit()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "", more: ",'perUnit':{'amount':'0.5','by':{'n':1,'unit':'day'}}"))));

        Assert.Equal(Outcome.None, Ask(pack, "2026-03-01", Activated("2026-01-01"), TopUp("2026-01-10", decimal.MinValue)).Entry("t").Outcome);
    }

    // 6c: "tiers: the highest from not above the amount": a tier of no days is an N as well.
    [Fact]
    public void A_tier_of_no_days_is_a_term()
    {
        const string Tiers = ",'tiers':[{'from':'10','by':{'n':0,'unit':'day'}},{'from':'50','by':{'n':1,'unit':'month'}}]";
        var pack = Pack(Version(Clock(extends: Extend("topUp", "", more: Tiers) + "," + Extend("topUp", "90 day"))));

        Assert.Equal(Date("2026-01-10"), Ask(pack, "2026-02-01", Activated("2026-01-01"), TopUp("2026-01-10", 10)).Change("t").After);
        Assert.Equal(Date("2026-02-10"), Ask(pack, "2026-02-01", Activated("2026-01-01"), TopUp("2026-01-10", 999)).Change("t").After);
    }

    // 6c: "In active, unstarted and lapsed: yes."
    [Theory]
    [InlineData("2026-01-10", true)]
    [InlineData("2026-01-10", false)]
    [InlineData("2026-02-10", true)]
    public void An_active_an_unstarted_and_a_lapsed_line_can_be_extended(string at, bool activated)
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day"))));
        Entry[] before = activated ? [Activated("2026-01-01")] : [];

        Assert.Equal(Date(at).PlusDays(10), Ask(pack, "2026-03-01", [.. before, TopUp(at)]).Change("t").After);
    }

    // 6c: "In a stage of the ladder: if the stage has no exits, or the entry matches one of them": the stage of that day, no other.
    [Theory]
    [InlineData("2026-02-10", EntryType.TopUp, Outcome.Counted)]
    [InlineData("2026-02-11", EntryType.TopUp, Outcome.TooLate)]
    [InlineData("2026-02-11", EntryType.Renewed, Outcome.Counted)]
    [InlineData("2026-02-11", EntryType.Extended, Outcome.Counted)]
    [InlineData("2026-02-21", EntryType.Renewed, Outcome.TooLate)]
    public void A_stage_lets_through_what_matches_one_of_its_exits(string at, EntryType type, Outcome outcome)
    {
        var extends = string.Join(',', Extend("topUp", "30 day"), Extend("renewed", "30 day"), Extend("extended", "30 day"));
        var ladder = Ladder(Rung("grace", "10 day"), Rung("suspended", "10 day", "renewed,extended"), Rung("quarantine", "10 day", ""));

        var standing = Ask(Pack(Version(Clock(extends: extends), ladder)), "2026-03-01", Activated("2026-01-01"), new Entry("e", type, At(at)));

        Assert.Equal((outcome, outcome is Outcome.TooLate), (standing.Entry("e").Outcome, standing.Flags.Contains(Flag.TooLate)));
    }

    // 6c: "a clock that never started starts so, as one that does not run."
    [Theory]
    [InlineData("add")]
    [InlineData("max")]
    [InlineData("reset")]
    public void A_clock_that_never_started_starts_by_an_extension(string combine)
    {
        var standing = Ask(Pack(Version(Clock(extends: Extend("topUp", "10 day", combine)))), "2026-02-01", TopUp("2026-01-10"));

        Assert.Equal(new ClockChange("c", null, Date("2026-01-20"), null, null, null, "1"), standing.Change("t"));
    }

    // The same, long ago: having no deadline is not having one that is still to come.
    [Fact]
    public void A_clock_that_never_started_does_not_run_whenever_it_is_asked()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day", "add")), effective: Effective("1900-01-01")));

        Assert.Equal(Date("1960-01-20"), Ask(pack, "1960-01-11", TopUp("1960-01-10")).EndsOn);
    }
}
