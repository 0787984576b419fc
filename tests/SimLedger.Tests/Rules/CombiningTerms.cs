using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class CombiningTerms
{
    private static RulePack Extending(string extension, string more = "", string limits = "", string promotions = "") =>
        Pack(Version(Validity(extension, more), limits), promotions: promotions, channels: "{'code':'web','kind':'site','online':true,'trust':'carrier'}");

    private static ClockChange Change(RulePack pack, Entry topUp) => Change(pack, topUp, Activated("2026-01-01"));

    private static ClockChange Change(RulePack pack, Entry topUp, params Entry[] before) =>
        Ask(pack, "2027-01-01", [.. before, topUp]).Entry(topUp.Id).Changes.Single();

    [Theory]
    [InlineData("reset", "2026-02-09", null, null)]
    [InlineData("add", "2026-03-02", null, null)]
    [InlineData("max", "2026-02-09", null, null)]
    [InlineData("endOfMonth", "2026-02-28", null, null)]
    [InlineData("afterPlan", "2026-02-09", null, null)]
    public void On_a_running_clock_each_mode_has_its_sum(string combine, string after, int? wasted, int? shortened)
    {
        var pack = Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'{combine}'}}");

        var change = Change(pack, TopUp("2026-01-10"));

        Assert.Equal((Date("2026-01-31"), Date(after), wasted, shortened), (change.Before, change.After, change.WastedDays, change.ShortenedDays));
    }

    [Theory]
    [InlineData("add")]
    [InlineData("max")]
    public void Add_and_max_reset_a_clock_that_does_not_run(string combine) =>
        Assert.Equal(Date("2026-03-31"), Change(Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'{combine}'}}"), TopUp("2026-03-01")).After);

    [Fact]
    public void Reset_can_shorten_and_says_so()
    {
        var change = Change(Extending($"{{'on':'topUp','by':{{'n':5,{Days}}},'combine':'reset'}}"), TopUp("2026-01-10"));

        Assert.Equal((Date("2026-01-15"), 16, (int?)null), (change.After, change.ShortenedDays, change.WastedDays));
    }

    [Fact]
    public void Set_takes_the_end_date_of_the_entry_without_bonus_or_cut()
    {
        var pack = Extending($"{{'on':'topUp','combine':'set','cap':{{'n':1,{Days}}}}}", limits: $",'limits':{{'maxRemaining':{{'n':1,{Days}}}}}");

        Assert.Equal(Date("2026-12-31"), Change(pack, TopUp("2026-01-10") with { EndsOn = Date("2026-12-31") }).After);
    }

    [Fact]
    public void Set_does_not_match_without_an_end_date_and_the_next_extension_is_tried()
    {
        var pack = Extending($"{{'on':'topUp','combine':'set'}},{{'on':'topUp','by':{{'n':50,{Days}}},'combine':'reset'}}");

        Assert.Equal(Date("2026-03-01"), Change(pack, TopUp("2026-01-10")).After);
    }

    [Fact]
    public void After_a_plan_the_term_counts_from_the_end_of_the_plan_even_once_it_has_stopped()
    {
        const string Plan = "{'id':'plan','kind':'plan','startsOn':[{'on':'renewed'}],'stopsOn':[{'on':'extended'}],'length':{'n':1,'unit':'month'}," +
            "'extendedBy':[]}";
        var pack = Pack(Version(Plan + "," + Validity($"{{'on':'topUp','by':{{'n':180,{Days}}},'combine':'afterPlan'}}")));

        var change = Change(
            pack,
            TopUp("2026-01-20"),
            Activated("2026-01-01"),
            new Entry("r", EntryType.Renewed, At("2026-01-05")),
            new Entry("x", EntryType.Extended, At("2026-01-06")));

        Assert.Equal(Date("2026-08-04"), change.After);
    }

    [Fact]
    public void After_a_plan_the_term_counts_from_the_end_that_the_plan_has_not_from_one_that_this_move_gives_it()
    {
        const string Before = "{'id':'plan','kind':'plan','startsOn':[{'on':'activated'}],'length':{'n':30,'unit':'day'},'extendedBy':[]}";
        const string After = "{'id':'load','kind':'validity','startsOn':[{'on':'topUp'}],'length':{'n':60,'unit':'day'},'extendedBy':[]}," +
            "{'id':'plan','kind':'plan','startsOn':[],'length':{'n':30,'unit':'day'},'notBefore':'load','extendedBy':[{'on':'topUp','by':{'n':10," +
            "'unit':'day'},'combine':'afterPlan'}]}";
        var pack = Pack(
            Version(Before, version: "1", effective: "{'from':'2026-01-01','to':'2026-01-09'}") + "," +
            Version(After, version: "2", effective: "{'from':'2026-01-10'}"));

        var standing = Ask(pack, "2026-01-11", Activated("2026-01-01"), TopUp("2026-01-10"), TopUp("2026-01-10T12:00:00+08:00", id: "again"));

        // The plan ends on 31 January, so the top-up gives it 10 February; until 11 March "load" holds it up, and the next one counts from there.
        Assert.Equal(Date("2026-03-11"), standing.Entry("t").Changes[1].After);
        Assert.Equal(Date("2026-03-21"), standing.Entry("again").Changes.Single().After);
    }

    [Fact]
    public void A_plan_that_starts_with_the_entry_itself_counts_from_its_day()
    {
        var pack = Pack(Version(
            $"{{'id':'plan','kind':'plan','startsOn':[],'length':{{'n':30,{Days}}}," +
            $"'extendedBy':[{{'on':'renewed','by':{{'n':30,{Days}}},'combine':'afterPlan'}}]}}"));

        Assert.Equal(Date("2026-01-31"), Ask(pack, "2026-01-02", new Entry("r", EntryType.Renewed, At("2026-01-01"))).EndsOn);
    }

    [Theory]
    [InlineData("reset", "2026-01-20", 20)]
    [InlineData("add", "2026-01-31", 30)]
    public void A_cap_cuts_but_an_addition_never_below_the_end_before(string combine, string after, int wasted)
    {
        var pack = Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'{combine}','cap':{{'n':10,{Days}}}}}");

        var change = Change(pack, TopUp("2026-01-10"));

        Assert.Equal((Date(after), wasted), (change.After, change.WastedDays));
    }

    [Fact]
    public void What_may_remain_at_most_cuts_a_validity_and_no_other_kind()
    {
        const string Limits = ",'limits':{'maxRemaining':{'n':20,'unit':'day'}}";
        var extension = $"{{'on':'topUp','by':{{'n':40,{Days}}},'combine':'reset'}}";
        var plan = Validity(extension).Replace("'kind':'validity'", "'kind':'plan'", StringComparison.Ordinal);

        Assert.Equal(Date("2026-03-21"), Change(Pack(Version(Validity(extension), Limits)), TopUp("2026-03-01")).After);
        Assert.Equal(Date("2026-04-10"), Change(Pack(Version(plan, Limits)), TopUp("2026-03-01")).After);
    }

    [Fact]
    public void When_the_first_day_counts_sums_from_the_day_are_one_day_earlier_and_sums_from_the_end_are_not()
    {
        const string First = ",'firstDayCounts':true";
        var reset = Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset'}}", First);
        var add = Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'add'}}", First);

        Assert.Equal((Date("2026-01-30"), Date("2026-02-08")), (Change(reset, TopUp("2026-01-10")).Before, Change(reset, TopUp("2026-01-10")).After));
        Assert.Equal(Date("2026-03-01"), Change(add, TopUp("2026-01-10")).After);
    }

    [Fact]
    public void A_bonus_comes_before_the_cut()
    {
        const string Promotion = "{'code':'PLUS','from':'2026-01-01','to':'2026-12-31','effect':{'bonusDays':30}}";
        var pack = Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset','bonus':true,'cap':{{'n':40,{Days}}}}}", promotions: Promotion);

        var change = Change(pack, TopUp("2026-01-10") with { Promotion = "PLUS" });

        Assert.Equal((Date("2026-02-19"), 20), (change.After, change.WastedDays));
    }

    [Theory]
    [InlineData("PLUS", "site", null, "2026-01-10", "2026-03-11")] // A kind given where a code belongs is as good as the code.
    [InlineData("PLUS", "web", null, "2026-01-10", "2026-03-11")]
    [InlineData("PLUS", "shop", null, "2026-01-10", "2026-02-09")]
    [InlineData("PLUS", null, null, "2026-01-10", "2026-02-09")]
    [InlineData("OTHER", "web", null, "2026-01-10", "2026-02-09")]
    [InlineData("PLUS", "web", null, "2026-01-11", "2026-02-10")]
    public void A_promotion_must_be_open_on_the_day_for_the_channel(string promotion, string? channel, string? offer, string at, string after)
    {
        const string Promotion = "{'code':'PLUS','from':'2026-01-10','to':'2026-01-10','channels':['site'],'effect':{'bonusDays':30}}";
        var pack = Extending($"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset','bonus':true}}", promotions: Promotion);

        Assert.Equal(Date(after), Change(pack, TopUp(at) with { Promotion = promotion, Channel = channel, Offer = offer }).After);
    }

    [Theory]
    [InlineData(9.99, null)]
    [InlineData(10, 15)]
    [InlineData(49.99, 15)]
    [InlineData(50, 45)]
    [InlineData(1000, 45)]
    public void The_highest_tier_not_above_the_amount_counts(double amount, int? days)
    {
        var pack = Extending($"{{'on':'topUp','tiers':[{{'from':'50','by':{{'n':45,{Days}}}}},{{'from':'10','by':{{'n':15,{Days}}}}}],'combine':'reset'}}");

        var outcome = Ask(pack, "2027-01-01", Activated("2026-01-01"), TopUp("2026-03-01", (decimal)amount)).Entry("t");

        Assert.Equal(days is { } n ? Date("2026-03-01").PlusDays(n) : null, outcome.Changes.SingleOrDefault()?.After);
    }

    [Theory]
    [InlineData(0.5, null)]
    [InlineData(2.99, 2)]
    [InlineData(3, 3)]
    [InlineData(-5, null)]
    public void Each_full_unit_of_money_counts(double amount, int? days)
    {
        var pack = Extending($"{{'on':'topUp','perUnit':{{'amount':'1','by':{{'n':1,{Days}}}}},'combine':'reset'}}");

        var outcome = Ask(pack, "2027-01-01", Activated("2026-01-01"), TopUp("2026-03-01", (decimal)amount)).Entry("t");

        Assert.Equal(days is { } n ? Date("2026-03-01").PlusDays(n) : null, outcome.Changes.SingleOrDefault()?.After);
    }

    [Fact]
    public void Without_a_term_of_its_own_an_extension_takes_the_period_of_the_entry()
    {
        var pack = Extending("{'on':'topUp','combine':'reset'}");

        Assert.Equal(Date("2026-04-01"), Change(pack, TopUp("2026-03-01") with { Period = new Term(1, TermUnit.Month) }).After);
        Assert.Equal(Outcome.None, Ask(pack, "2027-01-01", Activated("2026-01-01"), TopUp("2026-03-01")).Entry("t").Outcome);
        Assert.Equal(Outcome.None, Ask(pack, "2027-01-01", Activated("2026-01-01"),
            TopUp("2026-03-01") with { Period = new Term(24, TermUnit.Hour) }).Entry("t").Outcome);
    }

    [Theory]
    [InlineData("2026-01-31", 1, "month", "2026-02-28")]
    [InlineData("2024-02-29", 1, "year", "2025-02-28")]
    [InlineData("2025-08-31", 6, "month", "2026-02-28")]
    [InlineData("2026-02-28", 1, "month", "2026-03-28")]
    public void Months_and_years_go_by_the_calendar_and_stop_at_the_last_of_the_month(string day, int n, string unit, string after) =>
        Assert.Equal(Date(after), Ask(Extending($"{{'on':'topUp','by':{{'n':{n},'unit':'{unit}'}},'combine':'reset'}}"), "2027-01-01", TopUp(day)).EndsOn);

    [Fact]
    public void The_first_extension_that_matches_is_taken_and_no_other()
    {
        var pack = Extending($"{{'on':'topUp','by':{{'n':1,{Days}}},'combine':'reset'}},{{'on':'topUp','by':{{'n':90,{Days}}},'combine':'reset'}}");

        Assert.Equal(Date("2026-03-02"), Change(pack, TopUp("2026-03-01")).After);
    }

    [Fact]
    public void A_max_that_leaves_the_end_wastes_the_whole_term_counted_by_the_calendar()
    {
        var pack = Extending("{'on':'topUp','by':{'n':1,'unit':'month'},'combine':'max'}");

        var change = Change(pack, TopUp("2026-02-01"), Activated("2026-01-01"), Stated("2026-01-02", "2026-12-31"));

        Assert.Equal((Date("2026-12-31"), 28), (change.After, change.WastedDays));
    }
}
