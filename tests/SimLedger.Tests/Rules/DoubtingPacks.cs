using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>What can be meant but hardly is: the pack loads, its author is told.</summary>
public class DoubtingPacks
{
    private const string Ten = "{'n':10,'unit':'day'}";

    private static readonly string TopUp = $"{{'on':'topUp','by':{Ten},'combine':'reset'}}";
    private static readonly string Sound = PackJson(Version(Validity(TopUp)));

    private static string? Doubt(string json, string? today = null)
    {
        var reading = RulePackReader.Read(Utf8(json), "spec.json", today is null ? null : Date(today));

        Assert.NotNull(reading.Pack);
        Assert.All(reading.Findings, finding => Assert.Equal((Severity.Warning, false), (finding.Severity, finding.Cure.Length == 0)));
        return reading.Findings.Count == 0 ? null : Assert.Single(reading.Findings).JsonPath;
    }

    private static string? DoubtOf(string extension, string more = "") => Doubt(PackJson(Version(Validity(extension), more))) is { } path
        ? path.Replace("$.products[0].rules[0].", "", StringComparison.Ordinal).Replace("clocks[0].extendedBy", "", StringComparison.Ordinal)
        : null;

    [Theory]
    [InlineData("'en':'P'", "'en':'P'", null)]
    [InlineData("'code':'xx-spec'", "'code':'hk-spec'", "$.code")]
    [InlineData("'code':'xx-spec'", "'code':'ph-spec'", null)]
    [InlineData("[{'kind':'hotline','value':'*143#'}]", "[]", "$")]
    [InlineData("[{'kind':'hotline','value':'*143#'}]", "[{'kind':'site','value':'http://example.com'}]", "$.contacts[0].value")]
    [InlineData("[{'kind':'hotline','value':'*143#'}]", "[{'kind':'site','value':'https://example.com'}]", null)]
    [InlineData("'channels':[]", "'channels':[{'code':'a','kind':'site','online':true,'trust':'carrier','url':'example.com/pay'}]", "$.channels[0].url")]
    [InlineData("'channels':[]", "'channels':[{'code':'store','kind':'app','online':true,'trust':'carrier'}]", "$.channels[0].code")]
    [InlineData("'channels':[]", "'channels':[{'code':'app','kind':'app','online':true,'trust':'carrier'}]", null)]
    [InlineData("'title':'example'", "'title':'example','url':'the web'", "$.products[0].rules[0].source.url")]
    [InlineData("'title':'example'", "'title':'example','url':'http://example.com'", null)]
    public void A_carrier_whom_nobody_can_reach_safely_is_doubted(string right, string wrong, string? path) =>
        Assert.Equal(path, Doubt(Sound.Replace(right, wrong, StringComparison.Ordinal)));

    [Theory]
    [InlineData("{'on':'topUp','combine':'set','cap':{'n':10,'unit':'day'}}", "[0]")]
    [InlineData("{'on':'topUp','combine':'set','bonus':true}", "[0]")]
    [InlineData("{'on':'topUp','combine':'set'}", null)]
    [InlineData("{'on':'topUp','combine':'afterPlan','by':{'n':10,'unit':'day'}}", "[0].combine")]
    [InlineData("{'on':'voided','combine':'reset','by':{'n':10,'unit':'day'}}", "[0].on")]
    [InlineData("{'on':'topUp','where':{'channels':[]},'combine':'reset','by':{'n':10,'unit':'day'}}", "[0].where.channels")]
    [InlineData("{'on':'topUp','where':{'offers':[]},'combine':'reset','by':{'n':10,'unit':'day'}}", "[0].where.offers")]
    [InlineData("{'on':'usage','where':{'usageKinds':[]},'combine':'reset','by':{'n':10,'unit':'day'}}", "[0].where.usageKinds")]
    [InlineData("{'on':'topUp','combine':'reset','tiers':[{'from':'5','by':{'n':9,'unit':'day'}},{'from':'1','by':{'n':1,'unit':'day'}}]}", "[0].tiers[1].from")]
    [InlineData("{'on':'topUp','combine':'reset','tiers':[{'from':'1','by':{'n':1,'unit':'day'}},{'from':'5','by':{'n':9,'unit':'day'}}]}", null)]
    [InlineData("{'on':'topUp','where':{'maxAmount':'4'},'combine':'reset','tiers':[{'from':'1','by':{'n':1,'unit':'day'}},{'from':'5','by':{'n':9,'unit':'day'}}]}", "[0].tiers")]
    [InlineData("{'on':'topUp','where':{'minAmount':'5'},'combine':'reset','tiers':[{'from':'1','by':{'n':1,'unit':'day'}},{'from':'5','by':{'n':9,'unit':'day'}}]}", "[0].tiers")]
    [InlineData("{'on':'topUp','combine':'reset','by':{'n':1,'unit':'day'}},{'on':'topUp','where':{'minAmount':'9'},'combine':'reset','by':{'n':9,'unit':'day'}}", "[1]")]
    [InlineData("{'on':'topUp','where':{'minAmount':'9'},'combine':'reset','by':{'n':9,'unit':'day'}},{'on':'topUp','combine':'reset','by':{'n':1,'unit':'day'}}", null)]
    [InlineData("{'on':'topUp','combine':'reset'},{'on':'topUp','combine':'reset','by':{'n':1,'unit':'day'}}", null)]
    public void An_extension_that_is_never_taken_or_means_nothing_is_doubted(string extension, string? path) => Assert.Equal(path, DoubtOf(extension));

    [Theory]
    [InlineData("{'on':'topUp'}", null)]
    [InlineData("{'on':'renewed'}", "ladder[0].exits[0]")]
    [InlineData("{'on':'topUp','where':{'maxAmount':'9'}}", "ladder[0].exits[0]")]
    [InlineData("{'on':'topUp','where':{'maxAmount':'10'}}", null)]
    [InlineData("{'on':'topUp','where':{'direction':'in'}}", "ladder[0].exits[0]")]
    [InlineData("{'on':'topUp','where':{'chargeable':false}}", "ladder[0].exits[0]")]
    [InlineData("{'on':'topUp','where':{'usageKinds':['call']}}", "ladder[0].exits[0]")]
    [InlineData("{'on':'topUp','where':{'usageKinds':['sms','call']}}", null)]
    public void An_exit_that_no_extension_can_share_an_entry_with_is_doubted(string exit, string? path)
    {
        const string Narrow = "{'on':'topUp','where':{'minAmount':'10','direction':'out','chargeable':true,'usageKinds':['sms']},'by':{'n':10,'unit':'day'},'combine':'reset'}";

        var ladder = $",'ladder':[{{'stage':'grace','length':{Ten},'exits':[{exit}]}}]";

        Assert.Equal(path, DoubtOf(Narrow, ladder));
    }

    [Theory]
    [InlineData("['site']", "['store']", "ladder")]
    [InlineData("['web']", "['site']", null)]
    [InlineData("['web']", "['store','web']", null)]
    [InlineData("['store']", "['web']", "ladder")]
    public void Channels_of_an_exit_and_an_extension_may_be_named_by_code_or_kind(string extension, string exit, string? doubted)
    {
        const string Channels = "{'code':'web','kind':'site','online':true,'trust':'carrier'},{'code':'shop','kind':'store','online':false,'trust':'carrier'}";
        var clock = Validity($"{{'on':'topUp','where':{{'channels':{extension}}},'by':{Ten},'combine':'reset'}}");

        var path = Doubt(PackJson(
            Version(clock, $",'ladder':[{{'stage':'grace','length':{Ten},'exits':[{{'on':'topUp','where':{{'channels':{exit}}}}}]}}]"), channels: Channels));

        Assert.Equal(doubted is null ? null : "$.products[0].rules[0].ladder[0].exits[0]", path);
    }

    [Theory]
    [InlineData("topUp", null)]
    [InlineData("renewal", "$.products[0].offers[0]")]
    [InlineData("extension", "$.products[0].offers[0]")]
    [InlineData("addOn", null)]
    public void An_offer_that_no_rule_reacts_to_is_doubted(string kind, string? path) =>
        Assert.Equal(path, Doubt(PackJson(Version(Validity(TopUp)), offers: $"{{'code':'A','kind':'{kind}','amount':'1'}}")));

    [Fact]
    public void An_offer_that_rules_name_among_others_is_not_doubted()
    {
        const string Offers = "{'code':'A','kind':'topUp','amount':'1'},{'code':'B','kind':'topUp','amount':'1'}";
        var onlyA = Version(Validity($"{{'on':'topUp','where':{{'offers':['A']}},'by':{Ten},'combine':'reset'}}"));

        Assert.Equal("$.products[0].offers[1]", Doubt(PackJson(onlyA, offers: Offers)));
    }

    [Fact]
    public void A_promotion_of_no_effect_is_doubted()
    {
        const string Bonus = "{'code':'PLUS','from':'2026-01-01','to':'2026-12-31','effect':{'bonusDays':5}}";
        var giving = TopUp.Replace("'combine'", "'bonus':true,'combine'", StringComparison.Ordinal);

        Assert.Equal("$.products[0].promotions[0].effect.bonusDays", Doubt(PackJson(Version(Validity(TopUp)), promotions: Bonus)));
        Assert.Null(Doubt(PackJson(Version(Validity(giving)), promotions: Bonus)));
        Assert.Equal("$.products[0].promotions[0].from",
            Doubt(PackJson(Version(Validity(giving), effective: "{'from':'2010-01-01','to':'2025-12-31'}"), promotions: Bonus)));
    }

    [Fact]
    public void A_pack_without_product_and_a_product_without_rule_are_doubted()
    {
        Assert.Equal("$.products[0].rules", Doubt(PackJson("")));
        Assert.Equal("$.products", Doubt(Sound[..Sound.IndexOf("'products'", StringComparison.Ordinal)] + "'products':[]}"));
    }

    [Theory]
    [InlineData("{'from':'2010-01-01','to':'2026-11-20'}", "$.products[0].rules")]
    [InlineData("{'from':'2010-01-01','to':'2026-11-21'}", null)]
    [InlineData("{'from':'2026-11-21'}", null)]
    [InlineData("{'from':'2026-11-22'}", "$.products[0].rules")]
    public void A_product_without_rules_in_force_today_is_doubted(string effective, string? path) =>
        Assert.Equal(path, Doubt(PackJson(Version(Validity(TopUp), effective: effective)), today: "2026-11-21"));

    [Theory]
    [InlineData("2026-11-20", null)]
    [InlineData("2026-11-19", "$.products[0].rules[0].source.checkedOn")]
    public void A_source_checked_on_a_day_to_come_is_doubted(string today, string? path) => Assert.Equal(path, Doubt(Sound, today));
}
