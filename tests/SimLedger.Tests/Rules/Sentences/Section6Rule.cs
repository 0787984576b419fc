using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Rule
{
    // "None: outcome unknown, flag ruleUnknown, and only steps 5 and, for carrierStated (then outcome counted), 7 are done": nothing starts, stops or moves.
    [Theory]
    [InlineData(EntryType.Registered)] // Would stop the clock.
    [InlineData(EntryType.TopUp)] // Would move it.
    [InlineData(EntryType.Renewed)] // Would start another.
    public void Without_a_rule_no_clock_starts_stops_or_moves(EntryType type)
    {
        var pack = Pack(Version(
            Clock(extends: Extend("topUp", "90 day"), more: Stops("registered")) + "," + Clock("other", starts: "renewed", length: "1 day"),
            effective: Effective("2026-01-01", "2026-01-15")));

        var standing = Ask(pack, "2026-01-25", Activated("2026-01-01"), new Entry("e", type, At("2026-01-20")));

        Assert.Equal(Outcome.Unknown, standing.Entry("e").Outcome);
        Assert.Equal(("c", Date("2026-01-31"), 1), (standing.Clock, standing.EndsOn, standing.Clocks.Count));
        Assert.Equal([Flag.RuleUnknown], standing.Flags);
    }

    // "Only steps 5 and 7 are done": so not step 3. The balance of 5 then comes too late and is too small to pay.
    [Fact]
    public void Without_a_rule_nothing_moves_by_itself()
    {
        var pack = Pack(Version(Clock(more: Auto()), effective: Effective("2026-01-01", "2026-01-15")));

        var standing = Ask(pack, "2026-02-11", Activated("2026-01-01"), Balance("2026-01-02", 20, "b1"), Balance("2026-02-10", 5, "b2"));

        Assert.Equal((Date("2026-01-31"), 5m), (standing.EndsOn, standing.Balance?.Amount));
    }

    // "For carrierStated (then outcome counted), 7": the flag is raised all the same.
    [Fact]
    public void Without_a_rule_the_carriers_word_counts_and_its_lack_is_flagged()
    {
        var standing = Ask(Pack(Version(Clock(), effective: Effective("2026-02-01"))), "2026-01-05", Stated("2026-01-02", "2026-03-31"));

        Assert.Equal((Outcome.Counted, Date("2026-03-31")), (standing.Entry("s").Outcome, standing.EndsOn));
        Assert.Equal([Flag.RuleUnknown], standing.Flags);
    }

    // The same: an end date in an entry of another type is no word of the carrier.
    [Fact]
    public void Without_a_rule_only_the_carriers_word_sets_an_end()
    {
        var pack = Pack(Version(Clock(), effective: Effective("2026-02-01")));

        var standing = Ask(pack, "2026-01-05", Extended("2026-01-02") with { EndsOn = Date("2026-03-31") });

        Assert.Equal((Outcome.Unknown, 0), (standing.Entry("x").Outcome, standing.Clocks.Count));
    }

    // "Several: steps 2 to 7 are done for each on a copy of the state."
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_reading_not_kept_leaves_no_trace(bool keptFirst)
    {
        var kept = Version(Clock(starts: "topUp"), version: "kept");
        var other = Version(Clock(starts: "topUp", length: "90 day") + "," + Clock("extra", starts: "topUp", length: "99 day"), version: "other");

        var standing = Ask(Pack(keptFirst ? kept + "," + other : other + "," + kept), "2026-01-05", TopUp("2026-01-01"));

        Assert.Equal(["c"], standing.Clocks.Select(clock => clock.Id));
        Assert.Equal(("kept", Date("2026-01-31")), (standing.RuleVersion, standing.EndsOn));
    }

    // "The one whose binding deadline is earliest is kept": a deadline is an instant, not a date.
    [Theory]
    [InlineData("12:00", "endOfDay", "1")]
    [InlineData("endOfDay", "12:00", "2")]
    [InlineData("12:01", "12:00", "2")]
    public void Of_two_ends_on_one_day_the_earlier_hour_is_kept(string first, string second, string kept)
    {
        var pack = Pack(Version(Clock(more: Ends(first)), version: "1") + "," + Version(Clock(more: Ends(second)), version: "2"));

        Assert.Equal(kept, Ask(pack, "2026-01-05", Activated("2026-01-01")).RuleVersion);
    }

    // "None binding counts as latest; a tie goes to the first in the pack": and what only the other one would have flagged is not flagged.
    [Theory]
    [InlineData(true, Outcome.None)]
    [InlineData(false, Outcome.TooLate)]
    public void A_tie_goes_to_the_first_in_the_pack(bool silentFirst, Outcome outcome)
    {
        var lost = Ladder(Rung("grace", "0 day"));
        var silent = Version(Clock(), lost, version: "silent");
        var eager = Version(Clock(extends: Extend("topUp", "30 day")), lost, version: "eager");

        var standing = Ask(Pack(silentFirst ? silent + "," + eager : eager + "," + silent), "2026-03-01", Activated("2026-01-01"), TopUp("2026-02-10"));

        Assert.Equal(outcome, standing.Entry("t").Outcome);
        Assert.Equal(outcome is Outcome.TooLate, standing.Flags.Contains(Flag.TooLate));
    }

    // "None binding counts as latest": wherever in the pack it stands, of three readings too.
    [Fact]
    public void Of_three_readings_the_earliest_is_kept_wherever_it_stands()
    {
        string Of(string version, string length) => Version(Clock(starts: "topUp", length: length), version: version);
        var none = Version(Clock("c", starts: "renewed"), version: "none");

        Assert.Equal("20", Ask(Pack($"{none},{Of("30", "30 day")},{Of("20", "20 day")}"), "2026-01-05", TopUp("2026-01-01")).RuleVersion);
        Assert.Equal("20", Ask(Pack($"{Of("20", "20 day")},{none},{Of("30", "30 day")}"), "2026-01-05", TopUp("2026-01-01")).RuleVersion);
        Assert.Equal("20", Ask(Pack($"{Of("30", "30 day")},{Of("20", "20 day")},{none}"), "2026-01-05", TopUp("2026-01-01")).RuleVersion);
    }
}
