using System.Text;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules;

/// <summary>A pack that goes into force describes what it names. The pack of a vector shows a rule, and may leave the price list out.</summary>
public class UndescribedNames
{
    private const string Pack = """
        {"format":"simledger.rulepack/1","code":"xx-one","name":{"en":"One"},"aliases":[],"country":"PH","timeZone":"Asia/Manila","channels":[],
         "products":[{"code":"p","name":{"en":"P"},"currency":"PHP","formFactors":["physical"],"capabilities":["voice"],"rules":[
           {"version":"v1","effective":{"from":"2020-01-01"},"source":{"title":"Test","checkedOn":"2026-11-01","confidence":"user"},
            "clocks":[{"id":"c","kind":"validity","startsOn":[{"on":"topUp","where":{"offers":["o9"],"channels":["wallet"]}}],"length":{"n":10,"unit":"day"},"extendedBy":[]}]}]}]}
        """;

    [Fact]
    public void A_pack_that_names_an_offer_and_a_channel_it_does_not_describe_is_refused() =>
        Assert.Equal(2, RulePackReader.Read(Encoding.UTF8.GetBytes(Pack), "xx-one.json").Findings.Count(f => f.Severity is Severity.Error));

    [Fact]
    public void In_a_vector_both_match_by_their_names()
    {
        var vectors = $$$"""
            {"format":"simledger.vectors/1","vectors":[{"name":"by name","pack":{{{Pack}}},"product":"p","asOf":"2026-01-02T00:00:00Z",
             "history":[{"id":"a","type":"topUp","at":"2026-01-01","offer":"o9","channel":"wallet"}],"expect":{"endsOn":"2026-01-11","clock":"c"}}]}
            """;

        var run = VectorFile.Run(Encoding.UTF8.GetBytes(vectors), "one.vectors.json", null);

        Assert.True(run.Failed == 0, string.Join('\n', run.Lines()));
    }
}
