using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Verification;

/// <summary>What the recomputation of a tenant's chain found.</summary>
/// <param name="Facts">Facts looked at.</param>
/// <param name="Erased">Those among them whose data was erased: their digest still stands in the chain, their content can no longer be checked.</param>
/// <param name="Break">The first thing that is not as it was written; null: all is.</param>
public sealed record Verification(TenantId Tenant, long Facts, long Erased, ChainBreak? Break);

/// <param name="Position">Where; null when it lies somewhere before the end and only the head tells.</param>
public sealed record ChainBreak(long? Position, string What);

/// <summary>Recomputes digests and chain of a tenant from the stored bytes and names the first break.</summary>
public sealed class ChainVerifier(TenantDatabase database)
{
    private const int PageSize = 1000;

    private const string HeadSql = "select position, chain from tenant_heads where tenant_id = $1";

    private const string PageSql = """
        select e.position, e.version, e.event_id, e.type, e.data, e.recorded_at, e.actor, e.origin, e.correlation_id, e.causation_id, e.reason, e.stream_id,
               e.salt, e.digest
        from events e where e.tenant_id = $1 and e.position > $2 order by e.position limit $3
        """;

    // Read after all pages: a row beyond the head of before may be a fact appended meanwhile, one beyond the head of now is not.
    // Without a head every fact is beyond it.
    private const string BeyondSql = """
        select e.position from events e
        where e.tenant_id = $1 and e.position > coalesce((select h.position from tenant_heads h where h.tenant_id = $1), 0) order by e.position limit 1
        """;

    /// <summary>The organisations that there are or were, in order: one whose head was deleted has facts or keys left.</summary>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public Task<IReadOnlyList<TenantId>> Tenants(CancellationToken cancel) => database.TenantsBy("tenants_to_verify()", cancel);

    /// <param name="report">Told after every page how many facts were looked at, of how many; null: nobody asks.</param>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public async Task<Verification> Verify(TenantId tenant, CancellationToken cancel, Action<long, long>? report = null)
    {
        var head = await database.Query(tenant, [Statement.Of(HeadSql, tenant.Value)], async (reader, stop) =>
            await reader.ReadAsync(stop) ? new Head(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null, cancel);
        if (head is null) return new Verification(tenant, 0, 0, new ChainBreak(await FirstBeyondHead(tenant, cancel), "the organisation has no head any more: it was deleted"));

        var walk = new Walk(tenant, head.Position);
        while (walk.Break is null && walk.Position < head.Position)
        {
            var before = walk.Position;
            await database.Query(tenant, [Statement.Of(PageSql, tenant.Value, walk.Position, PageSize)], async (reader, stop) =>
            {
                while (walk.Break is null && walk.Position < head.Position && await reader.ReadAsync(stop)) walk.Step(reader);
                return 0;
            }, cancel);
            report?.Invoke(walk.Position, head.Position);
            if (walk.Position == before && walk.Break is null)
            {
                walk.Break = new ChainBreak(before + 1, $"the facts from here to {head.Position} are missing");
            }
        }

        if (walk.Break is null && !walk.Chain.AsSpan().SequenceEqual(head.Chain))
        {
            walk.Break = new ChainBreak(null, "every fact fits its digest, but they do not add up to the chain of the head: digests were made anew or the head was changed");
        }
        if (walk.Break is null && await FirstBeyondHead(tenant, cancel) is { } beyond)
        {
            walk.Break = new ChainBreak(beyond, "a fact stands beyond the head: it was not appended by the ledger");
        }
        return new Verification(tenant, walk.Position, walk.Erased, walk.Break);
    }

    private Task<long?> FirstBeyondHead(TenantId tenant, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(BeyondSql, tenant.Value)], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : (long?)null, cancel);

    private sealed record Head(long Position, byte[] Chain);

    private sealed class Walk(TenantId tenant, long end)
    {
        private readonly Dictionary<Guid, int> _versions = [];

        public long Position { get; private set; }

        public long Erased { get; private set; }

        public byte[] Chain { get; private set; } = Ledger.Chain.Start.ToArray();

        public ChainBreak? Break { get; set; }

        public void Step(NpgsqlDataReader reader)
        {
            var stored = EventLedger.ReadEvent(reader);
            if (stored.Position != Position + 1)
            {
                Break = new ChainBreak(Position + 1, stored.Position == Position + 2 ? "a fact is missing" : $"the facts from here to {Math.Min(stored.Position, end + 1) - 1} are missing");
                return;
            }
            var digest = reader.GetFieldValue<byte[]>(13);
            if (stored.Data is null)
            {
                Erased++;
            }
            else if (!Ledger.Chain.Digest(reader.GetFieldValue<byte[]>(12), tenant, stored).AsSpan().SequenceEqual(digest))
            {
                Break = new ChainBreak(stored.Position, $"the stored {stored.Type} ({stored.EventId}) is not what was written: its data, its metadata or its place was changed");
                return;
            }
            _versions.TryGetValue(stored.Stream, out var version);
            if (stored.Version != version + 1)
            {
                Break = new ChainBreak(stored.Position, $"version {stored.Version} of stream {stored.Stream} follows version {version}");
                return;
            }
            _versions[stored.Stream] = stored.Version;
            Chain = Ledger.Chain.Next(Chain, digest);
            Position = stored.Position;
        }
    }
}
