using System.Collections.Concurrent;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;

namespace SimLedger.Server.RulesInForce;

/// <summary>The rules of one organisation at one revision.</summary>
public sealed record RulesAt(long Revision, RulePackSet Packs);

/// <summary>Rule packs in force, read from their rows and kept by revision. Nothing here grows with the number of organisations but one entry each.</summary>
public sealed class RuleBook(PublishedPacks published)
{
    private readonly ConcurrentDictionary<TenantId, RulesAt> _byTenant = new();
    private readonly ConcurrentDictionary<string, RulePackSet> _byContent = new(StringComparer.Ordinal);

    /// <summary>What is in force at the revision told, or at a newer one when it has risen meanwhile.</summary>
    /// <param name="revision">As a read of the ledger told it; what is kept of another revision is not used.</param>
    public async Task<RulesAt> InForce(TenantId tenant, long revision, CancellationToken cancel)
    {
        return _byTenant.TryGetValue(tenant, out var known) && known.Revision == revision ? known : await Newest(tenant, cancel);
    }

    /// <summary>What is in force now, read anew.</summary>
    public async Task<RulesAt> Newest(TenantId tenant, CancellationToken cancel)
    {
        var rows = await published.InForce(tenant, cancel);
        var content = string.Join(',', rows.Packs.Select(p => Convert.ToHexString(p.Hash.Span)));
        if (_byContent.Count > 100) _byContent.Clear(); // Old revisions; what is in force is parsed again.
        var packs = _byContent.GetOrAdd(content, _ => Parse(rows.Packs));
        return _byTenant[tenant] = new RulesAt(rows.RulesRevision, packs);
    }

    /// <exception cref="InvalidOperationException">A published pack cannot be read: it was validated before it was published, so this is a bug.</exception>
    private static RulePackSet Parse(IReadOnlyList<PublishedPack> packs)
    {
        var reading = RulePackSet.Of(packs.Select(p => (p.Code, RulePackReader.Read(p.Body, p.Code).Pack
            ?? throw new InvalidOperationException($"The published rule pack {p.Code}, revision {p.Revision}, cannot be read."))));
        return reading.Findings.Count == 0 ? reading.Set : throw new InvalidOperationException($"The published rule packs do not go together: {reading.Findings[0]}");
    }
}
