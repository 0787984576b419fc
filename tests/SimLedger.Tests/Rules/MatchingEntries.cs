using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class MatchingEntries
{
    private const string Channels = "{'code':'web','kind':'site','online':true,'trust':'carrier'},{'code':'shop','kind':'store','online':false," +
        "'trust':'carrier'}";

    private static bool Matches(string where, Entry entry, params Entry[] before)
    {
        var on = EnumNames.Of(entry.Type);
        var pack = Pack(
            Version(
                $"{{'id':'c','kind':'inactivity','startsOn':[{{'on':'{on}','where':{{{where}}}}}],'stopsOn':[{{'on':'extended'}}]," +
                $"'length':{{'n':30,{Days}}},'extendedBy':[]}}"),
            channels: Channels,
            offers: "{'code':'BIG','kind':'topUp','amount':'100'}");

        // Stopped just before, so that only the entry in question can start it.
        var stop = new Entry("stop", EntryType.Extended, entry.At);
        return Ask(pack, "2027-01-01", [.. before, stop, entry]).Entry(entry.Id).Outcome is Outcome.Counted;
    }

    [Theory]
    [InlineData("'minAmount':'50'", 50.0, true)]
    [InlineData("'minAmount':'50'", 49.99, false)]
    [InlineData("'maxAmount':'50'", 50.0, true)]
    [InlineData("'maxAmount':'50'", 50.01, false)]
    [InlineData("'minAmount':'10','maxAmount':'50'", 30.0, true)]
    [InlineData("'maxAmount':'50'", null, false)]
    public void An_amount_is_compared_with_both_ends_included(string where, double? amount, bool matches) =>
        Assert.Equal(matches, Matches(where, TopUp("2026-01-01", (decimal?)amount)));

    [Theory]
    [InlineData("'minAmount':'1'")]
    [InlineData("'maxAmount':'1000'")]
    [InlineData("'cumulativeAtLeast':'1','within':{'n':1,'unit':'year'}")]
    public void An_amount_in_another_currency_matches_no_amount(string where) =>
        Assert.False(Matches(where, TopUp("2026-01-01", 100) with { Currency = "USD" }));

    [Fact]
    public void A_filter_that_looks_at_no_amount_takes_any_currency() =>
        Assert.True(Matches("'paidOnly':true", TopUp("2026-01-01", 100) with { Currency = "USD" }));

    [Theory]
    [InlineData("web", true)]
    [InlineData("shop", false)]
    [InlineData("unknown", false)]
    [InlineData(null, false)]
    public void A_channel_is_named_by_code_or_kind(string? channel, bool matches)
    {
        Assert.Equal(matches, Matches("'channels':['web']", TopUp("2026-01-01") with { Channel = channel }));
        Assert.Equal(matches, Matches("'channels':['site']", TopUp("2026-01-01") with { Channel = channel }));
    }

    [Theory]
    [InlineData("BIG", true)]
    [InlineData("SMALL", false)]
    [InlineData(null, false)]
    public void An_offer_is_named_by_code(string? offer, bool matches) =>
        Assert.Equal(matches, Matches("'offers':['BIG']", TopUp("2026-01-01") with { Offer = offer }));

    [Theory]
    [InlineData("'usageKinds':['call','sms']", true)]
    [InlineData("'usageKinds':['data']", false)]
    [InlineData("'direction':'out'", true)]
    [InlineData("'direction':'in'", false)]
    [InlineData("'chargeable':false", true)]
    [InlineData("'chargeable':true", false)]
    [InlineData("'usageKinds':['sms'],'direction':'out','chargeable':false", true)]
    [InlineData("'usageKinds':['sms'],'direction':'in','chargeable':false", false)]
    public void All_members_must_hold(string where, bool matches) =>
        Assert.Equal(matches, Matches(where, new Entry("u", EntryType.Usage, At("2026-01-01"), UsageKind: UsageKind.Sms, Direction: Direction.Out,
            Chargeable: false)));

    [Theory]
    [InlineData("'usageKinds':['sms']")]
    [InlineData("'direction':'out'")]
    [InlineData("'chargeable':true")]
    [InlineData("'chargeable':false")]
    [InlineData("'balanceAtMost':'0'")]
    [InlineData("'balanceAtLeast':'-1000'")]
    public void An_entry_that_lacks_what_is_looked_at_does_not_match(string where) =>
        Assert.False(Matches(where, new Entry("u", EntryType.Usage, At("2026-01-01"))));

    [Fact]
    public void Paid_only_refuses_what_a_promotion_gave()
    {
        Assert.False(Matches("'paidOnly':true", TopUp("2026-01-01") with { Promotion = "GIFT" }));
        Assert.True(Matches("'paidOnly':false", TopUp("2026-01-01") with { Promotion = "GIFT" }));
    }

    [Fact]
    public void A_balance_is_that_of_the_entry_else_the_last_known()
    {
        var known = Balance("2025-12-01", 5);

        Assert.True(Matches("'balanceAtMost':'5'", TopUp("2026-01-01"), known));
        Assert.False(Matches("'balanceAtMost':'4.99'", TopUp("2026-01-01"), known));
        Assert.False(Matches("'balanceAtMost':'5'", TopUp("2026-01-01") with { BalanceAfter = 55 }, known));
        Assert.True(Matches("'balanceAtLeast':'55'", TopUp("2026-01-01") with { BalanceAfter = 55 }, known));
    }

    [Theory]
    [InlineData("2025-12-03", true)]
    [InlineData("2025-12-02", false)]
    public void Amounts_add_up_within_the_days_before(string earlier, bool matches)
    {
        const string Where = "'cumulativeAtLeast':'100','within':{'n':30,'unit':'day'}";

        Assert.Equal(matches, Matches(Where, TopUp("2026-01-01", 60), TopUp(earlier, 40, "t0")));
    }

    [Fact]
    public void Only_amounts_that_match_the_other_members_add_up()
    {
        const string Where = "'channels':['web'],'cumulativeAtLeast':'100','within':{'n':1,'unit':'year'}";
        var last = TopUp("2026-01-01", 60) with { Channel = "web" };

        Assert.True(Matches(Where, last, TopUp("2025-12-01", 40, "t0") with { Channel = "web" }));
        Assert.False(Matches(Where, last, TopUp("2025-12-01", 40, "t0") with { Channel = "shop" }));
        Assert.False(Matches(Where, last, TopUp("2025-12-01", 40, "t0") with { Channel = "web", Currency = "USD" }));
        Assert.False(Matches(Where, last with { Amount = null }, TopUp("2025-12-01", 400, "t0") with { Channel = "web" }));
    }

    [Fact]
    public void A_sum_judges_an_earlier_entry_by_the_balance_known_then()
    {
        const string Where = "'balanceAtMost':'5','cumulativeAtLeast':'100','within':{'n':1,'unit':'year'}";
        var last = TopUp("2026-01-01", 60);

        Assert.True(Matches(Where, last, Balance("2025-11-01", 3), TopUp("2025-11-02", 40, "t0")));
        Assert.False(Matches(Where, last, Balance("2025-11-01", 30), TopUp("2025-11-02", 40, "t0"), Balance("2025-12-01", 3, "b2")));
    }
}
