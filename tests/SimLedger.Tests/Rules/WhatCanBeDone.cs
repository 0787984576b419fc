using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>What can be done for a line on a day, and what it costs.</summary>
public class WhatCanBeDone
{
    private const string Web = "{'code':'web','kind':'site','online':true,'trust':'carrier','minAmount':'50','maxAmount':'1000'}";
    private const string Shop = "{'code':'shop','kind':'store','online':false,'trust':'carrier','fee':{'amount':'5','currency':'PHP'}}";

    [Fact]
    public void What_is_sold_goes_before_what_the_rules_only_name() => Assert.Equal(
        ["topUp 100 load web", "topUp 100 load shop", "usage sms", "usage call"],
        Told(Pack(
            Version(Validity("{'on':'topUp','where':{'minAmount':'20'},'by':{'n':30,'unit':'day'},'combine':'max'},{'on':'usage','by':{'n':30,'unit':'day'},'combine':'max'}")),
            channels: $"{Web},{Shop}",
            offers: "{'code':'load','kind':'topUp','amount':'100'},{'code':'old','kind':'topUp','amount':'10','to':'2026-01-31'},{'code':'new','kind':'topUp','amount':'10','from':'2026-02-02'}")));

    [Fact]
    public void Without_a_price_list_the_rules_say_the_amounts_and_a_channel_may_ask_for_more() => Assert.Equal(
        ["topUp 50 web", "topUp 20 shop", "topUp 100 web", "topUp 100 shop"],
        Told(Pack(
            Version(Validity("{'on':'topUp','tiers':[{'from':'10','by':{'n':30,'unit':'day'}},{'from':'100','by':{'n':90,'unit':'day'}},{'from':'5000','by':{'n':900,'unit':'day'}}],'combine':'add'}"),
                ",'limits':{'minTopUp':'20','maxTopUp':'2000'}"),
            channels: $"{Web},{Shop}")));

    [Fact]
    public void A_channel_that_asks_for_more_than_the_rules_take_is_no_way() => Assert.Equal(
        ["renewed 30 shop"],
        Told(Pack(Version(Validity("{'on':'renewed','where':{'minAmount':'30','maxAmount':'40'},'by':{'n':30,'unit':'day'},'combine':'add'}")), channels: $"{Web},{Shop}")));

    [Fact]
    public void An_amount_above_what_every_channel_takes_is_not_proposed() => Assert.Equal(
        [],
        Told(Pack(Version(Validity("{'on':'topUp','where':{'minAmount':'5000'},'by':{'n':30,'unit':'day'},'combine':'add'}")), channels: Web)));

    [Fact]
    public void Credit_by_the_unit_is_proposed_for_a_month_a_quarter_half_a_year_and_a_year() => Assert.Equal(
        ["topUp 30", "topUp 90", "topUp 180", "topUp 366"],
        Told(Pack(Version(Validity("{'on':'topUp','perUnit':{'amount':'6','by':{'n':6,'unit':'day'}},'combine':'add'}")))));

    [Fact]
    public void A_promotion_stands_beside_the_plain_action_where_it_is_open() => Assert.Equal(
        ["topUp 50 web", "topUp 50 web PLUS", "topUp 20 shop"],
        Told(Pack(
            Version(Validity("{'on':'topUp','where':{'minAmount':'20'},'by':{'n':30,'unit':'day'},'combine':'max'}")),
            channels: $"{Web},{Shop}",
            promotions: "{'code':'PLUS','from':'2026-02-01','to':'2026-02-01','channels':['site'],'effect':{'bonusDays':7}},{'code':'OVER','from':'2025-02-01','to':'2026-01-31','effect':{'bonusDays':7}}")));

    [Fact]
    public void A_pack_of_megabytes_is_cut_short()
    {
        var channels = string.Join(',', Enumerable.Range(0, 80).Select(i => $"{{'code':'c{i}','kind':'site','online':true,'trust':'carrier'}}"));
        var offers = string.Join(',', Enumerable.Range(0, 80).Select(i => $"{{'code':'o{i}','kind':'topUp','amount':'{i + 1}'}}"));

        Assert.Equal(KeepingActions.Most, Told(Pack(Version(Validity("")), channels: channels, offers: offers)).Count());
    }

    [Fact]
    public void An_offers_fees_split_what_is_paid()
    {
        var pack = Pack(
            Version(Validity("")), channels: Shop,
            offers: "{'code':'year','kind':'renewal','amount':'100','fees':[{'kind':'addOn','amount':'20'},{'kind':'handling','amount':'3.50'}]}",
            promotions: "{'code':'LESS','from':'2026-01-01','to':'2026-12-31','effect':{'discountPercent':'12.345'}}");
        var (product, shop) = (pack.Products[0], pack.Channels[0]);
        var year = new KeepingAction(EntryType.Renewed, 100, product.Offers[0], shop);

        Assert.Equal(new Price(76.50m, 20, 3.50m, 0, new ChannelFee(5, "PHP")), year.Price);
        Assert.Equal(100, year.Price!.Total);
        Assert.Equal(11.91m, (year with { Promotion = product.Promotions[0] }).Price!.Discount); // 12.345 % of 96.50 is 11.912925.
        Assert.Equal(88.09m, (year with { Promotion = product.Promotions[0] }).Price!.Total);
    }

    [Fact]
    public void What_has_no_amount_has_no_price()
    {
        Assert.Null(new KeepingAction(EntryType.TopUp).Price);
        Assert.Null(new KeepingAction(EntryType.TopUp, 0).Price);
        Assert.Null(new KeepingAction(EntryType.Usage, Usage: UsageKind.Sms).Price);
        Assert.Equal(new Price(10, 0, 0, 0, null), new KeepingAction(EntryType.TopUp, 10).Price);
    }

    private static IEnumerable<string> Told(RulePack pack) =>
        KeepingActions.Of(pack, pack.Products[0], pack.Products[0].Rules[0], Date("2026-02-01")).Select(action => string.Join(' ', new[]
        {
            EnumNames.Of(action.Type), action.Amount?.ToString(System.Globalization.CultureInfo.InvariantCulture), action.Offer?.Code, action.Channel?.Code,
            action.Promotion?.Code, action.Usage is { } usage ? EnumNames.Of(usage) : null,
        }.Where(part => part is not null)));
}
