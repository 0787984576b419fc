using System.Runtime.CompilerServices;
using System.Text;
using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using SimLedger.Rules.Vectors.Text;
using SimLedger.Tests.Structure;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>A vector is told step by step, for who writes rules.</summary>
public class ExplainingVectors
{
    private const string Ten = "{'n':10,'unit':'day'}";

    private static readonly string Pack = PackJson(Version(
        Validity($"{{'on':'topUp','where':{{'minAmount':'10'}},'by':{Ten},'combine':'max'}}"),
        $",'ladder':[{{'stage':'grace','length':{Ten},'exits':[]}}],'limits':{{'maxTopUp':'20'}}"));

    private static readonly string File = $$"""
        {'format':'simledger.vectors/1','packs':{'spec':{{Pack}}},'vectors':[
        {'name':'one','packRef':'spec','product':'p','history':[
            {'id':'a','type':'activated','at':'2026-01-01'},
            {'id':'small','type':'topUp','at':'2026-01-05T09:30:00+08:00','amount':'5'},
            {'id':'large','type':'topUp','at':'2026-01-25','amount':'25','currency':'PHP'},
            {'id':'late','type':'topUp','at':'2026-02-10','amount':'10'},
            {'id':'gone','type':'topUp','at':'2026-01-02','amount':'10'},
            {'id':'v','type':'voided','at':'2026-01-03','voids':'gone'}],
         'asOf':'2026-02-12T00:00:00Z','expect':{'stage':'grace','endsOn':'2026-02-05','flags':['outsideLimits','tooLate']} },
        {'name':'two','packRef':'spec','product':'q','history':[],'asOf':'2026-02-12','expect':{ } }]}
        """;

    private static VectorExplanation Explain(string? name, string? file = null) => VectorFile.Explain(Utf8(file ?? File), "v.json", name);

    public static TheoryData<string> Files => [.. Repository.Files.Where(path => path.EndsWith("vectors.json", StringComparison.Ordinal))];

    [Fact]
    public void The_whole_way_is_told() => Assert.Equal(
        """
        Vector   one
        Pack     xx-spec (Spec), days and times of Asia/Manila
        Product  p, PHP
        Line     activated on 2026-01-01, by its first activation
        Asked    2026-02-12 08:00 = 2026-02-12T00:00:00Z, margin 7 days

        Rule versions
          1  2010-01-01 to further notice  user  checked 2026-11-21  governs the day asked

        Entries, in the order taken
          2026-01-01  activated a
            counted; stage unstarted; version 1
              validity  -  -> 2026-01-31  starts on activated, length 30 days
          2026-01-05 09:30  topUp small: amount 5
            none; stage active; version 1
              validity    as it was  extendedBy[0] topUp (amount at least 10): the entry does not match
          2026-01-25  topUp large: amount 25, currency PHP
            counted; stage active; version 1
              validity  2026-01-31  -> 2026-02-04  extendedBy[0] topUp (amount at least 10): max 10 days
          2026-02-10  topUp late: amount 10
            tooLate; stage grace; version 1
              validity    too late  no exit of the stage grace lets the entry through

        Set aside
          topUp gone  voided  amount 10
          voided v    none    voids gone

        Clocks
          validity  validity  ran out  ends 2026-02-04  deadline 2026-02-05 00:00 = 2026-02-04T16:00:00Z  version 1, user  binds

        After the deadline
          grace  from 2026-02-05 00:00 = 2026-02-04T16:00:00Z  to 2026-02-15 00:00 = 2026-02-14T16:00:00Z  last day 2026-02-14
          lost   from 2026-02-15 00:00 = 2026-02-14T16:00:00Z

        Standing
          stage         grace, last day 2026-02-14
          renew by      2026-01-28
          prepare from  2026-01-21
          flags         outsideLimits, tooLate
          balance       not known
          holds until   the next entry

        Expectations
          holds  stage     "grace"
          FAILS  endsOn    expected "2026-02-05", actual "2026-02-04"
          holds  flags[0]  "outsideLimits"
          holds  flags[1]  "tooLate"
        1 of 4 expectations fail.
        """,
        string.Join('\n', Explain("one").Lines));

    [Fact]
    public void Without_a_name_the_names_are_told()
    {
        var told = Explain(null);

        Assert.Equal(["one", "two"], told.Names);
        Assert.Empty(told.Lines);
        Assert.True(told.Holds);
    }

    [Fact]
    public void A_vector_that_passes_says_so_and_one_that_does_not_too()
    {
        Assert.True(Explain("two").Holds);
        Assert.Equal("All 0 expectations hold.", Explain("two").Lines[^1]);
        Assert.False(Explain("one").Holds);
        Assert.Empty(Explain("three").Lines);
    }

    [Fact]
    public void What_is_wrong_with_the_vector_asked_for_is_told_and_no_other()
    {
        var broken = File.Replace("'product':'q'", "'product':7", StringComparison.Ordinal);

        Assert.Empty(Explain("one", broken).Findings);
        Assert.Equal("$.vectors[1].product", Assert.Single(Explain("two", broken).Findings).JsonPath);
        Assert.False(Explain("two", broken).Holds);
        Assert.Equal("$.packs.spec.country", Assert.Single(Explain("two", File.Replace("'country':'PH'", "'country':'ph'", StringComparison.Ordinal)).Findings).JsonPath);
        Assert.Single(Explain("two", "[").Findings);
    }

    [Fact]
    public void Nothing_in_a_file_breaks_or_steers_a_line()
    {
        var told = Explain("one", File.Replace("'id':'large'", "'id':'large\\n\\u202e'", StringComparison.Ordinal));

        Assert.Contains(told.Lines, line => line.Contains("topUp large\\u000a\\u202e:", StringComparison.Ordinal));
        Assert.All(VectorFile.Run(Utf8("{'format':'\\u001b[2J','vectors':[{'name':'a\\nb'}]}"), "v.json").Lines(), line => Assert.DoesNotContain(line, char.IsControl));
    }

    [Fact]
    public void There_are_words_for_every_step() => Assert.All(
        typeof(Step).GetNestedTypes(),
        type => Assert.IsNotType<InvalidOperationException>(Record.Exception(() => StepWords.Of((Step)RuntimeHelpers.GetUninitializedObject(type)))));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_vector_there_is_can_be_told_and_holds(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(Repository.Read(path));
        Assert.All(VectorFile.Explain(bytes, path, null).Names, name =>
        {
            var told = VectorFile.Explain(bytes, path, name, PackBeside);

            Assert.Empty(told.Findings);
            Assert.EndsWith(" expectations hold.", told.Lines[^1], StringComparison.Ordinal);
            Assert.True(told.Holds);
        });

        RulePackReading PackBeside(string code) => RulePackReader.Read(Encoding.UTF8.GetBytes(Repository.Read($"{Path.GetDirectoryName(path)}/{code}.json")), code);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("-1")]
    [InlineData("1e400")]
    [InlineData("'\\ud800'")]
    [InlineData("'9999-12-31'")]
    [InlineData("'0001-01-01'")]
    [InlineData("'999999999999999'")]
    [InlineData("[[1]]")]
    [InlineData("{'\\ud800':{'name':1}}")]
    public void A_value_of_any_kind_in_any_place_is_run_and_told_without_throwing(string value) =>
        Assert.All(JsonPlaces.In(Encoding.UTF8.GetString(Utf8(File).Span)), place =>
        {
            var changed = JsonPlaces.With(Encoding.UTF8.GetString(Utf8(File).Span), place, Encoding.UTF8.GetString(Utf8(value).Span));
            var run = VectorFile.Run(Encoding.UTF8.GetBytes(changed), "v.json");
            var told = VectorFile.Explain(Encoding.UTF8.GetBytes(changed), "v.json", "one");

            Assert.Equal($"{run.Passed} passed, {run.Failed} failed", run.Lines()[^1]);
            Assert.False(told.Holds);
            Assert.True(RuleFileFormat.Of(Encoding.UTF8.GetBytes(changed)) is null or VectorFile.Format || place == "/format");
        });
}
