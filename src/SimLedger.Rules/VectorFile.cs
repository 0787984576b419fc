using System.Text.Json;
using SimLedger.Rules.Reading;
using SimLedger.Rules.Vectors;
using SimLedger.Rules.Vectors.Text;

namespace SimLedger.Rules;

/// <summary>
/// Runs a file of worked examples against the evaluator: what a pack travels with, so that who contributes one proves it (rule pack format 1, section 9).
/// </summary>
public static class VectorFile
{
    /// <summary>The only value of <c>format</c> that this version reads.</summary>
    public const string Format = "simledger.vectors/1";

    /// <summary>64 MiB: tens of thousands of vectors, each with its own pack.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Runs every vector of a file.</summary>
    /// <param name="utf8Json">One JSON object in UTF-8, at most <see cref="MaxBytes"/>.</param>
    /// <param name="fileName">Only to name the file in findings.</param>
    /// <param name="sibling">
    /// Finds the pack that a <c>packRef</c> names when the file's own <c>packs</c> lack it. By convention that is <c>{packRef}.json</c> beside the
    /// vector file, so that a pack and its vectors do not repeat each other. Null, or an answer of null: there is none.
    /// </param>
    /// <returns>What became of each vector. A vector whose pack is malformed or missing fails with the findings.</returns>
    /// <remarks>
    /// Never throws: the file was written by people. <c>expect</c> may name every member of <see cref="Standing"/> in camel case; a balance also as
    /// its amount alone. Instants are equal if they mean the same instant, amounts if they are worth the same.
    /// </remarks>
    public static VectorRun Run(ReadOnlyMemory<byte> utf8Json, string fileName, Func<string, RulePackReading?>? sibling = null)
    {
        var findings = new FindingList(fileName);
        using var document = JsonText.Parse(utf8Json, MaxBytes, findings);
        if (document is null) return new VectorRun([], findings.All);

        var members = Opened(document, findings);
        var packs = new VectorPacks(members.Object("packs"), fileName, sibling);
        var results = members.RequiredList("vectors", (element, path) => VectorCase.Run(element, path, fileName, packs), Bounds.Vectors);
        if (members.IsEmptyList("vectors")) findings.Error("$.vectors", "There is no vector, so nothing is proven.", "Write at least one.");
        members.RefuseOthers();

        return new VectorRun(results, [.. findings.All, .. packs.FindingsOfUnusedPacks()]);
    }

    /// <summary>Tells how a vector is evaluated, step by step, for who writes rules.</summary>
    /// <param name="utf8Json">As of <see cref="Run"/>, like the next and the last.</param>
    /// <param name="name">Of the vector to tell of; null: only the names are asked for.</param>
    /// <remarks>Never throws: the file was written by people. The other vectors are not looked at.</remarks>
    public static VectorExplanation Explain(ReadOnlyMemory<byte> utf8Json, string fileName, string? name, Func<string, RulePackReading?>? sibling = null)
    {
        var findings = new FindingList(fileName);
        using var document = JsonText.Parse(utf8Json, MaxBytes, findings);
        if (document is null) return new VectorExplanation([], [], findings.All, Holds: false);

        var members = Opened(document, findings);
        return new VectorTelling(name, fileName, new VectorPacks(members.Object("packs"), fileName, sibling), findings).Of(members);
    }

    private static JsonMembers Opened(JsonDocument document, FindingList findings)
    {
        var members = new JsonMembers(document.RootElement, "$", findings);
        if (members.Text("format") is { Length: > 0 } format and not Format)
        {
            findings.Error("$.format", $"\"{format}\" is no format that can be read.", $"Write \"{Format}\".");
        }

        return members;
    }
}
