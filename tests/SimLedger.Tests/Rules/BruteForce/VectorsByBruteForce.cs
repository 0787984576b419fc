using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Rules.Reading;
using SimLedger.Rules.Vectors;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>The slow evaluator proves itself by the same examples as the other one, before it may judge.</summary>
public class VectorsByBruteForce
{
    public static TheoryData<string> Files =>
    [
        Path.Combine("Rules", "vectors.json"),
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "RulePacks"), "*.vectors.json")
            .Select(file => Path.Combine("RulePacks", Path.GetFileName(file))).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_answers_as_the_examples_say(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var findings = new FindingList(file);
        var root = new JsonMembers(document.RootElement, "$", findings);
        var packs = new VectorPacks(root.Object("packs"), file, name => Sibling(path, name));

        var mismatches = document.RootElement.GetProperty("vectors").EnumerateArray().SelectMany(vector => Mismatches(vector, packs, findings)).ToList();

        Assert.Empty(findings.All);
        Assert.Empty(mismatches);
    }

    private static IEnumerable<string> Mismatches(JsonElement vector, VectorPacks packs, FindingList findings)
    {
        var members = new JsonMembers(vector, "$", findings);
        var pack = vector.TryGetProperty("pack", out var own) ? packs.Read(own, "$").Pack! : packs.Find(members.Text("packRef"))!.Pack!;
        var question = new Question(
            members.Text("product"),
            [.. vector.GetProperty("history").EnumerateArray().Select(entry => EntryReading.Read(entry, "$", findings))],
            new ZoneWalk(pack.Zone, new Tally()).InstantOf(EntryReading.Time(vector.GetProperty("asOf"), "$.asOf", findings)),
            members.OptionalDate("activatedOn"),
            members.OptionalText("region"),
            members.OptionalWhole("marginDays", 0, 1_000) ?? 7,
            Channel: members.OptionalText("channel"));

        var comparison = new Comparison(findings);
        var currency = pack.Products.Single(product => product.Code == question.Product).Currency;
        comparison.Compare(vector.GetProperty("expect"), StandingMembers.Of(BruteForceEvaluator.Evaluate(pack, question, new Tally()), currency), "", "$");
        return comparison.Mismatches.Select(mismatch => $"{members.Text("name")}: {mismatch}");
    }

    private static RulePackReading? Sibling(string path, string name) =>
        RulePackReader.Read(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, $"{name}.json")), name);
}
