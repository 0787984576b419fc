using System.Globalization;
using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>What a kill run left behind, read past all walls and compared with what callers and subscribers were told.</summary>
internal sealed record KillRunAudit
{
    private const string FactsSql = """
        select tenant_id, position, stream_id, version, event_id,
               case type when 'ToppedUp' then data->>'source' when 'NotesWritten' then data->>'notes' end
        from events order by tenant_id, position
        """;

    private const string OutOfStepSql = """
        select count(*)
        from (select tenant_id, stream_id, max(version) as version from events group by tenant_id, stream_id) e
        left join card_standing s on s.tenant_id = e.tenant_id and s.card_id = e.stream_id
        where s.stream_version is distinct from e.version
        """;

    private const string HeadsSql = """
        select count(*) from tenant_heads h
        where h.tenant_id <> '_' and h.position <> (select coalesce(max(e.position), 0) from events e where e.tenant_id = h.tenant_id)
        """;

    private const string KeysSql = "select tenant_id, key from idempotency";

    public required int Facts { get; init; }

    public required int Acknowledged { get; init; }

    /// <summary>Facts whose id a caller was given and that are not stored.</summary>
    public required int Lost { get; init; }

    /// <summary>Requests that took effect more than once, or took effect though nobody made them.</summary>
    public required int Duplicated { get; init; }

    /// <summary>Requests that were never answered for good.</summary>
    public required int Unsettled { get; init; }

    /// <summary>Requests some attempt of which did not tell whether it took effect.</summary>
    public required int Unknown { get; init; }

    /// <summary>Those of them that took effect exactly once.</summary>
    public required int UnknownSettled { get; init; }

    /// <summary>Acknowledged requests whose key is not kept.</summary>
    public required int KeysMissing { get; init; }

    public required int PositionGaps { get; init; }

    public required int VersionGaps { get; init; }

    /// <summary>Cards whose row on the due list is not that of their last fact.</summary>
    public required long RowsOutOfStep { get; init; }

    public required long HeadsOutOfStep { get; init; }

    public required long Skipped { get; init; }

    /// <summary>Facts that a subscriber saw and that are not stored at that position, or that it never came to see.</summary>
    public required int SeenOtherwise { get; init; }

    public required IReadOnlyList<string> ChainBreaks { get; init; }

    public static async Task<KillRunAudit> Of(
        KillablePostgres postgres, TenantDatabase database, KillRunLog log, IReadOnlyList<KillRunSubscriber> subscribers)
    {
        var facts = await postgres.Read(FactsSql, r => (
            Tenant: r.GetString(0), Position: r.GetInt64(1), Stream: r.GetGuid(2), Version: r.GetInt32(3), Id: r.GetGuid(4),
            Key: r.IsDBNull(5) ? null : r.GetString(5)));
        var kept = (await postgres.Read(KeysSql, r => (r.GetString(0), r.GetString(1)))).ToHashSet();
        var stored = facts.Select(f => f.Id).ToHashSet();
        var effects = facts.Where(f => f.Key is not null).CountBy(f => (f.Tenant, f.Key!)).ToDictionary();
        var wishes = log.Wishes.ToDictionary(w => (w.Tenant, w.Key));
        var acknowledged = wishes.Values.Where(w => w.Acknowledged is not null).ToList();
        var unknown = wishes.Values.Where(w => w.WasUnknown).ToList();
        var verifier = new ChainVerifier(database);
        var verified = new List<Verification>();
        foreach (var subscriber in subscribers) verified.Add(await verifier.Verify(subscriber.Tenant, CancellationToken.None));

        return new KillRunAudit
        {
            Facts = facts.Count,
            Acknowledged = acknowledged.Count,
            Lost = acknowledged.SelectMany(w => w.Acknowledged!).Count(id => !stored.Contains(id)),
            Duplicated = effects.Count(e => e.Value > 1 || !wishes.ContainsKey(e.Key)) + (facts.Count - stored.Count),
            Unsettled = wishes.Count - acknowledged.Count,
            Unknown = unknown.Count,
            UnknownSettled = unknown.Count(w => w.Acknowledged is not null && effects.GetValueOrDefault((w.Tenant, w.Key)) == 1),
            KeysMissing = acknowledged.Count(w => !kept.Contains((w.Tenant, w.Key))),
            PositionGaps = facts.GroupBy(f => f.Tenant).Sum(t => t.Select((f, i) => f.Position - i).Count(n => n != 1)),
            VersionGaps = facts.GroupBy(f => (f.Tenant, f.Stream)).Sum(s => s.Select((f, i) => f.Version - i).Count(n => n != 1)),
            RowsOutOfStep = (await postgres.Read(OutOfStepSql, r => r.GetInt64(0))).Single(),
            HeadsOutOfStep = (await postgres.Read(HeadsSql, r => r.GetInt64(0))).Single(),
            Skipped = subscribers.Sum(s => s.Skipped),
            SeenOtherwise = subscribers.Sum(s => Differing(s.Seen, [.. facts.Where(f => f.Tenant == s.Tenant.Value).Select(f => f.Id)])),
            ChainBreaks = [.. verified.Where(v => v.Break is not null).Select(v => $"{v.Tenant} at {v.Break!.Position?.ToString(CultureInfo.InvariantCulture) ?? "?"}: {v.Break.What}")],
        };
    }

    private static int Differing(List<Guid> seen, List<Guid> stored) =>
        seen.Zip(stored).Count(pair => pair.First != pair.Second) + Math.Abs(seen.Count - stored.Count);
}
