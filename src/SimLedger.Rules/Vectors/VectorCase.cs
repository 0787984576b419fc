using System.Text.Json;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors;

/// <summary>Reads one vector, asks its question and compares the answer.</summary>
internal static class VectorCase
{
    /// <summary>Ten years. More days of margin than any clock is long make no example.</summary>
    private const int MostMarginDays = 3_660;

    public static VectorResult Run(JsonElement element, string path, string fileName, VectorPacks packs)
    {
        var findings = new FindingList(fileName);
        var (name, vector, packErrors) = Read(element, path, packs, findings);
        if (vector is null) return new VectorResult(name, [], [.. packErrors, .. findings.All]);

        var comparison = new Comparison(findings);
        vector.Compare(Evaluator.Evaluate(vector.Pack, vector.Question), comparison);
        return new VectorResult(name, comparison.Mismatches, findings.All);
    }

    /// <returns>The vector, or null and why; its name as far as it can be told, and what is wrong with its pack, in either case.</returns>
    public static (string Name, Vector? Vector, IReadOnlyList<Finding> PackErrors) Read(JsonElement element, string path, VectorPacks packs, FindingList findings)
    {
        var members = new JsonMembers(element, path, findings);
        var name = members.Text("name");
        var reading = PackOf(members, packs, findings);
        var product = members.Text("product");
        var activatedOn = members.OptionalDate("activatedOn");
        var region = members.OptionalText("region");
        var history = members.RequiredList("history", (item, at) => EntryReading.Read(item, at, findings), Bounds.History);
        EntryTime? asOf = members.TryRequire("asOf", out var asked) ? EntryReading.Time(asked, members.PathOf("asOf"), findings) : null;
        var marginDays = members.OptionalWhole("marginDays", 0, MostMarginDays) ?? new Question("", [], default).MarginDays;
        var channel = members.OptionalText("channel");
        var isExpecting = members.TryRequire("expect", out var expected);
        members.RefuseOthers();

        IReadOnlyList<Finding> packErrors = [.. reading?.Findings.Where(finding => finding.Severity is Severity.Error) ?? []];
        if (findings.HasErrors || reading?.Pack is not { } pack || asOf is not { } instant || !isExpecting) return (name, null, packErrors);

        var question = new Question(product, history, instant.ToInstant(pack.Zone), activatedOn, region, marginDays, Channel: channel);
        return (name, new Vector(pack, question, expected, $"{path}.expect"), packErrors);
    }

    private static RulePackReading? PackOf(JsonMembers members, VectorPacks packs, FindingList findings)
    {
        var hasOwn = members.TryGet("pack", out var own);
        var reference = members.OptionalText("packRef");
        if (hasOwn == reference is not null)
        {
            findings.Error(members.Path, "A vector has either \"pack\" or \"packRef\".", "Write one of the two.");
            return null;
        }

        if (hasOwn) return packs.Read(own, members.PathOf("pack"));

        var found = packs.Find(reference!);
        if (found is null)
        {
            findings.Error(members.PathOf("packRef"), $"There is no pack \"{reference}\".", "Write it under \"packs\", or put its file beside this one.");
        }

        return found;
    }
}
