using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;

namespace SimLedger.Server.RulesInForce;

/// <summary>A published pack and what became of it here.</summary>
/// <param name="Pack">Null: it cannot be used, and its lines are "rule unknown".</param>
/// <param name="Problem">Why it cannot be used, or not wholly; null: nothing is wrong with it.</param>
public sealed record PackInForce(PackRevision Revision, RulePack? Pack, string? Problem);

/// <summary>The rules of one organisation at one revision.</summary>
/// <param name="Published">All packs in force by code, also those that cannot be used.</param>
public sealed record RulesAt(long Revision, RulePackSet Packs, IReadOnlyList<PackInForce> Published)
{
    /// <summary>When any pack was last published or withdrawn; null: never.</summary>
    public Instant? ChangedAt { get; init; }

    /// <summary>Whether a pack is the organisation's own, put in the place of the shared one.</summary>
    public bool IsOwn(RulePack pack)
    {
        foreach (var published in Published)
        {
            if (ReferenceEquals(published.Pack, pack)) return published.Revision.Own;
        }

        return false;
    }
}

/// <summary>Rule packs in force, read from their rows and kept by revision. Nothing here grows with the number of organisations but one entry each.</summary>
public sealed class RuleBook(TenantDatabase database, PublishedPacks published, ILogger<RuleBook> log)
{
    private const int MostContents = 100;

    private const string RevisionSql = "select rules_revision from tenant_heads where tenant_id = $1";

    private readonly ConcurrentDictionary<TenantId, RulesAt> _byTenant = new();
    private readonly ConcurrentDictionary<string, RulesAt> _byContent = new(StringComparer.Ordinal);

    /// <summary>What is in force at the revision told, or at a newer one when it has risen meanwhile.</summary>
    /// <param name="revision">As a read of the ledger told it; what is kept of another revision is not used.</param>
    public async Task<RulesAt> InForce(TenantId tenant, long revision, CancellationToken cancel)
    {
        return _byTenant.TryGetValue(tenant, out var known) && known.Revision == revision ? known : await Newest(tenant, cancel);
    }

    /// <summary>What is in force now: one small row is read, and the packs themselves only if they are others than those known.</summary>
    public async Task<RulesAt> Current(TenantId tenant, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(RevisionSql) { Parameters = { new() { Value = tenant.Value } } };
        var revision = await database.Query(tenant, [command], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : -1, cancel);
        return await InForce(tenant, revision, cancel);
    }

    /// <summary>What is in force now, read anew.</summary>
    public async Task<RulesAt> Newest(TenantId tenant, CancellationToken cancel)
    {
        var rows = await published.InForce(tenant, exceptOwn: null, cancel);
        return _byTenant[tenant] = Read(rows, tenant);
    }

    /// <summary>What was in force at an instant that is past.</summary>
    public async Task<RulesAt> KnownAt(TenantId tenant, Instant instant, CancellationToken cancel) =>
        Read(await published.InForceAt(tenant, instant.ToDateTimeOffset(), cancel), tenant);

    private RulesAt Read(PacksInForce rows, TenantId tenant)
    {
        // Organisations without packs of their own share one reading of the shared ones.
        var content = string.Join(',', rows.Packs.Select(p => string.Create(
            CultureInfo.InvariantCulture, $"{p.Revision.Own}:{p.Revision.Revision}:{p.Revision.PublishedAt.Ticks}:{Convert.ToHexString(p.Revision.Hash.Span)}")));
        if (_byContent.Count > MostContents) _byContent.Clear(); // Old revisions; what is in force is read again.
        var rules = _byContent.GetOrAdd(content, _ => Together(rows.Packs, tenant));
        return rules with { Revision = rows.RulesRevision, ChangedAt = rows.ChangedAt is { } at ? Instant.FromDateTimeOffset(at) : null };
    }

    /// <summary>
    /// One bad pack never takes down the good ones: what an older program let through, or what newer shared packs collide with, is told with the
    /// pack and logged. The organisation's own packs keep their names before the shared ones.
    /// </summary>
    private RulesAt Together(IReadOnlyList<PublishedPack> rows, TenantId tenant)
    {
        var packs = PacksTogether.Of([.. rows.Select(row => (row.Revision, RulePackReader.Read(row.Body, row.Revision.Code)))]);
        foreach (var pack in packs.Published.Where(p => p.Problem is not null))
        {
            log.LogError("Rule pack {Code}, revision {Revision}, of {Tenant}: {Problem}", pack.Revision.Code, pack.Revision.Revision, tenant, pack.Problem);
        }

        return packs;
    }
}
