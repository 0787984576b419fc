using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>What is planned for one line, case by case. Today is Wednesday, 21 January 2026, in Manila.</summary>
public class PlanningLines
{
    private const string Web = "{'code':'web','kind':'site','online':true,'trust':'carrier'}";

    private static readonly Instant Now = Instant("2026-01-21T02:00:00Z");

    private static string TopUp50 => Version(Validity("{'on':'topUp','where':{'minAmount':'50'},'by':{'n':30,'unit':'day'},'combine':'reset'}"));

    [Fact]
    public void An_action_lies_on_the_last_safe_day()
    {
        // Ends on 10 February; a week before is Tuesday the 3rd, the channel takes two days, and is closed on Sunday the 1st.
        var pack = Pack(TopUp50, channels: "{'code':'web','kind':'site','online':true,'trust':'carrier','creditTakesDays':2,'closedOn':['sun']}");

        var action = Assert.Single(Plan(pack, months: 1, Activated("2026-01-11")).Actions);

        Assert.Equal((Date("2026-01-31"), Date("2026-01-31")), (action.Day, action.LatestDay));
        Assert.Equal(("validity", Date("2026-02-10"), Date("2026-03-02")), (action.Clock, action.Serves, action.EndsOn));
        Assert.Equal((EntryType.TopUp, 50, "web", 50), (action.Action.Type, action.Action.Amount, action.Action.Channel!.Code, action.Price!.Total));
        Assert.Equal(("1", Confidence.User, false), (action.RuleVersion, action.Confidence, action.IsLate));
    }

    [Fact]
    public void What_ends_beyond_the_horizon_needs_nothing()
    {
        var plan = Plan(Pack(TopUp50, channels: Web), months: 1, Activated("2026-01-20"), Stated("2026-01-20", "2026-02-28"));

        Assert.Empty(plan.Actions);
        Assert.Empty(plan.Issues);
        Assert.Equal((true, Date("2026-02-21")), (plan.IsCovered, plan.SafeUntil));
    }

    [Fact]
    public void A_promotion_is_bought_ahead_for_where_that_is_cheaper()
    {
        var rules = Version(Validity("{'on':'renewed','combine':'add','cap':{'n':80,'unit':'day'}}"));
        var pack = Pack(
            rules, channels: Web, offers: "{'code':'month','kind':'renewal','amount':'100','period':{'n':30,'unit':'day'}}",
            promotions: "{'code':'half','from':'2026-01-15','to':'2026-01-25','effect':{'discountPercent':'50'}}");

        var plan = Plan(pack, months: 3, Activated("2026-01-10"));

        // Two at half the price as late as it is to be had: a third one would be cut by the cap to less than is needed at the end.
        Assert.Equal([("half", Date("2026-01-25")), ("half", Date("2026-01-25")), (null, Date("2026-04-03"))], plan.Actions.Select(action => (action.Action.Promotion?.Code, action.Day)));
        Assert.Equal(200, plan.Actions.Sum(action => action.Price!.Total));
    }

    [Fact]
    public void What_has_no_price_is_planned_only_where_nothing_else_serves()
    {
        var either = Pack(Version(Validity("{'on':'usage','by':{'n':90,'unit':'day'},'combine':'reset'},{'on':'topUp','where':{'minAmount':'10'},'by':{'n':30,'unit':'day'},'combine':'reset'}")), channels: Web);
        var usage = Pack(Version(Validity("{'on':'usage','by':{'n':90,'unit':'day'},'combine':'reset'}")), channels: Web);

        Assert.All(Plan(either, months: 3, Activated("2026-01-20")).Actions, action => Assert.Equal(EntryType.TopUp, action.Action.Type));
        var plan = Plan(usage, months: 3, Activated("2026-01-20"));
        Assert.Equal((EntryType.Usage, null), (Assert.Single(plan.Actions).Action.Type, plan.Actions[0].Price));
        Assert.Equal([PlanIssue.PriceUnknown], plan.Issues);

        var without = Plan(usage, request => request with { UnpricedToo = false }, months: 3, Activated("2026-01-20"));
        Assert.Empty(without.Actions);
        Assert.Equal((PlanIssue.NoUsableAction, Date("2026-02-12")), (Assert.Single(without.Issues), without.SafeUntil));
    }

    [Theory]
    [InlineData("2025-12-25", "2026-01-21", "")] // Ends on 24 January, within the margin.
    [InlineData("2025-12-20", "2026-01-21", "")] // Ended on the 19th; nobody knows what follows.
    [InlineData("2025-12-25", "2026-01-23", ",'closedOn':['wed','thu']")]
    public void A_line_that_is_late_acts_on_the_first_possible_day(string activated, string day, string closed)
    {
        var plan = Plan(Pack(TopUp50, channels: $"{{'code':'web','kind':'site','online':true,'trust':'carrier'{closed}}}"), months: 1, Activated(activated));

        Assert.Equal([PlanIssue.Late], plan.Issues);
        Assert.Equal((Date(day), true), (plan.Actions[0].Day, plan.Actions[0].IsLate));
        Assert.True(plan.IsCovered);
    }

    [Fact]
    public void A_line_is_late_as_well_when_no_channel_is_fast_enough()
    {
        var pack = Pack(TopUp50, channels: "{'code':'web','kind':'site','online':true,'trust':'carrier','leadDays':5}");

        var plan = Plan(pack, months: 1, Activated("2026-01-01")); // Ends on the 31st: safe until the 24th.

        Assert.Equal([PlanIssue.Late], plan.Issues);
        Assert.Equal((Date("2026-01-21"), true), (plan.Actions[0].Day, plan.Actions[0].IsLate));
    }

    [Fact]
    public void A_lost_line_is_closed()
    {
        var rules = Version(Validity("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'reset'}"), ",'ladder':[{'stage':'grace','length':{'n':5,'unit':'day'}}]");

        var plan = Plan(Pack(rules, channels: Web), months: 12, Activated("2025-11-01"));

        Assert.Equal((PlanIssue.Lost, null, false), (Assert.Single(plan.Issues), plan.SafeUntil, plan.IsCovered));
        Assert.Empty(plan.Actions);
    }

    [Fact]
    public void A_line_without_a_deadline_has_nothing_to_plan_for()
    {
        Assert.Equal(PlanIssue.NotStarted, Assert.Single(Plan(Pack(TopUp50, channels: Web), months: 12).Issues));
        Assert.Equal(PlanIssue.RuleUnknown, Assert.Single(Plan(Pack(Version(Validity(""), "", "1", "{'from':'2027-01-01'}")), months: 1, Activated("2026-01-01")).Issues));
        Assert.Equal(PlanIssue.RuleUnknown, Assert.Single(Plan("no-such-product", Pack(TopUp50), Activated("2026-01-01")).Issues));

        var stated = Plan("no-such-product", Pack(TopUp50), Stated("2026-01-01", "2026-02-20"));
        Assert.Equal((PlanIssue.RuleUnknown, Date("2026-02-13")), (Assert.Single(stated.Issues), stated.SafeUntil));
    }

    [Fact]
    public void Where_the_rules_end_the_plan_goes_as_far_as_it_can()
    {
        var rules = Version(Validity("{'on':'topUp','where':{'minAmount':'50'},'by':{'n':30,'unit':'day'},'combine':'reset'}"), "", "1", "{'from':'2010-01-01','to':'2026-02-05'}");

        var plan = Plan(Pack(rules, channels: Web), months: 3, Activated("2026-01-15"));

        // On the last day on which a rule says what a top-up does.
        Assert.Equal(Date("2026-02-05"), Assert.Single(plan.Actions).Day);
        Assert.Equal((PlanIssue.RuleUnknown, Date("2026-02-28")), (Assert.Single(plan.Issues), plan.SafeUntil));
    }

    [Fact]
    public void A_margin_that_no_term_can_hold_is_said_and_nothing_paid_for_it()
    {
        var plan = Plan(Pack(TopUp50, channels: Web), request => request with { MarginDays = 40 }, months: 12, Activated("2026-01-20"));

        Assert.Equal([PlanIssue.NoUsableAction, PlanIssue.Late], plan.Issues);
        Assert.Empty(plan.Actions);
        Assert.Null(plan.SafeUntil);
    }

    [Fact]
    public void An_esim_uses_no_channel_that_needs_a_physical_sim()
    {
        var pack = Pack(TopUp50, channels: "{'code':'kiosk','kind':'kiosk','online':false,'trust':'carrier','needs':['physicalSim']}," +
            "{'code':'web','kind':'site','online':true,'trust':'carrier','fee':{'amount':'5','currency':'PHP'}}");
        var line = Line(pack, Activated("2026-01-20"));

        Assert.Equal("kiosk", PlanOf(line with { FormFactor = FormFactor.Physical }).Actions[0].Action.Channel!.Code);
        Assert.Equal("kiosk", PlanOf(line).Actions[0].Action.Channel!.Code);
        Assert.Equal("web", PlanOf(line with { FormFactor = FormFactor.Esim }).Actions[0].Action.Channel!.Code);
    }

    [Fact]
    public void A_preference_decides_only_between_schedules_of_one_price()
    {
        var pack = Pack(TopUp50, channels: $"{Web},{{'code':'app','kind':'app','online':true,'trust':'carrier'}},{{'code':'shop','kind':'store','online':false,'trust':'carrier','fee':{{'amount':'5','currency':'PHP'}}}}");
        var line = Line(pack, Activated("2026-01-20"));

        Assert.Equal("app", PlanOf(line with { PreferredChannels = ["app"] }).Actions[0].Action.Channel!.Code);
        Assert.Equal("app", PlanOf(line, request => request with { PreferredChannels = ["app"] }).Actions[0].Action.Channel!.Code);
        Assert.NotEqual("shop", PlanOf(line with { PreferredChannels = ["store"] }).Actions[0].Action.Channel!.Code);
    }

    [Fact]
    public void A_fee_in_another_currency_is_its_own_sum_and_taken_only_where_it_must()
    {
        const string Foreign = "{'code':'web','kind':'site','online':true,'trust':'carrier','fee':{'amount':'1','currency':'USD'}}";
        const string Dear = "{'code':'shop','kind':'store','online':false,'trust':'carrier','fee':{'amount':'500','currency':'PHP'}}";

        var both = Planner.Plan([Line(Pack(TopUp50, channels: $"{Foreign},{Dear}"), Activated("2026-01-20"))], Request(1));
        var foreign = Planner.Plan([Line(Pack(TopUp50, channels: Foreign), Activated("2026-01-20"))], Request(1));

        Assert.Equal([new TotalCost("PHP", 550, 0)], both.Totals);
        Assert.Equal([new TotalCost("PHP", 50, 0), new TotalCost("USD", 1, 0)], foreign.Totals);
    }

    [Fact]
    public void A_month_takes_no_more_top_ups_than_the_carrier_allows()
    {
        // Each top-up gives sixteen days and at most two fit into a month; what is missing at a month's end is had in the month before.
        var rules = Version(Validity("{'on':'topUp','where':{'minAmount':'50'},'by':{'n':16,'unit':'day'},'combine':'add'}"), ",'limits':{'maxPerMonth':'100'}");

        var plan = Plan(Pack(rules, channels: Web), request => request with { MarginDays = 0 }, months: 6, Activated("2026-01-01"), TopUp("2026-01-02", 50));

        Assert.True(plan.IsCovered);
        Assert.All(plan.Actions.GroupBy(action => action.Day.ToYearMonth()), month => Assert.True(month.Sum(action => action.Action.Amount) <= (month.Key.Month == 1 ? 50 : 100)));
    }

    [Fact]
    public void What_is_recorded_as_happening_later_counts_for_nothing()
    {
        var later = Plan(Pack(TopUp50, channels: Web), months: 1, Activated("2026-01-15"), TopUp("2026-01-22", 50));

        Assert.Equal(Date("2026-02-07"), Assert.Single(later.Actions).Day);
    }

    [Fact]
    public void A_search_beyond_measure_is_given_up_and_the_line_is_safe_all_the_same()
    {
        var types = new[] { "topUp", "renewed", "extended", "registered" };
        var clocks = types.Select((type, i) => $"{{'id':'{type}','kind':'plan','startsOn':[{{'on':'activated'}}],'length':{{'n':{20 + i},'unit':'day'}},'extendedBy':[" +
            $"{{'on':'{type}','where':{{'maxAmount':'10'}},'by':{{'n':{11 + 3 * i},'unit':'day'}},'combine':'add'}},{{'on':'{type}','by':{{'n':{17 + 4 * i},'unit':'day'}},'combine':'max'}}]}}");
        var offers = types.Take(3).SelectMany((type, i) => new[] { 10, 17 }.Select(amount =>
            $"{{'code':'{type}-{amount}','kind':'{new[] { "topUp", "renewal", "extension" }[i]}','amount':'{amount + i}'}}"));
        var channels = Enumerable.Range(0, 3).Select(i => $"{{'code':'c{i}','kind':'site','online':true,'trust':'carrier','creditTakesDays':{i},'closedOn':['{new[] { "mon", "wed", "fri" }[i]}']}}");
        var line = Line(Pack(Version(string.Join(',', clocks)), channels: string.Join(',', channels), offers: string.Join(',', offers)), Activated("2026-01-20"));
        var request = Request(36) with { MarginDays = 2 };

        var plan = Planner.Plan([line], request).Lines[0];

        Assert.Contains(PlanIssue.Approximate, plan.Issues);
        Assert.True(plan.IsCovered);
        Assert.Null(Safety.Broken(line, request, plan));
    }

    private static PlanRequest Request(int months) => new(Now, new Term(months, TermUnit.Month));

    private static PlanLine Line(RulePack pack, params Entry[] history) => new("line", pack, new Question("p", history, Now));

    private static LinePlan Plan(RulePack pack, int months, params Entry[] history) => Plan(pack, request => request, months, history);

    private static LinePlan Plan(RulePack pack, Func<PlanRequest, PlanRequest> with, int months, params Entry[] history) =>
        Planner.Plan([Line(pack, history)], with(Request(months))).Lines[0];

    private static LinePlan Plan(string product, RulePack pack, params Entry[] history) =>
        Planner.Plan([new PlanLine("line", pack, new Question(product, history, Now))], Request(12)).Lines[0];

    private static LinePlan PlanOf(PlanLine line, Func<PlanRequest, PlanRequest>? with = null) => Planner.Plan([line], (with ?? (request => request))(Request(1))).Lines[0];
}
