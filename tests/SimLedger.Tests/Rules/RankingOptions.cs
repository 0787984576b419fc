using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>All that is usable for a line, by cost and by safety. Today is 2026-06-01, a Monday, in Manila; the line ends on 2026-06-14.</summary>
public class RankingOptions
{
    private const string Now = "2026-06-01T10:00:00+08:00";
    private const string ByPeriod = "{'on':'renewed','combine':'add'}";
    private static readonly Entry Start = Activated("2026-05-15");

    [Fact]
    public void The_cheapest_day_goes_first_and_the_same_days_for_more_money_are_left_out()
    {
        var pack = Pack(Version(Validity(ByPeriod)), channels: "{'code':'web','kind':'site','online':true,'trust':'carrier'}", offers: $"{Offer("month", 30, 30)},{Offer("quarter", 81, 90)},{Offer("posh", 99, 90)},{Offer("year", 365, 365)}");

        var options = Options(pack);

        Assert.Equal([("quarter", 0.9m), ("year", 1m), ("month", 1m)], options.Select(option => (option.Quote.Action.Offer!.Code, option.Quote.CostPerDay!.Value)));
        Assert.Equal([1, 2, 3], options.Select(option => option.CostRank));
        // All through one channel: the later the end, the safer; so also of two that cost the same.
        Assert.Equal(["year", "quarter", "month"], options.BySafety.Select(option => option.Quote.Action.Offer!.Code));
    }

    [Fact]
    public void Safety_is_trust_then_online_then_needs_then_credit()
    {
        const string Channels =
            "{'code':'reseller','kind':'thirdParty','online':true,'trust':'unknown'},{'code':'partner','kind':'thirdParty','online':true,'trust':'trusted'}," +
            "{'code':'shop','kind':'store','online':false,'trust':'carrier'},{'code':'slow','kind':'site','online':true,'trust':'carrier','creditTakesDays':1}," +
            "{'code':'app','kind':'app','online':true,'trust':'carrier','needs':['portalAccount']},{'code':'web','kind':'site','online':true,'trust':'carrier'}";

        var options = Options(Pack(Version(Validity(ByPeriod)), channels: Channels, offers: Offer("month", 30, 30)));

        Assert.Equal(["web", "slow", "app", "shop", "partner", "reseller"], options.BySafety.Select(option => option.Quote.Action.Channel!.Code));
        // At one cost the safer goes first.
        Assert.Equal(["web", "slow", "app", "shop", "partner", "reseller"], options.Select(option => option.Quote.Action.Channel!.Code));
    }

    [Fact]
    public void What_is_credited_too_late_is_the_least_safe()
    {
        const string Channels = "{'code':'slow','kind':'site','online':true,'trust':'carrier','creditTakesDays':4},{'code':'reseller','kind':'thirdParty','online':true,'trust':'unknown'}";
        var pack = Pack(Version(Validity(ByPeriod)), channels: Channels, offers: Offer("month", 30, 30));

        Assert.Equal(["slow", "reseller"], Safest("2026-06-10"));
        Assert.Equal(["reseller", "slow"], Safest("2026-06-11"));

        IEnumerable<string> Safest(string on) => Quoter.Options(pack, About(pack, Now, Start), Date(on)).BySafety.Select(option => option.Quote.Action.Channel!.Code);
    }

    [Fact]
    public void A_closed_channel_is_used_when_it_opens()
    {
        const string Shop = "{'code':'shop','kind':'store','online':false,'trust':'carrier','closedOn':['mon','tue']}";
        var pack = Pack(Version(Validity("{'on':'renewed','combine':'reset'}")), channels: Shop, offers: Offer("month", 30, 30));

        var option = Assert.Single(Options(pack));

        Assert.Equal((Date("2026-06-03"), Date("2026-07-03")), (option.Quote.On, option.Quote.After.EndsOn));
        var moved = Assert.Single(option.Why, reason => reason.Code is ReasonCode.MovedToOpenDay);
        Assert.Equal((Date("2026-06-01"), Date("2026-06-03")), (moved.Data.From, moved.Data.Day));
    }

    [Fact]
    public void What_does_not_keep_the_line_or_cannot_be_done_is_no_option()
    {
        const string Channels = "{'code':'kiosk','kind':'kiosk','online':false,'trust':'carrier','needs':['physicalSim']},{'code':'web','kind':'site','online':true,'trust':'carrier'}";
        var pack = Pack(
            Version(Validity("{'on':'topUp','where':{'minAmount':'50'},'by':{'n':30,'unit':'day'},'combine':'reset'}"), ",'limits':{'maxTopUp':'500'}"), channels: Channels,
            offers: "{'code':'ten','kind':'topUp','amount':'10'},{'code':'fifty','kind':'topUp','amount':'50'},{'code':'much','kind':'topUp','amount':'501'}");

        Assert.Equal(["kiosk fifty", "web fifty"], Codes(Options(pack, FormFactor.Physical)).Order());
        Assert.Equal(["web fifty"], Codes(Options(pack, FormFactor.Esim)));

        static IEnumerable<string> Codes(OptionList options) => options.Select(option => $"{option.Quote.Action.Channel!.Code} {option.Quote.Action.Offer!.Code}");
    }

    [Fact]
    public void What_blocks_the_cheapest_does_not_hide_the_next_of_equal_effect()
    {
        var pack = Pack(
            Version(Validity("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'add'}"), ",'limits':{'minTopUp':'20'}"),
            offers: "{'code':'ten','kind':'topUp','amount':'10'},{'code':'twenty','kind':'topUp','amount':'20'}");

        Assert.Equal(["twenty"], Options(pack).Select(option => option.Quote.Action.Offer!.Code));
    }

    [Fact]
    public void At_one_price_the_promotion_is_taken()
    {
        var pack = Pack(Version(Validity(ByPeriod)), offers: Offer("month", 30, 30), promotions: "{'code':'GIFT','from':'2026-06-01','to':'2026-06-30','effect':{'getFree':'a bag'}}");

        var option = Assert.Single(Options(pack));

        Assert.Equal("GIFT", option.Quote.Promotion?.Code);
        Assert.Contains(option.Why, reason => reason.Code is ReasonCode.UnderPromotion);
    }

    [Fact]
    public void What_has_no_price_is_told_once_with_its_promotion()
    {
        var pack = Pack(
            Version(Validity("{'on':'extended','by':{'n':7,'unit':'day'},'combine':'add','bonus':true}")),
            promotions: "{'code':'GIFT','from':'2026-06-01','to':'2026-06-30','effect':{'getFree':'a bag'}},{'code':'DAYS','from':'2026-06-01','to':'2026-06-30','effect':{'bonusDays':3}}");

        // The bag takes nothing from the days; the three days more are another effect.
        Assert.Equal(["GIFT", "DAYS"], Options(pack).Select(option => option.Quote.Promotion?.Code).OrderDescending());
    }

    [Fact]
    public void What_has_no_price_stands_last_by_cost_and_says_so()
    {
        var pack = Pack(Version(Validity("{'on':'usage','by':{'n':90,'unit':'day'},'combine':'max'},{'on':'topUp','where':{'minAmount':'900'},'by':{'n':30,'unit':'day'},'combine':'add'}")), channels: "{'code':'web','kind':'site','online':true,'trust':'carrier'}");

        var options = Options(pack);

        Assert.Equal([EntryType.TopUp, EntryType.Usage, EntryType.Usage], options.Select(option => option.Quote.Action.Type));
        Assert.Equal([ReasonCode.CheapestPerDay, ReasonCode.CostUnknown, ReasonCode.CostUnknown], options.Select(option => option.Why[0].Code));
        Assert.Contains(options[1].Why, reason => reason.Code is ReasonCode.UsesTheSim);
    }

    [Fact]
    public void Whether_a_line_is_kept_started_rescued_or_freed_is_said()
    {
        var pack = Pack(Version(Validity(ByPeriod), ",'ladder':[{'stage':'grace','length':{'n':30,'unit':'day'}}]"), offers: Offer("month", 30, 30));
        var freed = Pack(Version("{'id':'identity','kind':'registration','startsOn':[{'on':'activated'}],'stopsOn':[{'on':'registered'}],'length':{'n':30,'unit':'day'},'extendedBy':[]}"));

        Assert.Equal(ReasonCode.KeepsUntil, Gain(pack, Start));
        Assert.Equal(ReasonCode.Starts, Gain(pack));
        Assert.Equal(ReasonCode.Rescues, Gain(pack, Activated("2026-04-15")));
        Assert.Equal(ReasonCode.FreesOfEnd, Gain(freed, Start));

        static ReasonCode Gain(RulePack pack, params Entry[] history) =>
            Assert.Single(Quoter.Options(pack, About(pack, Now, history), Date("2026-06-01"))).Why.Select(reason => reason.Code).Single(code => code is ReasonCode.KeepsUntil or ReasonCode.Starts or ReasonCode.Rescues or ReasonCode.FreesOfEnd);
    }

    [Fact]
    public void Of_too_many_the_best_of_either_order_are_told()
    {
        // The longer, the dearer by the day, and the safer.
        var pack = Pack(Version(Validity(ByPeriod)), offers: string.Join(',', Enumerable.Range(1, 9).Select(i => Offer($"o{i}", i * i * 10, i * 10))));

        var options = Options(pack);

        Assert.Equal(["o1", "o2", "o8", "o9"], options.Best(4).Select(option => option.Quote.Action.Offer!.Code));
        Assert.Equal(["o1"], options.Best(1).Select(option => option.Quote.Action.Offer!.Code));
        Assert.Equal(9, options.Best(50).Count);
        Assert.Equal(0, options.NotConsidered);
    }

    [Fact]
    public void A_history_of_thousands_is_not_asked_about_a_thousand_times()
    {
        var offers = string.Join(',', Enumerable.Range(1, 400).Select(i => Offer($"o{i}", i, i == 1 ? 30 : 0)));
        var pack = Pack(Version(Validity(ByPeriod)), offers: offers);
        Entry[] history = [Start, .. Enumerable.Range(0, 4_999).Select(i => Balance("2026-05-16", 1, $"b{i}"))];

        var options = Quoter.Options(pack, About(pack, Now, history), Date("2026-06-01"));

        Assert.Equal((1, 351), (options.Count, options.NotConsidered));
    }

    private static string Offer(string code, int amount, int days) => $"{{'code':'{code}','kind':'renewal','amount':'{amount}','period':{{'n':{days},'unit':'day'}}}}";

    private static OptionList Options(RulePack pack, FormFactor? formFactor = null) => Quoter.Options(pack, About(pack, Now, Start), Date("2026-06-01"), formFactor);
}
