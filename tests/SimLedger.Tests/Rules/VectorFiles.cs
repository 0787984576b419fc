using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class VectorFiles
{
    private static readonly string Pack = PackJson(Version(Validity("")));

    private static VectorRun Run(string vectors, string packs = "", Func<string, RulePackReading?>? sibling = null) =>
        VectorFile.Run(Utf8($"{{'format':'simledger.vectors/1'{packs},'vectors':[{vectors}]}}"), "v.json", sibling);

    private static string Vector(string expect, string more = "", string pack = "'packRef':'spec'") =>
        $"{{'name':'example',{pack},'product':'p','history':[{{'id':'a','type':'activated','at':'2026-01-01'}},{{'id':'b','type':'balance'," +
            $"'at':'2026-01-02','amount':'12.50'}}],'asOf':'2026-01-05T00:00:00Z','expect':{{{expect}}}{more}}}";

    private static VectorRun WithPack(string vectors) => Run(vectors, $",'packs':{{'spec':{Pack}}}");

    [Theory]
    [InlineData("'stage':'active','endsOn':'2026-01-31','deadlineAt':'2026-01-31T16:00:00Z','clock':'validity'")]
    [InlineData("'deadlineAt':'2026-02-01T00:00:00+08:00'")]
    [InlineData("'balance':{'amount':'12.5','on':'2026-01-02','currency':'PHP'}")]
    [InlineData("'balance':'12.50'")]
    [InlineData("'entries':[{},{'outcome':'none','changes':[]}]")]
    [InlineData("'entries':[{'changes':[{'before':null,'wastedDays':null}]},{}]")]
    [InlineData("'ruleVersion':'1','confidence':'user','holdsUntil':null")]
    [InlineData("")]
    public void Every_member_named_must_equal_the_result(string expect) => Assert.Equal(["1 passed, 0 failed"], WithPack(Vector(expect)).Lines());

    [Theory]
    [InlineData("'stage':'lost'", "  stage: expected \"lost\", actual \"active\"")]
    [InlineData("'endsOn':null", "  endsOn: expected null, actual \"2026-01-31\"")]
    [InlineData("'flags':['arrears']", "  flags: expected [\"arrears\"], actual []")]
    [InlineData("'entries':[{'outcome':'none'},{}]", "  entries[0].outcome: expected \"none\", actual \"counted\"")]
    [InlineData("'balance':{'amount':'12'}", "  balance.amount: expected \"12\", actual \"12.50\"")]
    [InlineData("'clocks':[{'running':false}]", "  clocks[0].running: expected false, actual true")]
    public void What_differs_is_printed_with_both_values(string expect, string line) =>
        Assert.Equal(["FAILED example", line, "0 passed, 1 failed"], WithPack(Vector(expect)).Lines());

    [Fact]
    public void A_member_that_a_standing_does_not_have_fails_the_vector() =>
        Assert.Equal(
            "$.vectors[0].expect.clocks[0].end",
            Assert.Single(WithPack(Vector("'clocks':[{'end':'2026-01-31'}]")).Vectors.Single().Findings).JsonPath);

    [Fact]
    public void A_malformed_pack_fails_the_vectors_that_name_it_and_no_others()
    {
        var run = Run(Vector("") + "," + Vector("", pack: $"'pack':{Pack}"), ",'packs':{'spec':{'code':'x'}}");

        Assert.Equal("1 passed, 1 failed", run.Lines()[^1]);
        Assert.Contains(run.Vectors[0].Findings, finding => finding.JsonPath == "$.packs.spec.code");
    }

    [Fact]
    public void A_malformed_pack_that_no_vector_names_is_not_passed_over() =>
        Assert.Equal("1 passed, 1 failed", Run(Vector("", pack: $"'pack':{Pack}"), ",'packs':{'spec':{}}").Lines()[^1]);

    [Fact]
    public void A_pack_that_the_file_lacks_is_looked_for_beside_it()
    {
        Assert.Equal("1 passed, 0 failed", Run(Vector(""), sibling: name => name == "spec" ? Read(Pack) : null).Lines()[^1]);
        Assert.Equal("$.vectors[0].packRef", Assert.Single(Run(Vector(""), sibling: _ => null).Vectors.Single().Findings).JsonPath);
    }

    [Theory]
    [InlineData("'more':1", "$.vectors[0].more")]
    [InlineData("'marginDays':-1", "$.vectors[0].marginDays")]
    [InlineData("'activatedOn':'2026-13-01'", "$.vectors[0].activatedOn")]
    public void A_vector_is_read_as_strictly_as_a_pack(string member, string path) =>
        Assert.Equal(path, Assert.Single(WithPack(Vector("", "," + member)).Vectors.Single().Findings).JsonPath);

    [Theory]
    [InlineData("'2026-01-01'", "'yesterday'", "$.vectors[0].history[0].at")]
    [InlineData("'2026-01-01'", "'2026-01-01T00:00:00'", "$.vectors[0].history[0].at")]
    [InlineData("'id':'a'", "'id':'a','note':'x'", "$.vectors[0].history[0].note")]
    [InlineData("'activated'", "'topup'", "$.vectors[0].history[0].type")]
    [InlineData("'12.50'", "12.50", "$.vectors[0].history[1].amount")]
    [InlineData("'at':'2026-01-01'", "'at':'2026-01-01T00:00:00+19:00'", "$.vectors[0].history[0].at")]
    public void So_are_its_entries(string right, string wrong, string path) =>
        Assert.Equal(path, Assert.Single(WithPack(Vector("").Replace(right, wrong, StringComparison.Ordinal)).Vectors.Single().Findings).JsonPath);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{'format':'simledger.vectors/2','vectors':[]}")]
    [InlineData("{'format':'simledger.vectors/1'}")]
    [InlineData("{'format':'simledger.vectors/1','vectors':{}}")]
    [InlineData("{'format':'simledger.vectors/1','vectors':[],'extra':1}")]
    [InlineData("{'format':'simledger.vectors/1','packs':[],'vectors':[]}")]
    public void A_file_that_is_wrong_itself_is_one_failure(string json) => Assert.Equal("0 passed, 1 failed", VectorFile.Run(Utf8(json), "v.json").Lines()[^1]);

    [Fact]
    public void The_vectors_days_of_margin_and_channel_are_used() =>
        Assert.Equal("1 passed, 0 failed", WithPack(Vector("'renewBy':'2026-01-21','prepareFrom':'2026-01-14'", ",'marginDays':10")).Lines()[^1]);
}
