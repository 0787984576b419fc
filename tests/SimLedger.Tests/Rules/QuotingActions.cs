using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>The figures of a quote, each expected by hand. Where no more is said, today is 2026-06-01 in Manila and a top-up of 50 or more gives 30 days.</summary>
public class QuotingActions
{
    private const string Now = "2026-06-01T10:00:00+08:00";
    private const string AddsThirty = "{'on':'topUp','where':{'minAmount':'50'},'by':{'n':30,'unit':'day'},'combine':'add'}";
    private const string Channels =
        "{'code':'web','kind':'site','online':true,'trust':'carrier','creditTakesDays':2,'fee':{'amount':'1','currency':'PHP'}}," +
        "{'code':'shop','kind':'store','online':false,'trust':'carrier','leadDays':3,'closedOn':['sat','sun'],'fee':{'amount':'1','currency':'USD'}}";

    [Fact]
    public void A_top_up_that_adds_days_keeps_them_all()
    {
        var pack = Spec(AddsThirty);

        var quote = Quote(pack, TopUp(60), "2026-06-01", Activated("2026-05-15"));

        Assert.Equal((Stage.Active, Date("2026-06-14"), Date("2026-06-07")), (quote.Before.Stage, quote.Before.EndsOn, quote.Before.RenewBy));
        Assert.Equal((Stage.Active, Date("2026-07-14"), Date("2026-07-07")), (quote.After.Stage, quote.After.EndsOn, quote.After.RenewBy));
        Assert.Equal([new ClockChange("validity", Date("2026-06-14"), Date("2026-07-14"), null, null, null, "1")], quote.Changes);
        Assert.Equal((30, 0, Outcome.Counted, true, true), (quote.DaysKept, quote.WastedDays, quote.Outcome, quote.Keeps, quote.IsUsable));
        Assert.Equal((new Price(60, 0, 0, 0, null), "PHP", 2.0000m, 60m), (quote.Price!, quote.Currency, quote.CostPerDay, quote.Credit));
        Assert.Equal((Date("2026-06-07"), Date("2026-06-14")), (quote.LastSafeDay, quote.LastDay));
        Assert.Equal(("1", Confidence.User), (quote.Rule!.Version, quote.Rule.Source.Confidence));
        Assert.Empty(quote.Warnings);
    }

    [Fact]
    public void A_later_day_is_quoted_from_its_start_and_today_from_the_instant_asked()
    {
        // The clock of 24 hours exactly tells them apart.
        var pack = Pack(Version(Validity("{'on':'topUp','by':{'n':24,'unit':'hour'},'combine':'reset'}", ",'ends':'exact'", "{'n':72,'unit':'hour'}")));
        Entry[] history = [Activated(Now)];

        Assert.Equal(Instant("2026-06-02T02:00:00Z"), Quote(pack, TopUp(60), "2026-06-01", history).After.DeadlineAt);
        Assert.Equal(Instant("2026-06-02T16:00:00Z"), Quote(pack, TopUp(60), "2026-06-02", history).After.DeadlineAt);
    }

    [Fact]
    public void Facts_of_this_morning_count_today_and_those_of_tomorrow_only_from_then_on()
    {
        var pack = Spec(AddsThirty);
        Entry[] history = [Activated("2026-06-01T09:00:00+08:00"), RuleSpec.TopUp("2026-06-02", 50)];

        Assert.Equal(Date("2026-07-01"), Quote(pack, TopUp(60), "2026-06-01", history).Before.EndsOn);
        Assert.Equal(Date("2026-07-31"), Quote(pack, TopUp(60), "2026-06-02", history).Before.EndsOn);
        Assert.Equal(Date("2026-08-30"), Quote(pack, TopUp(60), "2026-06-02", history).After.EndsOn);
    }

    [Fact]
    public void The_days_of_an_unstarted_line_count_from_the_day_of_acting()
    {
        var quote = Quote(Spec(AddsThirty), TopUp(60), "2026-06-05");

        Assert.Equal((Stage.Unstarted, null), (quote.Before.Stage, quote.Before.EndsOn));
        Assert.Equal((Stage.Active, Date("2026-07-05")), (quote.After.Stage, quote.After.EndsOn));
        Assert.Equal((30, true), (quote.DaysKept, quote.Keeps));
        Assert.Equal((null, null), (quote.LastSafeDay, quote.LastDay));
    }

    [Fact]
    public void Days_already_gone_are_not_kept_by_a_rescue()
    {
        // It ended on 2026-05-15; grace lets a top-up through until 2026-06-14, suspension does not.
        var pack = Spec(AddsThirty, ",'ladder':[{'stage':'grace','length':{'n':30,'unit':'day'}},{'stage':'suspended','length':{'n':30,'unit':'day'},'exits':[]}]");

        var quote = Quote(pack, TopUp(60), "2026-06-01", Activated("2026-04-15"));

        Assert.Equal((Stage.Grace, Date("2026-05-15")), (quote.Before.Stage, quote.Before.EndsOn));
        Assert.Equal((Stage.Active, Date("2026-07-01")), (quote.After.Stage, quote.After.EndsOn));
        Assert.Equal((30, 2.0000m, true), (quote.DaysKept, quote.CostPerDay, quote.Keeps));
        Assert.Equal((Date("2026-05-08"), Date("2026-06-14")), (quote.LastSafeDay, quote.LastDay));
    }

    [Fact]
    public void The_last_day_is_that_of_the_last_stage_whose_exits_let_it_through()
    {
        var pack = Spec(AddsThirty, ",'ladder':[{'stage':'grace','length':{'n':10,'unit':'day'}},{'stage':'suspended','length':{'n':10,'unit':'day'},'exits':[{'on':'topUp','where':{'minAmount':'100'}}]}]");

        Assert.Equal(Date("2026-06-24"), Quote(pack, TopUp(60), "2026-06-01", Activated("2026-05-15")).LastDay);
        Assert.Equal(Date("2026-07-04"), Quote(pack, TopUp(100), "2026-06-01", Activated("2026-05-15")).LastDay);
    }

    [Fact]
    public void A_channel_needs_its_time_before_the_end_and_its_open_days()
    {
        // The line ends on Sunday 2026-06-14. Web: 2 days until credited. Shop: 3 days to get there, closed on weekends.
        var pack = Spec(AddsThirty);
        var (web, shop) = (Quote(pack, TopUp(60, pack, "web"), "2026-06-01", Activated("2026-05-15")), Quote(pack, TopUp(60, pack, "shop"), "2026-06-01", Activated("2026-05-15")));

        Assert.Equal((Date("2026-06-03"), Date("2026-06-05"), Date("2026-06-12")), (web.CreditedOn, web.LastSafeDay, web.LastDay));
        Assert.Equal((Date("2026-06-01"), Date("2026-06-04"), Date("2026-06-12")), (shop.CreditedOn, shop.LastSafeDay, shop.LastDay));
    }

    [Fact]
    public void What_the_channel_takes_counts_by_the_day_only_in_the_same_currency()
    {
        var pack = Spec(AddsThirty);

        Assert.Equal(2.0333m, Quote(pack, TopUp(60, pack, "web"), "2026-06-01", Activated("2026-05-15")).CostPerDay); // 61 / 30
        Assert.Equal(2m, Quote(pack, TopUp(60, pack, "shop"), "2026-06-01", Activated("2026-05-15")).CostPerDay);
        Assert.Equal(new ChannelFee(1, "USD"), Quote(pack, TopUp(60, pack, "shop"), "2026-06-01", Activated("2026-05-15")).Price!.ChannelFee);
    }

    [Theory]
    [InlineData(0.00025, 1, 0.0002)] // Half to even.
    [InlineData(0.00035, 1, 0.0004)]
    [InlineData(100, 3, 33.3333)]
    [InlineData(200, 3, 66.6667)]
    public void The_cost_of_a_day_has_four_decimals(decimal paid, int days, decimal cost)
    {
        var pack = Spec($"{{'on':'topUp','by':{{'n':{days},'unit':'day'}},'combine':'add'}}");

        Assert.Equal(cost, Quote(pack, TopUp(paid), "2026-06-01", Activated("2026-05-15")).CostPerDay);
    }

    [Fact]
    public void An_offer_is_told_with_its_fees_its_credit_and_its_promotion()
    {
        var pack = Pack(
            Version(Validity("{'on':'renewed','combine':'add','bonus':true}")),
            offers: "{'code':'quarter','kind':'renewal','amount':'90','credit':'40','period':{'n':3,'unit':'month'},'fees':[{'kind':'base','amount':'70'},{'kind':'addOn','amount':'15'},{'kind':'handling','amount':'5'}]}",
            promotions: "{'code':'JUNE','from':'2026-06-01','to':'2026-06-30','effect':{'bonusDays':8,'discountPercent':'10','getFree':'a bag'}}," +
                "{'code':'LATER','from':'2026-07-01','to':'2026-07-30','effect':{'bonusDays':9}}," +
                "{'code':'SHOP','from':'2026-06-01','to':'2026-06-30','channels':['store'],'effect':{'bonusDays':9}}," +
                "{'code':'YEAR','from':'2026-06-01','to':'2026-06-30','offers':['quarter'],'effect':{'bonusDays':1}}");
        var product = pack.Products[0];
        var action = new KeepingAction(EntryType.Renewed, 90, product.Offers[0], Promotion: product.Promotions[0]);

        var quote = Quote(pack, action, "2026-06-01", Activated("2026-05-15"));

        // 2026-06-14 and three months and eight days.
        Assert.Equal((Date("2026-09-22"), 100), (quote.After.EndsOn, quote.DaysKept));
        Assert.Equal((new Price(70, 15, 5, 8.50m, null), 81.50m), (quote.Price!, quote.Price!.Total));
        Assert.Equal((0.815m, 40m, "JUNE"), (quote.CostPerDay, quote.Credit, quote.Promotion!.Code));
        Assert.Equal([("SHOP", MissedBecause.OtherChannel), ("YEAR", MissedBecause.NotNamed)], quote.MissedPromotions.Select(missed => (missed.Promotion.Code, missed.Because)));
    }

    [Fact]
    public void An_offer_that_ends_is_safe_no_longer_than_it_is_sold()
    {
        var pack = Pack(
            Version(Validity("{'on':'renewed','combine':'add'}")), channels: Channels,
            offers: "{'code':'month','kind':'renewal','amount':'90','period':{'n':1,'unit':'month'},'to':'2026-06-06'}");
        var month = new KeepingAction(EntryType.Renewed, 90, pack.Products[0].Offers[0]);

        var (anyhow, shop) = (Quote(pack, month, "2026-06-01", Activated("2026-05-15")), Quote(pack, month with { Channel = pack.FindChannel("shop") }, "2026-06-01", Activated("2026-05-20")));

        Assert.Equal((Date("2026-06-06"), Date("2026-06-06")), (anyhow.LastSafeDay, anyhow.LastDay));
        Assert.Equal((Date("2026-06-05"), Date("2026-06-05")), (shop.LastSafeDay, shop.LastDay)); // A Saturday, when the shop is closed.
    }

    [Fact]
    public void A_registration_can_free_a_line_of_its_end()
    {
        var pack = Pack(Version("{'id':'identity','kind':'registration','startsOn':[{'on':'activated'}],'stopsOn':[{'on':'registered'}],'length':{'n':30,'unit':'day'},'extendedBy':[]}"));

        var quote = Quote(pack, new KeepingAction(EntryType.Registered), "2026-06-01", Activated("2026-05-15"));

        Assert.Equal((Date("2026-06-14"), null), (quote.Before.EndsOn, quote.After.EndsOn));
        Assert.Equal(["identity"], quote.Stopped);
        Assert.Equal((null, true), (quote.DaysKept, quote.Keeps));
        Assert.Equal([WarningCode.PriceUnknown], quote.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void A_period_that_is_named_goes_before_the_offers()
    {
        var pack = Spec("{'on':'extended','combine':'add'}");

        var quote = Quote(pack, new KeepingAction(EntryType.Extended, 10) { Period = new Term(2, TermUnit.Month) }, "2026-06-01", Activated("2026-05-15"));

        Assert.Equal(Date("2026-08-14"), quote.After.EndsOn);
    }

    [Fact]
    public void An_entry_of_the_history_may_have_any_id_and_void_any()
    {
        var pack = Spec(AddsThirty);
        Entry[] history = [Activated("2026-05-15", "quoted"), new Entry("v", EntryType.Voided, At("2026-05-20"), Voids: "quoted'")];

        var quote = Quote(pack, TopUp(60), "2026-06-01", history);

        Assert.Equal((Date("2026-06-14"), Date("2026-07-14")), (quote.Before.EndsOn, quote.After.EndsOn));
    }

    private static RulePack Spec(string extendedBy, string more = "") => Pack(Version(Validity(extendedBy), more), channels: Channels);

    private static KeepingAction TopUp(decimal amount, RulePack? pack = null, string? channel = null) => new(EntryType.TopUp, amount, Channel: pack?.FindChannel(channel));

    private static Quote Quote(RulePack pack, KeepingAction action, string on, params Entry[] history) => Quoter.Quote(pack, About(pack, Now, history), action, Date(on));
}
