using System.Text.RegularExpressions;
using SimLedger.Rules;
using SimLedger.Rules.Quoting;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>Warnings and reasons as sentences.</summary>
public partial class QuotesInWords
{
    [Fact]
    public void A_warning_is_said_in_either_language()
    {
        var early = new Warning(WarningCode.TooEarly, WarningSeverity.Loses, new Particulars { Days = 6, Day = Date("2026-06-07"), LostDays = 1 });

        Assert.Equal("Too early: done 6 days later, on 2026-06-07, it gives 1 day more.", QuoteSentences.Of(early, QuoteSentences.English));
        Assert.Equal("过早：推迟 6 天，到 2026-06-07 再办，可多得 1 天。", QuoteSentences.Of(early, QuoteSentences.Chinese));
        Assert.Equal(QuoteSentences.Of(early, QuoteSentences.English), QuoteSentences.Of(early, "fr"));
    }

    [Fact]
    public void A_channel_is_called_by_its_name()
    {
        var pack = Pack(Version(Validity("")), channels: "{'code':'web','kind':'site','online':true,'trust':'unknown','name':{'en':'The shop','zh-Hans':'商店'}},{'code':'other','kind':'site','online':true,'trust':'unknown'}");

        Assert.Equal("The shop: nobody vouches for this third party.", Say("web", "en"));
        Assert.Equal("商店：第三方平台，信誉未知。", Say("web", "zh-Hans"));
        Assert.Equal("other: nobody vouches for this third party.", Say("other", "en"));

        string Say(string channel, string language) =>
            QuoteSentences.Of(new Warning(WarningCode.ThirdParty, WarningSeverity.Loses, new Particulars { Channel = pack.FindChannel(channel) }), language);
    }

    [Theory]
    [InlineData("2026-06-01", null, "gone is not on sale that day (from 2026-06-01).", "gone 当日不在售（2026-06-01 起）。")]
    [InlineData(null, "2026-06-30", "gone is not on sale that day (until 2026-06-30).", "gone 当日不在售（2026-06-30 止）。")]
    [InlineData("2026-06-01", "2026-06-30", "gone is not on sale that day (2026-06-01 to 2026-06-30).", "gone 当日不在售（2026-06-01 至 2026-06-30）。")]
    public void A_period_may_be_open_on_one_side(string? from, string? to, string english, string chinese)
    {
        var warning = new Warning(WarningCode.NotOnSale, WarningSeverity.Blocks, new Particulars { Name = "gone", From = from is null ? null : Date(from), To = to is null ? null : Date(to) });

        Assert.Equal((english, chinese), (QuoteSentences.Of(warning, "en"), QuoteSentences.Of(warning, "zh-Hans")));
    }

    [Fact]
    public void Every_code_has_its_sentence_in_either_language()
    {
        var everything = new Particulars
        {
            Days = 1, LostDays = 2, Day = Date("2026-06-01"), From = Date("2026-06-02"), To = Date("2026-06-03"), Amount = 4, Limit = 5, Of = LimitOf.Rule, Currency = "PHP", ProductCurrency = "EUR",
            Need = ChannelNeed.PhysicalSim, Capability = Capability.Sms, Stage = Stage.Grace, Confidence = Confidence.User, Name = "name",
        };
        var said = Enum.GetValues<WarningCode>().SelectMany(code => Languages.Select(language => QuoteSentences.Of(new Warning(code, Warning.SeverityOf(code), everything), language)))
            .Concat(Enum.GetValues<ReasonCode>().SelectMany(code => Languages.Select(language => QuoteSentences.Of(new Reason(code, everything), language)))).ToList();

        Assert.Equal(2 * (Enum.GetValues<WarningCode>().Length + Enum.GetValues<ReasonCode>().Length), said.Distinct().Count());
        Assert.All(said.Where((_, i) => i % 2 == 0), sentence => Assert.Matches("^[ -~]+$", sentence));
        Assert.All(said.Where((_, i) => i % 2 == 1), sentence => Assert.Matches(Han(), sentence));
    }

    private static readonly string[] Languages = ["en", "zh-Hans"];

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();
}
