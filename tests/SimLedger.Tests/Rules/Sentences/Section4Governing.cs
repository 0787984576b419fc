using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section4Governing
{
    private static readonly string ByTopUp = Clock(extends: Extend("topUp", "10 day"));

    // "A version governs a local date of a line when effective holds that date, cohort holds the line's activation date, and region equals the line's."
    [Theory]
    [InlineData("2026-01-10", "2025-06-30", "north", Outcome.Counted)]
    [InlineData("2026-01-09", "2025-06-30", "north", Outcome.Unknown)]
    [InlineData("2026-01-10", "2025-07-01", "north", Outcome.Unknown)]
    [InlineData("2026-01-10", "2025-06-30", "south", Outcome.Unknown)]
    public void A_version_governs_when_days_cohort_and_region_all_hold(string on, string activatedOn, string region, Outcome outcome)
    {
        var pack = Pack(Version(ByTopUp, ",'cohort':{'activatedTo':'2025-06-30'},'region':'north'", effective: Effective("2026-01-10")));

        var question = About(pack, "2026-02-01", TopUp(on)) with { ActivatedOn = Date(activatedOn), Region = region };

        Assert.Equal(outcome, Evaluator.Evaluate(pack, question).Entry("t").Outcome);
    }

    // "... and region (if any) equals the line's": without one it governs lines of every region.
    [Theory]
    [InlineData(null)]
    [InlineData("north")]
    public void A_version_without_a_region_governs_lines_of_every_region(string? region)
    {
        var pack = Pack(Version(ByTopUp));

        Assert.Equal(Outcome.Counted, Evaluator.Evaluate(pack, About(pack, "2026-02-01", TopUp("2026-01-10")) with { Region = region }).Entry("t").Outcome);
    }

    // "All dates inclusive."
    [Theory]
    [InlineData("2025-05-31", Outcome.Unknown)]
    [InlineData("2025-06-01", Outcome.Counted)]
    [InlineData("2025-06-30", Outcome.Counted)]
    [InlineData("2025-07-01", Outcome.Unknown)]
    public void A_cohort_includes_both_its_days(string activatedOn, Outcome outcome)
    {
        var pack = Pack(Version(ByTopUp, ",'cohort':{'activatedFrom':'2025-06-01','activatedTo':'2025-06-30'}"));

        var question = About(pack, "2026-02-01", TopUp("2026-01-10")) with { ActivatedOn = Date(activatedOn) };

        Assert.Equal(outcome, Evaluator.Evaluate(pack, question).Entry("t").Outcome);
    }

    // "The activation date is the line's activatedOn, else the date of its first activated entry (by instant, of those not set aside)."
    [Fact]
    public void The_first_activation_is_first_by_instant_not_by_record()
    {
        var pack = Pack(Version(ByTopUp, ",'cohort':{'activatedTo':'2025-06-30'}"));

        var standing = Ask(pack, "2026-02-01", Activated("2025-07-15", "late"), Activated("2025-06-15", "early"), TopUp("2026-01-10"));

        Assert.Equal(Outcome.Counted, standing.Entry("t").Outcome);
    }

    // "It serves cohorts only, it starts no clock by itself."
    [Fact]
    public void The_activation_date_of_a_line_starts_no_clock()
    {
        var pack = Pack(Version(ByTopUp));

        var standing = Evaluator.Evaluate(pack, About(pack, "2026-01-02") with { ActivatedOn = Date("2026-01-01") });

        Assert.Equal((Stage.Unstarted, 0), (standing.Stage, standing.Clocks.Count));
    }

    // "An activated entry of which no clock says so starts none" follows from the same sentence.
    [Fact]
    public void An_activation_starts_only_a_clock_that_says_so() =>
        Assert.Equal(Outcome.None, Ask(Pack(Version(Clock(starts: "topUp"))), "2026-01-02", Activated("2026-01-01")).Entry("a").Outcome);

    // "ends: endOfDay (default)."
    [Fact]
    public void A_clock_that_does_not_say_when_ends_with_the_day() =>
        Assert.Equal(Instant("2026-01-31T16:00:00Z"), Ask(Pack(Version(Clock())), "2026-01-02", Activated("2026-01-01")).DeadlineAt);

    // "A ladder whose stages all have length 0 says that the number is lost at the deadline; an empty or absent ladder says that nobody knows (lapsed)."
    [Theory]
    [InlineData("", Stage.Lapsed)]
    [InlineData(",'ladder':[]", Stage.Lapsed)]
    [InlineData(",'ladder':[{'stage':'grace','length':{'n':0,'unit':'day'}},{'stage':'quarantine','length':{'n':0,'unit':'month'}}]", Stage.Lost)]
    public void A_ladder_of_no_length_says_lost_and_no_ladder_says_that_nobody_knows(string ladder, Stage stage) =>
        Assert.Equal(stage, Ask(Pack(Version(Clock(), ladder)), "2026-02-01", Activated("2026-01-01")).Stage);

    // "A stage without exits lets every extension through, one with empty exits none."
    [Theory]
    [InlineData(null, Outcome.Counted)]
    [InlineData("", Outcome.TooLate)]
    public void A_stage_without_exits_lets_all_through_and_one_with_empty_exits_none(string? exits, Outcome outcome)
    {
        var pack = Pack(Version(ByTopUp, Ladder(Rung("grace", "20 day", exits))));

        Assert.Equal(outcome, Ask(pack, "2026-02-10", Activated("2026-01-01"), TopUp("2026-02-05")).Entry("t").Outcome);
    }
}
