using SimLedger.Ledger;
using SimLedger.Rules;

namespace SimLedger.Server.RulesInForce;

/// <summary>Published packs made into one set in which every name means one carrier.</summary>
internal static class PacksTogether
{
    /// <param name="rows">As published and as read; an organisation's own go first, whatever their order here.</param>
    public static RulesAt Of(IReadOnlyList<(PackRevision Revision, RulePackReading Reading)> rows)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var published = new List<PackInForce>();
        foreach (var (revision, reading) in rows.OrderBy(r => !r.Revision.Own)) published.Add(Join(revision, reading, names));

        var usable = published.Where(p => p.Pack is not null).Select(p => (p.Revision.Code, p.Pack!));
        return new RulesAt(0, RulePackSet.Of(usable).Set, [.. published.OrderBy(p => p.Revision.Code, StringComparer.Ordinal)]);
    }

    private static PackInForce Join(PackRevision revision, RulePackReading reading, Dictionary<string, string> names)
    {
        if (reading.Pack is not { } pack) return new PackInForce(revision, null, $"It cannot be read by this program: {reading.Findings.First(f => f.Severity is Severity.Error)}");
        if (names.TryGetValue(CarrierName.Comparable(pack.Code), out var holder)) return new PackInForce(revision, null, $"Its code already means {holder}.");

        names[CarrierName.Comparable(pack.Code)] = pack.Code;
        var taken = pack.Aliases.Where(alias => names.TryGetValue(CarrierName.Comparable(alias), out var other) && other != pack.Code).ToList();
        foreach (var alias in pack.Aliases.Except(taken)) names[CarrierName.Comparable(alias)] = pack.Code;
        return taken.Count == 0
            ? new PackInForce(revision, pack, null)
            : new PackInForce(
                revision, pack with { Aliases = [.. pack.Aliases.Except(taken)] },
                $"Not known here by {string.Join(", ", taken.Select(alias => $"\"{alias}\" ({names[CarrierName.Comparable(alias)]})"))}, which means another carrier.");
    }
}
