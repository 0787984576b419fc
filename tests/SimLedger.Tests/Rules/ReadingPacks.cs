using System.Text;
using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class ReadingPacks
{
    private static readonly string Extension = $"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset'}}";
    private static readonly string Sound = PackJson(Version(Validity(Extension)), channels: "{'code':'web','kind':'site','online':true,'trust':'carrier'}");

    private const string Exact = ",'ends':'exact'";

    private static Finding Only(string json)
    {
        var reading = Read(json);

        Assert.Null(reading.Pack);
        return Assert.Single(reading.Findings);
    }

    [Fact]
    public void A_sound_pack_gives_no_finding() => Assert.Empty(Read(Sound).Findings);

    [Theory]
    [InlineData("'country':'PH'", "'country':'PH','continent':'Asia'", "$.continent")]
    [InlineData("'country':'PH'", "'country':'PH','country':'PH'", "$.country")]
    [InlineData("'country':'PH'", "'country':'ph'", "$.country")]
    [InlineData("'country':'PH',", "", "$")]
    [InlineData("'code':'xx-spec'", "'code':'XX-Spec'", "$.code")]
    [InlineData("'code':'xx-spec'", "'code':7", "$.code")]
    [InlineData("'simledger.rulepack/1'", "'simledger.rulepack/2'", "$.format")]
    [InlineData("'Asia/Manila'", "'Asia/Atlantis'", "$.timeZone")]
    [InlineData("'Asia/Manila'", "'UTC+08'", "$.timeZone")]
    [InlineData("'currency':'PHP'", "'currency':'peso'", "$.products[0].currency")]
    [InlineData("'kind':'site'", "'kind':'webSite'", "$.channels[0].kind")]
    [InlineData("'online':true", "'online':'yes'", "$.channels[0].online")]
    [InlineData("'online':true", "'online':true,'closedOn':['mon','tue','wed','thu','fri','sat','sun']", "$.channels[0].closedOn")]
    [InlineData("'online':true", "'online':true,'closedOn':['monday']", "$.channels[0].closedOn[0]")]
    [InlineData("'online':true", "'online':true,'leadDays':-1", "$.channels[0].leadDays")]
    [InlineData("'online':true", "'online':true,'leadDays':1e99999", "$.channels[0].leadDays")]
    [InlineData("'online':true", "'online':true,'minAmount':'5','maxAmount':'1'", "$.channels[0].maxAmount")]
    [InlineData("'online':true", "'online':true,'minAmount':5", "$.channels[0].minAmount")]
    [InlineData("'online':true", "'online':true,'minAmount':'1e3'", "$.channels[0].minAmount")]
    [InlineData("'from':'2010-01-01'", "'from':'2010-02-30'", "$.products[0].rules[0].effective.from")]
    [InlineData("'from':'2010-01-01'", "'from':'2010-01-02','to':'2010-01-01'", "$.products[0].rules[0].effective.to")]
    [InlineData("'confidence':'user'", "'confidence':'sure'", "$.products[0].rules[0].source.confidence")]
    [InlineData("'kind':'validity'", "'kind':'validity','notBefore':'plan'", "$.products[0].rules[0].clocks[0].notBefore")]
    [InlineData("'kind':'validity'", "'kind':'validity','notBefore':'validity'", "$.products[0].rules[0].clocks[0].notBefore")]
    [InlineData("'id':'validity'", "'id':'stated'", "$.products[0].rules[0].clocks[0].id")]
    [InlineData("'kind':'validity'", "'kind':'validity','ends':'25:00'", "$.products[0].rules[0].clocks[0].ends")]
    [InlineData("'on':'activated'", "'on':'activate'", "$.products[0].rules[0].clocks[0].startsOn[0].on")]
    [InlineData("'on':'topUp'", "'on':'topUp','where':{'channels':['shop']}", "$.products[0].rules[0].clocks[0].extendedBy[0].where.channels[0]")]
    [InlineData("'on':'topUp'", "'on':'topUp','where':{'cumulativeAtLeast':'5'}", "$.products[0].rules[0].clocks[0].extendedBy[0].where")]
    [InlineData("'combine':'reset'", "'combine':'reset','perUnit':{'amount':'1','by':{'n':1,'unit':'day'}}", "$.products[0].rules[0].clocks[0].extendedBy[0]")]
    public void What_is_wrong_is_found_where_it_stands(string right, string wrong, string path)
    {
        var found = Only(Sound.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal((Severity.Error, "spec.json", path), (found.Severity, found.File, found.JsonPath));
    }

    [Theory]
    [InlineData("{'n':1201,'unit':'month'}")]
    [InlineData("{'n':101,'unit':'year'}")]
    [InlineData("{'n':36501,'unit':'day'}")]
    [InlineData("{'n':-1,'unit':'day'}")]
    [InlineData("{'n':1.5,'unit':'day'}")]
    [InlineData("{'n':99999999999999999999,'unit':'day'}")]
    [InlineData("{'n':1,'unit':'week'}")]
    [InlineData("{'n':1,'unit':'hour'}")]
    [InlineData("{'unit':'day'}")]
    [InlineData("{'n':1,'unit':'day','more':1}")]
    [InlineData("30")]
    public void A_term_is_a_whole_number_of_known_units_within_a_century(string length) =>
        Assert.StartsWith("$.products[0].rules[0].clocks[0].length", Only(PackJson(Version(Validity(Extension, length: length)))).JsonPath,
            StringComparison.Ordinal);

    [Fact]
    public void Hours_go_with_exact_up_to_a_century() =>
        Assert.Empty(Read(PackJson(Version(Validity("", Exact, "{'n':876000,'unit':'hour'}")))).Findings);

    [Theory]
    [InlineData("'combine':'set'")]
    [InlineData("'combine':'afterPlan'")]
    [InlineData("'combine':'endOfMonth'")]
    [InlineData("'combine':'reset','cap':{'n':9,'unit':'day'}")]
    [InlineData("'combine':'reset','bonus':true")]
    public void Exact_goes_with_reset_add_and_max_without_cap_and_bonus(string extension) =>
        Assert.StartsWith("$.products[0].rules[0].clocks[0].extendedBy[0].",
            Only(PackJson(Version(Validity($"{{'on':'topUp',{extension}}}", Exact)))).JsonPath, StringComparison.Ordinal);

    [Theory]
    [InlineData(",'firstDayCounts':true")]
    [InlineData(",'autoExtend':{'balanceAtLeast':'1','deduct':'1','by':{'n':1,'unit':'day'}}")]
    public void Exact_counts_no_days_and_prolongs_nothing_by_itself(string more) =>
        Assert.StartsWith("$.products[0].rules[0].clocks[0].", Only(PackJson(Version(Validity(Extension, Exact + more)))).JsonPath, StringComparison.Ordinal);

    [Theory]
    [InlineData("{'stage':'grace','length':{'n':24,'unit':'hour'}}")]
    [InlineData("{'stage':'lost','length':{'n':1,'unit':'day'}}")]
    [InlineData("{'stage':'active','length':{'n':1,'unit':'day'}}")]
    [InlineData("{'stage':'unstarted','length':{'n':9,'unit':'day'}}")]
    [InlineData("{'stage':'grace'}")]
    public void A_ladder_has_stages_of_its_own_and_no_hours(string stage) =>
        Assert.StartsWith("$.products[0].rules[0].ladder[0]", Only(PackJson(Version(Validity(Extension), $",'ladder':[{stage}]"))).JsonPath,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("'balanceAtLeast':'1','deduct':'0','by':{'n':1,'unit':'day'}", "deduct")]
    [InlineData("'balanceAtLeast':'1','deduct':'1','by':{'n':0,'unit':'day'}", "by")]
    [InlineData("'balanceAtLeast':'1','deduct':'1','by':{'n':1,'unit':'hour'}", "by")]
    public void What_a_balance_pays_for_must_come_to_an_end(string auto, string member) =>
        Assert.Equal($"$.products[0].rules[0].clocks[0].autoExtend.{member}",
            Only(PackJson(Version(Validity(Extension, $",'autoExtend':{{{auto}}}")))).JsonPath);

    [Fact]
    public void Codes_and_ids_are_used_once()
    {
        const string Channel = "{'code':'web','kind':'site','online':true,'trust':'carrier'}";
        const string Offer = "{'code':'BIG','kind':'topUp','amount':'100'}";
        const string Promotion = "{'code':'PLUS','from':'2026-01-01','to':'2026-12-31','effect':{}}";

        Assert.Equal("$.channels[1].code", Only(PackJson(Version(Validity(Extension)), channels: $"{Channel},{Channel}")).JsonPath);
        Assert.Equal("$.products[0].offers[1].code", Only(PackJson(Version(Validity(Extension)), offers: $"{Offer},{Offer}")).JsonPath);
        Assert.Equal("$.products[0].promotions[1].code", Only(PackJson(Version(Validity(Extension)), promotions: $"{Promotion},{Promotion}")).JsonPath);
        Assert.Equal("$.products[0].rules[0].clocks[1].id", Only(PackJson(Version($"{Validity(Extension)},{Validity(Extension)}"))).JsonPath);
        Assert.Equal("$.products[0].rules[1].version", Only(PackJson($"{Version(Validity(Extension))},{Version(Validity(Extension))}")).JsonPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{'format':'simledger.rulepack/1',}")]
    [InlineData("{'\\ud800':1}")]
    [InlineData("{'code':'\\udfff'}")]
    [InlineData("{'products':[{'rules':[{'clocks':[{'length':{'n':1,'unit':'\\ud800'}}]}]}]}")]
    public void A_malformed_file_gives_findings_and_never_throws(string json) =>
        Assert.Contains(Read(json).Findings, finding => finding.Severity is Severity.Error);

    [Fact]
    public void Nesting_without_end_other_encodings_and_too_large_files_are_refused()
    {
        Assert.Single(RulePackReader.Read(Encoding.UTF8.GetBytes(new string('[', 100_000)), "deep.json").Findings);
        Assert.Single(RulePackReader.Read(Encoding.Latin1.GetBytes("{\"name\":\"é\"}"), "latin.json").Findings);
        Assert.Single(RulePackReader.Read(new byte[RulePackReader.MaxBytes + 1], "large.json").Findings);
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault() =>
        Assert.Empty(RulePackReader.Read(new byte[] { 0xEF, 0xBB, 0xBF }.Concat(Utf8(Sound).ToArray()).ToArray(), "marked.json").Findings);

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        var json = Sound.Replace("'country':'PH'", "'country':'ph'", StringComparison.Ordinal).Replace("'Asia/Manila'", "'Nowhere'", StringComparison.Ordinal);

        Assert.Equal(["$.country", "$.timeZone"], Read(json).Findings.Select(finding => finding.JsonPath));
    }

    [Fact]
    public void Every_finding_says_what_to_do() => Assert.All(Read("{'x':1}").Findings, finding => Assert.NotEmpty(finding.Cure));

    [Fact]
    public void A_cut_anywhere_in_a_pack_never_throws()
    {
        var json = Utf8(Sound);
        for (var length = 0; length < json.Length; length++) Assert.Null(RulePackReader.Read(json[..length], "cut.json").Pack);
    }

    [Fact]
    public void A_version_that_overlaps_another_is_warned_of_unless_no_line_can_have_both()
    {
        var first = Version(Validity(Extension), version: "1", effective: "{'from':'2020-01-01','to':'2020-12-31'}");
        var second = Version(Validity(Extension), version: "2", effective: "{'from':'2020-12-31'}");
        var elsewhere = Version(Validity(Extension), ",'region':'A'", "a") + "," + Version(Validity(Extension), ",'region':'B'", "b");

        Assert.Equal((Severity.Warning, "$.products[0].rules[1].effective"), Warning($"{first},{second}"));
        Assert.Empty(Read(PackJson(elsewhere)).Findings);
    }

    [Fact]
    public void A_gap_between_versions_is_warned_of()
    {
        var first = Version(Validity(Extension), version: "1", effective: "{'from':'2020-01-01','to':'2020-12-30'}");
        var second = Version(Validity(Extension), version: "2", effective: "{'from':'2021-01-01'}");

        Assert.Equal((Severity.Warning, "$.products[0].rules[0].effective.to"), Warning($"{first},{second}"));
        Assert.Empty(Read(PackJson(first.Replace("2020-12-30", "2020-12-31", StringComparison.Ordinal) + "," + second)).Findings);
    }

    [Fact]
    public void A_clock_that_no_entry_can_start_is_warned_of() =>
        Assert.Equal(
            (Severity.Warning, "$.products[0].rules[0].clocks[0]"),
            Warning(Version($"{{'id':'idle','kind':'plan','startsOn':[],'length':{{'n':1,{Days}}},'extendedBy':[]}}")));

    [Fact]
    public void An_exit_that_no_extension_matches_is_warned_of() =>
        Assert.Equal(
            (Severity.Warning, "$.products[0].rules[0].ladder[0].exits[0]"),
            Warning(Version(Validity(Extension), ",'ladder':[{'stage':'grace','length':{'n':9,'unit':'day'},'exits':[{'on':'renewed'}]}]")));

    [Fact]
    public void A_source_older_than_a_year_is_warned_of_on_a_given_day()
    {
        Assert.Empty(RulePackReader.Read(Utf8(Sound), "spec.json", Date("2027-11-21")).Findings);
        Assert.Equal("$.products[0].rules[0].source.checkedOn",
            Assert.Single(RulePackReader.Read(Utf8(Sound), "spec.json", Date("2027-11-22")).Findings).JsonPath);
    }

    [Fact]
    public void Two_packs_may_not_claim_one_name()
    {
        var one = Read(Sound.Replace("'country'", "'aliases':['Ｓｐｅｃ  Mobile'],'country'", StringComparison.Ordinal)).Pack!;
        var two = Read(Sound.Replace("'code':'xx-spec'", "'code':'xx-two','aliases':['Two','specmobile']", StringComparison.Ordinal)).Pack!;

        var reading = RulePackSet.Of([("one.json", one), ("two.json", two)]);

        Assert.Equal(("two.json", "$.aliases[1]"), Assert.Single(reading.Findings) is var found ? (found.File, found.JsonPath) : default);
        Assert.Equal([one], reading.Set.Packs);
        Assert.Same(one, reading.Set.Find(" SPEC mobile "));
        Assert.Same(one, reading.Set.Find("XX-Spec"));
        Assert.Null(reading.Set.Find("two"));
        Assert.Null(reading.Set.Find(null));
    }

    private static (Severity Severity, string JsonPath) Warning(string rules)
    {
        var reading = Read(PackJson(rules));

        Assert.NotNull(reading.Pack);
        return Assert.Single(reading.Findings) is var found ? (found.Severity, found.JsonPath) : default;
    }
}
