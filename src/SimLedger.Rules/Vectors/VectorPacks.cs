using System.Text.Json;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Vectors;

/// <summary>The packs a vector file names, each read once.</summary>
internal sealed class VectorPacks
{
    private readonly Dictionary<string, RulePackReading> own = [];
    private readonly Dictionary<string, RulePackReading?> siblings = [];
    private readonly HashSet<string> used = [];
    private readonly string fileName;
    private readonly Func<string, RulePackReading?>? sibling;

    public VectorPacks(JsonMembers? packs, string fileName, Func<string, RulePackReading?>? sibling)
    {
        (this.fileName, this.sibling) = (fileName, sibling);
        foreach (var name in packs?.Names ?? []) own[name] = Read(packs!.Raw(name), packs.PathOf(name));
    }

    /// <returns>Null if neither the file nor its neighbours have a pack of this name.</returns>
    public RulePackReading? Find(string name)
    {
        used.Add(name);
        if (own.TryGetValue(name, out var reading)) return reading;
        if (!siblings.TryGetValue(name, out var found)) siblings[name] = found = sibling?.Invoke(name);
        return found;
    }

    public RulePackReading Read(JsonElement element, string path)
    {
        var findings = new FindingList(fileName) { NamesMayBeUndescribed = true };
        var pack = RulePackReader.ReadElement(element, path, findings, today: null);
        return new RulePackReading(pack, findings.All);
    }

    /// <summary>Errors in packs that no vector would report.</summary>
    public IEnumerable<Finding> FindingsOfUnusedPacks() =>
        own.Where(pack => !used.Contains(pack.Key)).SelectMany(pack => pack.Value.Findings).Where(finding => finding.Severity is Severity.Error);
}
