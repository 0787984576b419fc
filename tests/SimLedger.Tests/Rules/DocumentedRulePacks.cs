using System.Text;
using SimLedger.Rules;
using SimLedger.Tests.Structure;

namespace SimLedger.Tests.Rules;

/// <summary>What docs/writing-rule-packs.md shows is what the program prints for the example beside it.</summary>
public class DocumentedRulePacks
{
    private static readonly string Page = Repository.Read("docs/writing-rule-packs.md");
    private static readonly string Pack = Repository.Read("docs/examples/xx-example.json");
    private static readonly string Vectors = Repository.Read("docs/examples/xx-example.vectors.json");

    [Fact]
    public void The_example_has_no_fault_and_passes()
    {
        Assert.Empty(RulePackReader.Read(Encoding.UTF8.GetBytes(Pack), "xx-example.json", RuleSpec.Date("2026-11-21")).Findings);
        Assert.Equal(["4 passed, 0 failed"], Run(Vectors).Lines());
    }

    [Fact]
    public void Lint_finds_the_slips_shown()
    {
        var wrong = Pack
            .Replace("\"closedOn\": [\"sun\"]", "\"closedOn\": [\"sunday\"]", StringComparison.Ordinal)
            .Replace("\"minAmount\": \"300\"", "\"minAmount\": 300", StringComparison.Ordinal)
            .Replace("\"capabilities\"", "\"capabilites\"", StringComparison.Ordinal);

        var findings = RulePackReader.Read(Encoding.UTF8.GetBytes(wrong), "xx-example.json").Findings.Select(finding => finding.ToString());

        AssertShown([.. findings, "1 packs, 3 errors, 0 warnings"]);
    }

    [Fact]
    public void Check_tells_what_failed_as_shown() =>
        AssertShown(Run(Vectors.Replace("\"renewBy\": \"2026-02-21\"", "\"renewBy\": \"2026-02-22\"", StringComparison.Ordinal)).Lines());

    [Fact]
    public void Explain_prints_what_is_shown() =>
        AssertShown(VectorFile.Explain(Encoding.UTF8.GetBytes(Vectors), "xx-example.vectors.json", "a small load in grace comes too late", Beside).Lines);

    private static void AssertShown(IEnumerable<string> lines) => Assert.Contains($"\n{string.Join('\n', lines)}\n```\n", Page, StringComparison.Ordinal);

    private static VectorRun Run(string vectors) => VectorFile.Run(Encoding.UTF8.GetBytes(vectors), "xx-example.vectors.json", Beside);

    private static RulePackReading? Beside(string code) => code == "xx-example" ? RulePackReader.Read(Encoding.UTF8.GetBytes(Pack), "xx-example.json") : null;
}
