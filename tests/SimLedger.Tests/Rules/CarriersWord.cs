using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class CarriersWord
{
    private const string Plan = "{'id':'plan','kind':'plan','startsOn':[{'on':'activated'}],'length':{'n':10,'unit':'day'},'extendedBy':[]}";
    private static readonly string Load = Validity("");

    [Fact]
    public void It_means_the_clock_it_names()
    {
        var standing = Ask(Pack(Version(Load + "," + Plan)), "2026-01-03", Activated("2026-01-01"), Stated("2026-01-02", "2026-06-30") with { Clock = "plan" });

        Assert.Equal((Date("2026-06-30"), Date("2026-01-31")), (standing.Clock("plan").EndsOn, standing.EndsOn));
    }

    [Fact]
    public void Else_the_first_validity_clock_of_the_version_though_another_binds()
    {
        var standing = Ask(Pack(Version(Plan + "," + Load)), "2026-01-03", Activated("2026-01-01"), Stated("2026-01-02", "2026-06-30"));

        Assert.Equal((Date("2026-06-30"), "plan"), (standing.Clock("validity").EndsOn, standing.Clock));
    }

    [Fact]
    public void Else_the_binding_clock_else_the_first_of_the_version()
    {
        var later = Plan.Replace("'id':'plan'", "'id':'later'", StringComparison.Ordinal).Replace("'n':10", "'n':20", StringComparison.Ordinal);
        var pack = Pack(Version(later + "," + Plan));

        Assert.Equal(Date("2026-06-30"), Ask(pack, "2026-01-03", Activated("2026-01-01"), Stated("2026-01-02", "2026-06-30")).Clock("plan").EndsOn);
        Assert.Equal("later", Ask(pack, "2026-01-03", Stated("2026-01-02", "2026-06-30")).Clock);
    }

    [Fact]
    public void Of_clocks_that_first_start_with_it_the_first_in_the_version_comes_first()
    {
        var other = Plan.Replace("activated", "carrierStated", StringComparison.Ordinal);

        var standing = Ask(Pack(Version(Load + "," + other)), "2026-01-03", Stated("2026-01-02", "2026-01-12"));

        Assert.Equal(["validity", "plan"], standing.Clocks.Select(clock => clock.Id));
        Assert.Equal("validity", standing.Clock); // Both end on one day: a tie.
    }

    [Fact]
    public void Without_a_rule_it_starts_a_clock_of_its_own_or_moves_the_one_that_binds()
    {
        var pack = Pack(Version(Plan, effective: "{'from':'2026-01-01','to':'2026-01-31'}"));

        var own = Ask(pack, "2026-02-03", Stated("2026-02-02", "2026-06-30"));
        Assert.Equal(("stated", ClockKind.Validity, null), (own.Clock, own.Clock("stated").Kind, own.RuleVersion));
        Assert.Equal([new StagePeriod(Stage.Lapsed, Instant("2026-06-30T16:00:00Z"), null, null)], own.Stages);

        var moved = Ask(pack, "2026-02-03", Activated("2026-01-01"), Stated("2026-02-02", "2026-06-30"));
        Assert.Equal(new ClockChange("plan", Date("2026-01-11"), Date("2026-06-30"), null, null, 170, null), moved.Entry("s").Changes.Single());
    }

    [Fact]
    public void A_clock_of_its_own_becomes_the_clock_of_the_rule_that_governs_the_day_asked()
    {
        var pack = Pack(Version(Load, ",'ladder':[{'stage':'grace','length':{'n':9,'unit':'day'}}]", effective: "{'from':'2026-01-01'}"));

        var standing = Ask(pack, "2026-01-05", Stated("2025-12-01", "2026-01-02"));

        Assert.Equal(("validity", Date("2026-01-02"), Stage.Grace), (standing.Clock, standing.EndsOn, standing.Stage));
        Assert.Equal("stated", standing.Entry("s").Changes.Single().Clock);
    }

    [Fact]
    public void Clocks_that_ran_out_start_anew_because_the_line_lives()
    {
        var standing = Ask(Pack(Version(Load + "," + Plan)), "2026-03-02", Activated("2026-01-01"), Stated("2026-03-01", "2026-12-31"));

        Assert.Equal(
            [
                new ClockChange("validity", Date("2026-01-31"), Date("2026-12-31"), null, null, 334, "1"),
                new ClockChange("plan", Date("2026-01-11"), Date("2026-03-11"), null, null, null, "1"),
            ],
            standing.Entry("s").Changes);
    }

    [Fact]
    public void A_word_about_the_past_starts_nothing_anew()
    {
        var standing = Ask(Pack(Version(Load + "," + Plan)), "2026-03-02", Activated("2026-01-01"), Stated("2026-03-01", "2026-02-15"));

        Assert.Single(standing.Entry("s").Changes);
        Assert.Equal("plan", standing.Clock);
    }

    [Fact]
    public void It_measures_the_drift_from_the_end_before_the_entry_even_if_a_rule_moved_the_clock_first()
    {
        var pack = Pack(Version(Validity("{'on':'carrierStated','by':{'n':1,'unit':'month'},'combine':'reset'}")));

        var change = Ask(pack, "2026-01-11", Activated("2026-01-01"), Stated("2026-01-10", "2026-03-31")).Entry("s").Changes.Single();

        Assert.Equal((Date("2026-01-31"), Date("2026-03-31"), 59), (change.Before, change.After, change.DriftDays));
    }

    [Fact]
    public void On_an_exact_clock_a_date_means_the_end_of_that_day()
    {
        var exact = "{'id':'plan','kind':'plan','startsOn':[{'on':'activated'}],'length':{'n':72,'unit':'hour'},'ends':'exact','extendedBy':[]}";

        Assert.Equal(Instant("2026-02-03T16:00:00Z"), Ask(Pack(Version(exact)), "2026-01-03", Activated("2026-01-01"),
            Stated("2026-01-02", "2026-02-03")).DeadlineAt);
    }

    [Fact]
    public void A_clock_that_nobody_knows_is_as_good_as_none_named()
    {
        var standing = Ask(Pack(Version(Load)), "2026-01-03", Stated("2026-01-02", "2026-06-30") with { Clock = "unheard-of" });

        Assert.Equal("validity", standing.Clock);
    }

    [Fact]
    public void Without_an_end_date_it_says_nothing()
    {
        var pack = Pack(Version(Load, effective: "{'from':'2026-01-01'}"));
        var silent = new Entry("s", EntryType.CarrierStated, At("2026-01-02"));

        Assert.Equal(Outcome.None, Ask(pack, "2026-01-03", silent).Entry("s").Outcome);
        Assert.Equal(Outcome.Unknown, Ask(pack, "2026-01-03", silent with { At = At("2025-01-02") }).Entry("s").Outcome);
    }
}
