namespace SimLedger.Rules;

/// <param name="Set">The packs that do not claim what an earlier one has; complete if there are no findings.</param>
public sealed record RulePackSetReading(RulePackSet Set, IReadOnlyList<Finding> Findings);

/// <summary>The packs in force, found by code, alias or name.</summary>
public sealed class RulePackSet
{
    private readonly Dictionary<string, RulePack> byName;

    private RulePackSet(IReadOnlyList<RulePack> packs, Dictionary<string, RulePack> byName) => (Packs, this.byName) = (packs, byName);

    public static readonly RulePackSet Empty = new([], []);

    /// <summary>In the order given.</summary>
    public IReadOnlyList<RulePack> Packs { get; }

    /// <summary>Brings packs together. No two may have one code or claim one alias: a name that a person writes must mean one carrier.</summary>
    /// <param name="packs">With the file each was read from, to be named in findings.</param>
    /// <returns>The set and an error for each name that two packs claim. The earlier pack keeps it; the later one is left out.</returns>
    public static RulePackSetReading Of(IEnumerable<(string File, RulePack Pack)> packs)
    {
        ArgumentNullException.ThrowIfNull(packs);

        var accepted = new List<RulePack>();
        var byName = new Dictionary<string, RulePack>();
        var findings = new List<Finding>();
        foreach (var (file, pack) in packs)
        {
            var before = findings.Count;
            Claim(pack.Code, "$.code", file, byName, findings);
            for (var i = 0; i < pack.Aliases.Count; i++) Claim(pack.Aliases[i], $"$.aliases[{i}]", file, byName, findings);
            if (findings.Count > before) continue;

            accepted.Add(pack);
            byName[CarrierName.Comparable(pack.Code)] = pack;
            foreach (var alias in pack.Aliases) byName[CarrierName.Comparable(alias)] = pack;
        }

        // Aliases are the other names; the carrier's own serve as well, where nobody claims them. Carriers of two countries may share one.
        foreach (var pack in accepted)
        {
            foreach (var name in pack.Name.Texts.Values) byName.TryAdd(CarrierName.Comparable(name), pack);
        }

        return new RulePackSetReading(new RulePackSet(accepted, byName), findings);
    }

    /// <summary>Finds a carrier as people name it: by code, alias or its own name, without case, spaces and full-width forms.</summary>
    /// <returns>Null if no pack claims the name.</returns>
    public RulePack? Find(string? codeOrAlias) =>
        codeOrAlias is not null && byName.TryGetValue(CarrierName.Comparable(codeOrAlias), out var pack) ? pack : null;

    private static void Claim(string name, string path, string file, Dictionary<string, RulePack> byName, List<Finding> findings)
    {
        if (!byName.TryGetValue(CarrierName.Comparable(name), out var owner)) return;

        findings.Add(new Finding(
            Severity.Error, file, path, $"\"{name}\" already means \"{owner.Code}\".", "Remove it here or there, so that the name means one carrier."));
    }
}
