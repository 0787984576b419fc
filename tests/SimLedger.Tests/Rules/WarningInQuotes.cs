using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Rules.Quoting.WarningCode;

namespace SimLedger.Tests.Rules;

/// <summary>What a quote warns of. Today is 2026-06-01, a Monday, in Manila; the line was activated on 2026-05-15 and ends on 2026-06-14.</summary>
public class WarningInQuotes
{
    private const string Now = "2026-06-01T10:00:00+08:00";
    private const string Adds = "{'on':'topUp','where':{'minAmount':'50'},'by':{'n':30,'unit':'day'},'combine':'add'}";
    private static readonly Entry Start = Activated("2026-05-15");

    [Fact]
    public void Below_what_the_rule_asks_for_nothing_moves()
    {
        var quote = Quote(Spec(Adds), TopUp(49.99m), "2026-06-01", Start);

        Assert.Equal([MovesNothing, BelowMinimum], Codes(quote));
        Assert.Equal(new Particulars { Of = LimitOf.Rule, Amount = 49.99m, Limit = 50, Currency = "PHP" }, quote.Warnings[1].Data);
        Assert.Equal((0, null, false, false), (quote.DaysKept, quote.CostPerDay, quote.Keeps, quote.IsUsable));
    }

    [Theory]
    [InlineData("{'on':'topUp','tiers':[{'from':'20','by':{'n':7,'unit':'day'}},{'from':'100','by':{'n':30,'unit':'day'}}],'combine':'add'}", 20)]
    [InlineData("{'on':'topUp','perUnit':{'amount':'25','by':{'n':7,'unit':'day'}},'combine':'add'}", 25)]
    [InlineData("{'on':'topUp','where':{'cumulativeAtLeast':'30','within':{'n':30,'unit':'day'}},'by':{'n':30,'unit':'day'},'combine':'add'}", 30)]
    [InlineData("{'on':'topUp','where':{'minAmount':'40'},'tiers':[{'from':'20','by':{'n':7,'unit':'day'}}],'combine':'add'}", 40)]
    public void The_least_amount_that_moves_something_is_the_evaluators(string extension, decimal least) =>
        Assert.Equal(least, Quote(Spec(extension), TopUp(10), "2026-06-01", Start).Warnings.Single(warning => warning.Code is BelowMinimum).Data.Limit);

    [Fact]
    public void No_least_amount_is_named_where_none_would_help() =>
        Assert.Equal([MovesNothing], Codes(Quote(Spec("{'on':'topUp','where':{'minAmount':'50','channels':['kiosk']},'by':{'n':30,'unit':'day'},'combine':'add'}"), TopUp(10), "2026-06-01", Start)));

    [Fact]
    public void Carrier_and_channel_have_limits_of_their_own()
    {
        const string Web = "{'code':'web','kind':'site','online':true,'trust':'carrier','minAmount':'100','maxAmount':'500'}";
        var pack = Spec(Adds, ",'limits':{'minTopUp':'60','maxTopUp':'1000'}", Web);

        Assert.Equal([LimitOf.Carrier, LimitOf.Channel], Limits(BelowMinimum, 55));
        Assert.Equal([LimitOf.Channel], Limits(BelowMinimum, 60));
        Assert.Equal([], Limits(BelowMinimum, 100));
        Assert.Equal([], Limits(AboveMaximum, 500));
        Assert.Equal([LimitOf.Channel], Limits(AboveMaximum, 501));
        Assert.Equal([LimitOf.Carrier, LimitOf.Channel], Limits(AboveMaximum, 1001));
        Assert.False(Quote(pack, TopUp(55), "2026-06-01", Start).IsUsable);

        IEnumerable<LimitOf?> Limits(WarningCode code, decimal amount) =>
            Quote(pack, TopUp(amount) with { Channel = pack.FindChannel("web") }, "2026-06-01", Start).Warnings.Where(warning => warning.Code == code).Select(warning => warning.Data.Of);
    }

    [Fact]
    public void A_month_has_a_limit_and_voided_or_foreign_top_ups_do_not_fill_it()
    {
        var pack = Spec(Adds, ",'limits':{'maxPerMonth':'200'}");
        Entry[] history =
        [
            Start, RuleSpec.TopUp("2026-05-31", 200, "may"), RuleSpec.TopUp("2026-06-01", 100, "one"), RuleSpec.TopUp("2026-06-01", 100, "wrong"),
            new("v", EntryType.Voided, At("2026-06-01"), Voids: "wrong"), RuleSpec.TopUp("2026-06-01", 100, "usd") with { Currency = "USD" },
        ];

        Assert.DoesNotContain(AboveMaximum, Codes(Quote(pack, TopUp(100), "2026-06-01", history)));
        var above = Assert.Single(Quote(pack, TopUp(101), "2026-06-01", history).Warnings, warning => warning.Code is AboveMaximum);
        Assert.Equal((LimitOf.Month, 200m), (above.Data.Of, above.Data.Limit));
    }

    [Fact]
    public void An_amount_in_another_currency_is_compared_with_nothing()
    {
        var quote = Quote(Spec(Adds, ",'limits':{'minTopUp':'60'}"), TopUp(55) with { Currency = "EUR" }, "2026-06-01", Start);

        Assert.Equal([MovesNothing, WrongCurrency], Codes(quote));
        Assert.Equal(("EUR", 55m), (quote.Currency, quote.Price!.Total));
        Assert.Equal(new Particulars { Amount = 55, Currency = "EUR", ProductCurrency = "PHP" }, quote.Warnings[1].Data);
    }

    [Fact]
    public void A_reset_loses_what_remains_and_the_last_safe_day_loses_least()
    {
        // Done today: until 07-01, 17 days gained. Done on 06-07: until 07-07.
        var quote = Quote(Spec("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'reset'}"), TopUp(60), "2026-06-01", Start);

        Assert.Equal([TooEarly], Codes(quote));
        Assert.Equal(new Particulars { Days = 6, Day = Date("2026-06-07"), LostDays = 6 }, quote.Warnings[0].Data);
        Assert.Equal(17, quote.DaysKept);
        Assert.DoesNotContain(TooEarly, Codes(Quote(Spec("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'reset'}"), TopUp(60), "2026-06-07", Start)));
    }

    [Fact]
    public void A_cap_wastes_days_until_enough_are_gone()
    {
        // 06-14 and 30 days is 07-14; no further than 40 days: 07-11. Three days later nothing is lost.
        var quote = Quote(Spec("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'add','cap':{'n':40,'unit':'day'}}"), TopUp(60), "2026-06-01", Start);

        Assert.Equal([TooEarly], Codes(quote));
        Assert.Equal(new Particulars { Days = 3, Day = Date("2026-06-04"), LostDays = 3 }, quote.Warnings[0].Data);
        Assert.Equal((3, 27), (quote.WastedDays, quote.DaysKept));
    }

    [Fact]
    public void A_better_day_is_one_on_which_the_channel_is_open()
    {
        // 06-04 is a Thursday.
        const string Shop = "{'code':'shop','kind':'store','online':false,'trust':'carrier','closedOn':['thu','fri']}";
        var pack = Spec("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'add','cap':{'n':40,'unit':'day'}}", channels: Shop);

        var early = Assert.Single(Quote(pack, TopUp(60) with { Channel = pack.FindChannel("shop") }, "2026-06-01", Start).Warnings);

        Assert.Equal((5, Date("2026-06-06"), 3), (early.Data.Days, early.Data.Day, early.Data.LostDays));
    }

    [Fact]
    public void A_maximum_that_leaves_the_end_moves_nothing_yet()
    {
        // Until 06-08 whatever is done today, and the line lives until 06-14 anyway.
        var quote = Quote(Spec("{'on':'topUp','by':{'n':10,'unit':'day'},'combine':'max'}"), TopUp(60), "2026-06-01", Start);

        Assert.Equal([MovesNothing, TooEarly], Codes(quote));
        Assert.Equal(new Particulars { Days = 6, Day = Date("2026-06-07"), LostDays = 3 }, quote.Warnings[1].Data);
        Assert.Equal(10, quote.WastedDays);
    }

    [Fact]
    public void Days_that_no_waiting_saves_are_wasted()
    {
        var quote = Quote(Spec("{'on':'topUp','by':{'n':30,'unit':'day'},'combine':'add','cap':{'n':20,'unit':'day'}}"), TopUp(60), "2026-06-07", Start);

        Assert.Equal([Wastes], Codes(quote));
        Assert.Equal(17, quote.Warnings[0].Data.Days);
    }

    [Fact]
    public void A_reset_can_shorten()
    {
        var quote = Quote(Spec("{'on':'topUp','by':{'n':10,'unit':'day'},'combine':'reset'}"), TopUp(60), "2026-06-01", Start);

        Assert.Equal([Shortens, TooEarly], Codes(quote));
        Assert.Equal(new Particulars { Days = 3, From = Date("2026-06-14"), To = Date("2026-06-11") }, quote.Warnings[0].Data);
        Assert.Equal((-3, null, false), (quote.DaysKept, quote.CostPerDay, quote.Keeps));
    }

    [Fact]
    public void A_closed_channel_says_when_it_opens()
    {
        const string Shop = "{'code':'shop','kind':'store','online':false,'trust':'carrier','closedOn':['sat','sun']}";
        var pack = Spec(Adds, channels: Shop);

        var quote = Quote(pack, TopUp(60) with { Channel = pack.FindChannel("shop") }, "2026-06-06", Start);

        Assert.Equal([Closed, AfterRenewBy], Codes(quote)); // The last safe day that it is open is Friday the 5th.
        Assert.Equal(Date("2026-06-08"), quote.Warnings[0].Data.Day);
    }

    [Fact]
    public void Credit_after_the_deadline_and_a_day_after_the_last_safe_one_are_told()
    {
        var pack = Spec(Adds, channels: "{'code':'slow','kind':'site','online':true,'trust':'carrier','creditTakesDays':4}");
        var slow = TopUp(60) with { Channel = pack.FindChannel("slow") };

        Assert.Empty(Quote(pack, slow, "2026-06-03", Start).Warnings);
        Assert.Equal([AfterRenewBy], Codes(Quote(pack, slow, "2026-06-10", Start)));
        var late = Quote(pack, slow, "2026-06-11", Start);
        Assert.Equal([CreditedAfterDeadline, AfterRenewBy], Codes(late));
        Assert.Equal((Date("2026-06-15"), Date("2026-06-14")), (late.Warnings[0].Data.Day, late.Warnings[0].Data.To));
        Assert.True(late.IsUsable);
    }

    [Fact]
    public void A_stage_that_lets_it_not_through_is_too_late()
    {
        var pack = Spec(Adds, ",'ladder':[{'stage':'quarantine','length':{'n':5,'unit':'day'},'exits':[]}]");

        var (quarantined, lost) = (Quote(pack, TopUp(60), "2026-06-15", Start), Quote(pack, TopUp(60), "2026-06-20", Start));

        Assert.Equal([TooLate, MovesNothing, AfterRenewBy], Codes(quarantined));
        Assert.Equal(Stage.Quarantine, quarantined.Warnings[0].Data.Stage);
        Assert.Equal([TooLate, MovesNothing, AfterRenewBy], Codes(lost));
        Assert.Equal((0, null), (lost.DaysKept, lost.LastDay));
    }

    [Fact]
    public void What_a_channel_needs_is_told_and_an_esim_goes_into_no_slot()
    {
        var pack = Spec(Adds, channels: "{'code':'kiosk','kind':'kiosk','online':false,'trust':'carrier','needs':['physicalSim','identityDocument','portalAccount']}");
        var (question, atKiosk) = (About(pack, Now, Start), TopUp(60) with { Channel = pack.FindChannel("kiosk") });

        Assert.Equal([NeedsPhysicalSim, NeedsIdentityDocument, NeedsPortalAccount], Codes(Quoter.Quote(pack, question, atKiosk, Date("2026-06-01"))));
        Assert.True(Quoter.Quote(pack, question, atKiosk, Date("2026-06-01"), FormFactor.Physical).IsUsable);
        var esim = Quoter.Quote(pack, question, atKiosk, Date("2026-06-01"), FormFactor.Esim);
        Assert.Equal([NotUsable, NeedsPhysicalSim, NeedsIdentityDocument, NeedsPortalAccount], Codes(esim));
        Assert.False(esim.IsUsable);
    }

    [Fact]
    public void A_channel_nobody_vouches_for_is_told() =>
        Assert.Equal([ThirdParty], Codes(OneChannel("'kind':'thirdParty','online':true,'trust':'unknown'")));

    [Fact]
    public void An_offer_must_be_on_sale_that_day_and_there()
    {
        const string Two = "{'code':'web','kind':'site','online':true,'trust':'carrier'},{'code':'shop','kind':'store','online':false,'trust':'carrier'}";
        var pack = Pack(Version(Validity(Adds)), channels: Two, offers: "{'code':'fifty','kind':'topUp','amount':'50','channels':['site'],'from':'2026-06-02','to':'2026-06-03'}");
        var fifty = new KeepingAction(EntryType.TopUp, 50, pack.Products[0].Offers[0], pack.FindChannel("web"));

        Assert.Equal([NotOnSale], Codes(Quote(pack, fifty, "2026-06-01", Start)));
        Assert.Empty(Codes(Quote(pack, fifty, "2026-06-02", Start)));
        Assert.Equal([NotOnSale], Codes(Quote(pack, fifty, "2026-06-04", Start)));
        Assert.Equal([NotOnSale], Codes(Quote(pack, fifty with { Channel = pack.FindChannel("shop") }, "2026-06-02", Start)));
    }

    [Fact]
    public void A_promotion_that_is_over_takes_nothing_off()
    {
        var pack = Pack(Version(Validity(Adds)), promotions: "{'code':'MAY','from':'2026-05-01','to':'2026-05-31','effect':{'discountPercent':'50'}}");

        var quote = Quote(pack, TopUp(60) with { Promotion = pack.Products[0].Promotions[0] }, "2026-06-01", Start);

        Assert.Equal([PromotionNotOpen], Codes(quote));
        Assert.Equal((null, 60m), (quote.Promotion, quote.Price!.Total));
    }

    [Fact]
    public void Rules_that_are_unknown_contradictory_or_unverified_are_told()
    {
        var unknown = Pack(Version(Validity(Adds), effective: "{'from':'2010-01-01','to':'2026-05-31'}"));
        var conflicting = Pack($"{Version(Validity(Adds))},{Version(Validity(Adds), version: "2")}");
        var unverified = Pack(Version(Validity(Adds)).Replace("'user'", "'unverified'", StringComparison.Ordinal));

        var quote = Quote(unknown, TopUp(60), "2026-06-01", Start);
        Assert.Equal([RuleUnknown, MovesNothing], Codes(quote));
        Assert.Equal((60m, Outcome.Unknown), (quote.Price!.Total, quote.Outcome));
        Assert.Equal([ConflictingRules], Codes(Quote(conflicting, TopUp(60), "2026-06-01", Start)));
        Assert.Equal([Unverified], Codes(Quote(unverified, TopUp(60), "2026-06-01", Start)));
    }

    [Fact]
    public void A_product_without_messages_sends_none()
    {
        var pack = Pack(Version(Validity("{'on':'usage','by':{'n':30,'unit':'day'},'combine':'add'}")));
        var dataOnly = pack with { Products = [pack.Products[0] with { Capabilities = [Capability.Data] }] };

        Assert.Equal([PriceUnknown], Codes(Quote(pack, new KeepingAction(EntryType.Usage, Usage: UsageKind.Sms), "2026-06-01", Start)));
        Assert.Equal([NotUsable, PriceUnknown], Codes(Quote(dataOnly, new KeepingAction(EntryType.Usage, Usage: UsageKind.Sms), "2026-06-01", Start)));
        Assert.Equal([PriceUnknown], Codes(Quote(dataOnly, new KeepingAction(EntryType.Usage, Usage: UsageKind.Data), "2026-06-01", Start)));
    }

    [Fact]
    public void A_product_nobody_knows_is_answered_all_the_same()
    {
        var pack = Spec(Adds);

        var quote = Quoter.Quote(pack, new Question("no such", [Start], At(Now).ToInstant(pack.Zone)), TopUp(60) with { Currency = "PHP" }, Date("2026-06-01"));

        Assert.Equal([RuleUnknown, MovesNothing], Codes(quote));
        Assert.Equal(("PHP", 60m), (quote.Currency, quote.Price!.Total));
        var options = Quoter.Options(pack, new Question("no such", [Start], At(Now).ToInstant(pack.Zone)), Date("2026-06-01"));
        Assert.Empty(options);
        Assert.Equal([RuleUnknown], options.Warnings.Select(warning => warning.Code));
    }

    private static Quote OneChannel(string members)
    {
        var pack = Spec(Adds, channels: $"{{'code':'c',{members}}}");
        return Quote(pack, TopUp(60) with { Channel = pack.FindChannel("c") }, "2026-06-01", Start);
    }

    private static IEnumerable<WarningCode> Codes(Quote quote) => quote.Warnings.Select(warning => warning.Code);

    private static RulePack Spec(string extendedBy, string more = "", string channels = "") => Pack(Version(Validity(extendedBy), more), channels: channels);

    private static KeepingAction TopUp(decimal amount) => new(EntryType.TopUp, amount);

    private static Quote Quote(RulePack pack, KeepingAction action, string on, params Entry[] history) => Quoter.Quote(pack, About(pack, Now, history), action, Date(on));
}
