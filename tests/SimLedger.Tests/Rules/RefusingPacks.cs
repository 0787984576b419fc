using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>What was written by people, or against us, is refused with findings; nothing makes the reader throw.</summary>
public class RefusingPacks
{
    private static readonly string Extension = $"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset'}}";
    private static readonly string Sound = PackJson(Version(Validity(Extension)));

    private static Finding Only(string json)
    {
        var reading = Read(json);

        Assert.Null(reading.Pack);
        return Assert.Single(reading.Findings);
    }

    private static string With(string right, string wrong) => Sound.Replace(right, wrong, StringComparison.Ordinal);

    [Theory]
    [InlineData("'on':'topUp'", "'on':'topUp','where':{'offers':['BIG']}", "$.products[0].rules[0].clocks[0].extendedBy[0].where.offers[0]")]
    [InlineData("'promotions':[", "'promotions':[{'code':'A','from':'2026-01-01','to':'2026-01-31','offers':['BIG'],'effect':{}}", "$.products[0].promotions[0].offers[0]")]
    [InlineData("'promotions':[", "'promotions':[{'code':'A','from':'2026-01-01','to':'2026-01-31','channels':['x'],'effect':{}}", "$.products[0].promotions[0].channels[0]")]
    [InlineData("'offers':[", "'offers':[{'code':'A','kind':'topUp','amount':'1','channels':['x']}", "$.products[0].offers[0].channels[0]")]
    [InlineData("'offers':[", "'offers':[{'code':'A','kind':'topUp','amount':'-0'}", "$.products[0].offers[0].amount")]
    [InlineData("'country':'PH'", "'country':'PH','aliases':['Spec One','ＳＰＥＣone']", "$.aliases[1]")]
    [InlineData("'en':'Spec'", "'en':'Sp\\u0000ec'", "$.name.en")]
    [InlineData("'en':'Spec'", "'en':'Sp\\u001b[2Jec'", "$.name.en")]
    [InlineData("'by':{'n':30,'unit':'day'}", "'tiers':[{'from':'-5','by':{'n':30,'unit':'day'}}]", "$.products[0].rules[0].clocks[0].extendedBy[0].tiers[0].from")]
    [InlineData("'by':{'n':30,'unit':'day'}", "'tiers':[]", "$.products[0].rules[0].clocks[0].extendedBy[0].tiers")]
    [InlineData("'by':{'n':30,'unit':'day'}", "'perUnit':{'amount':'0','by':{'n':30,'unit':'day'}}", "$.products[0].rules[0].clocks[0].extendedBy[0].perUnit.amount")]
    [InlineData("'xx-spec'", "'xx-spec\\n'", "$.code")]
    [InlineData("'country':'PH'", "'country':'PH\\n'", "$.country")]
    public void What_the_format_forbids_is_found_where_it_stands(string right, string wrong, string path) => Assert.Equal(path, Only(With(right, wrong)).JsonPath);

    [Theory]
    [InlineData("unstarted")]
    [InlineData("active")]
    [InlineData("lapsed")]
    [InlineData("lost")]
    public void Only_four_stages_make_a_ladder(string stage) =>
        Assert.Equal("$.products[0].rules[0].ladder[0].stage",
            Only(PackJson(Version(Validity(Extension), $",'ladder':[{{'stage':'{stage}','length':{{'n':1,{Days}}}}}]"))).JsonPath);

    [Theory]
    [InlineData("'aliases':[{0}]", 1_001, "'alias{0}'", "$.aliases")]
    [InlineData("'channels':[{0}]", 201, "{'code':'c{0}','kind':'app','online':true,'trust':'carrier'}", "$.channels")]
    public void Every_list_of_a_carrier_has_a_bound(string list, int count, string item, string path)
    {
        var items = string.Join(',', Enumerable.Range(0, count).Select(i => item.Replace("{0}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        var written = list.Replace("{0}", items, StringComparison.Ordinal);

        Assert.Equal(path, Only(Sound.Replace("'channels':[],", "", StringComparison.Ordinal).Replace("'country'", $"{written},'country'", StringComparison.Ordinal)).JsonPath);
    }

    [Fact]
    public void Every_list_of_a_product_has_a_bound()
    {
        Assert.Equal("$.products[0].rules", Only(PackJson(Many(501, i => Version(Validity(Extension), $",'region':'{i}'", $"{i}")))).JsonPath);
        Assert.Equal("$.products[0].rules[0].clocks", Only(PackJson(Version(Many(21, i => Validity(Extension).Replace("'id':'", $"'id':'{i}", StringComparison.Ordinal))))).JsonPath);
        Assert.Equal("$.products[0].rules[0].clocks[0].extendedBy", Only(PackJson(Version(Validity(Many(101, _ => Extension))))).JsonPath);
        Assert.Equal("$.products[0].rules[0].ladder",
            Only(PackJson(Version(Validity(Extension), $",'ladder':[{Many(21, _ => "{'stage':'grace','length':{'n':1,'unit':'day'}}")}]"))).JsonPath);
        Assert.Equal("$.products[0].offers", Only(PackJson(Version(Validity(Extension)), offers: Many(1_001, i => $"{{'code':'{i}','kind':'topUp','amount':'1'}}"))).JsonPath);
    }

    [Fact]
    public void A_text_has_a_bound_and_so_has_the_name_of_a_member()
    {
        Assert.Equal("$.name.en", Only(With("'en':'Spec'", $"'en':'{new string('x', 4_001)}'")).JsonPath);
        Assert.Equal("$", Only(With("'country':'PH'", $"'country':'PH','{new string('x', 201)}':1")).JsonPath);
        Assert.Equal("$", Only(With("'country':'PH'", "'country':'PH','a\\u0000':1")).JsonPath);
        Assert.Equal("$", Read(With("'country':'PH'", "'country':'PH'," + Many(1_001, i => $"'m{i}':{i}"))).Findings[0].JsonPath);
    }

    [Fact]
    public void Errors_are_never_lost_behind_warnings()
    {
        var idle = Many(100, _ => $"{{'on':'topUp','combine':'set','by':{{'n':30,{Days}}}}}"); // Each a warning: "set" looks at no term.
        var clocks = Many(3, i => Validity(idle).Replace("'id':'", $"'id':'{i}", StringComparison.Ordinal));

        var reading = Read(PackJson(Version(clocks, ",'ladder':[{'stage':'lost','length':{'n':1,'unit':'day'}}]")));

        Assert.Null(reading.Pack);
        Assert.Equal("$.products[0].rules[0].ladder[0].stage", Assert.Single(reading.Findings, finding => finding.Severity is Severity.Error).JsonPath);
        Assert.InRange(reading.Findings.Count, 200, 202);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1e400")]
    [InlineData("1.0")]
    [InlineData("'\\ud800'")]
    [InlineData("'\\u0000'")]
    [InlineData("[[[]]]")]
    [InlineData("{'a':{'b':{}}}")]
    [InlineData("true")]
    public void A_value_of_any_kind_in_any_place_gives_findings_or_is_taken(string value)
    {
        Assert.All(JsonPlaces.In(Rich), place =>
        {
            var reading = RulePackReader.Read(Utf8(JsonPlaces.With(Rich, place, value)), "hostile.json");
            Assert.Equal(reading.Pack is null, reading.Findings.Any(finding => finding.Severity is Severity.Error));
        });
    }

    // Goal: no file makes the reader throw, and a file without pack says why.
    // Method: JSON of random shape from the format's own words, and packs with random bytes changed.
    [Fact]
    public void Random_json_of_the_formats_own_words_never_throws() =>
        Prop.ForAll(Arb.From(JsonOf(5)), json => RulePackReader.Read(Encoding.UTF8.GetBytes(json), "random.json") is { Pack: not null } or { Findings.Count: > 0 })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_pack_with_bytes_changed_never_throws() =>
        Prop.ForAll((byte[] changes) =>
        {
            var bytes = Utf8(Rich).ToArray();
            for (var i = 0; i + 2 < changes.Length; i += 3) bytes[(changes[i] * 256 + changes[i + 1]) % bytes.Length] = changes[i + 2];

            return RulePackReader.Read(bytes, "changed.json") is { Pack: not null } or { Findings.Count: > 0 };
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Great_depth_and_great_length_are_refused_in_one_finding_each()
    {
        Assert.Contains("64 levels", RulePackReader.Read(Encoding.UTF8.GetBytes(new string('[', 1_000) + new string(']', 1_000)), "deep.json").Findings.Single().Cure, StringComparison.Ordinal);
        Assert.Equal("$", RulePackReader.Read(Encoding.UTF8.GetBytes($"{{\"name\":\"{new string('x', 10_000_000)}\"}}"), "long.json").Findings.Single().JsonPath);
        Assert.Equal("$", RulePackReader.Read(Encoding.UTF8.GetBytes("{\"a\":\"\0\"}"), "nul.json").Findings.Single().JsonPath);
    }

    [Fact]
    public void A_broken_file_names_line_and_byte_from_one() =>
        Assert.Contains("line 2, byte 7", RulePackReader.Read(Encoding.UTF8.GetBytes("{\n  \"a\":}\n"), "broken.json").Findings.Single().Message, StringComparison.Ordinal);

    /// <summary>A pack that uses every member of the format.</summary>
    private static string Rich => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Rules", "every-member.json"));

    private static string Many(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static Gen<string> JsonOf(int depth)
    {
        string[] words = ["format", "simledger.rulepack/1", "code", "xx-a", "name", "en", "country", "timeZone", "Asia/Manila", "products", "rules", "version", "effective", "from", "clocks", "n", "unit", "day", "on", "topUp", "combine", "where", "ladder"];
        var word = Gen.Elements(words).Select(name => $"\"{name}\"");
        var plain = Gen.OneOf(word, Gen.Elements("1", "-1", "1e400", "true", "null", "\"2026-02-30\"", "\"\\ud800\"", "99999999999999999999"));
        if (depth == 0) return plain;

        var inner = JsonOf(depth - 1);
        var member = word.Zip(inner, (name, value) => $"{name}:{value}");
        return Gen.OneOf(
            plain,
            inner.ListOf(3).Select(items => $"[{string.Join(',', items)}]"),
            member.ListOf(6).Select(items => $"{{{string.Join(',', items)}}}"));
    }
}
