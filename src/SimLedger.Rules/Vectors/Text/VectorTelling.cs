using System.Text.Json;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors.Text;

/// <summary>Finds the vectors of a name in a file and puts them into words; the others are only asked for their names.</summary>
internal sealed class VectorTelling(string? wanted, string fileName, VectorPacks packs, FindingList findings)
{
    private readonly List<string> names = [];
    private readonly List<string> lines = [];
    private readonly List<Finding> found = [];
    private bool holds = true;

    public VectorExplanation Of(JsonMembers file)
    {
        file.RequiredList("vectors", Take, Bounds.Vectors);
        return new VectorExplanation(names, [.. lines.Select(OneLine.Of)], [.. findings.All, .. found], holds && findings.All.Count == 0 && (wanted is null || lines.Count > 0));
    }

    private bool Take(JsonElement element, string path)
    {
        var name = NameOf(element);
        names.Add(name);
        if (wanted is null || name != wanted) return false;

        Tell(element, path);
        return true;
    }

    private void Tell(JsonElement element, string path)
    {
        var own = new FindingList(fileName);
        var (name, vector, packErrors) = VectorCase.Read(element, path, packs, own);
        if (vector is not null)
        {
            var compared = new List<ComparedMember>();
            var standing = Evaluator.Evaluate(vector.Pack, vector.Question);
            vector.Compare(standing, new Comparison(own, compared));
            if (lines.Count > 0) lines.Add("");
            lines.AddRange(new VectorText(name, vector, standing, compared).Lines());
            holds &= compared.All(member => member.Holds);
        }

        found.AddRange([.. packErrors, .. own.All]);
        holds &= vector is not null && own.All.Count == 0;
    }

    // Looked at with findings of its own, which nobody reads: what is wrong with the other vectors is not asked.
    private string NameOf(JsonElement element) =>
        new JsonMembers(element, "", new FindingList(fileName)).TryGet("name", out var name) && name.ValueKind is JsonValueKind.String ? JsonMembers.StringOf(name) ?? "" : "";
}
