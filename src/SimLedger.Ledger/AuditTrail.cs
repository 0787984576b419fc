using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>Which facts an audit asks for. What is null is not asked.</summary>
/// <param name="From">Recorded at this instant or later.</param>
/// <param name="To">Recorded before this instant.</param>
public sealed record AuditFilter(DateTimeOffset? From = null, DateTimeOffset? To = null, string? Actor = null, IReadOnlyList<string>? Types = null, Guid? Stream = null);

/// <summary>A tenant's facts over all streams, newest first, read back from the events themselves.</summary>
public sealed class AuditTrail(TenantDatabase database)
{
    // Recorded times never run against position, so the first fact of a moment is found by halving: some twenty looks into the primary key
    // of millions of facts, and no index that every append would pay for.
    private const string FirstSinceSql = """
        with recursive halving (low, high) as (
            select 0::bigint, h.position + 1 from tenant_heads h where h.tenant_id = $1
            union all
            select case when e.recorded_at < $2 then m.middle else s.low end, case when e.recorded_at < $2 then s.high else m.middle end
            from halving s cross join lateral (select (s.low + s.high) / 2 as middle) m
            join events e on e.tenant_id = $1 and e.position = m.middle
            where s.high - s.low > 1)
        select min(high) from halving
        """;

    private const string PageSql = """
        select e.position, e.version, e.event_id, e.type, e.data, e.recorded_at, e.actor, e.origin, e.correlation_id, e.causation_id, e.reason, e.stream_id
        from events e
        where e.tenant_id = $1 and e.position < $2 and e.position >= $3
            and ($4::text is null or e.actor = $4) and ($5::text[] is null or e.type = any ($5)) and ($6::uuid is null or e.stream_id = $6)
        order by e.position desc limit $7
        """;

    /// <summary>The newest facts that the filter asks for, before a position.</summary>
    /// <param name="before">Exclusive; null: from the newest.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <exception cref="NpgsqlException">The database could not be reached, or a rare type or actor took longer to find than a statement may.</exception>
    public async Task<IReadOnlyList<StoredEvent>> Read(TenantId tenant, AuditFilter filter, long? before, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var from = filter.From is { } start ? await FirstSince(tenant, start, cancel) : 1;
        var to = filter.To is { } end ? await FirstSince(tenant, end, cancel) : long.MaxValue;
        var page = new NpgsqlBatchCommand(PageSql)
        {
            Parameters =
            {
                new() { Value = tenant.Value },
                new() { Value = Math.Min(before ?? long.MaxValue, to) },
                new() { Value = from },
                new() { Value = (object?)filter.Actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)filter.Types?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = (object?)filter.Stream ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = limit },
            },
        };
        return await database.Query(tenant, [page], async (reader, stop) => (IReadOnlyList<StoredEvent>)await EventLedger.ReadEvents(reader, stop), cancel);
    }

    private Task<long> FirstSince(TenantId tenant, DateTimeOffset moment, CancellationToken cancel) =>
        database.Query(
            tenant, [new NpgsqlBatchCommand(FirstSinceSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = moment.UtcDateTime } } }],
            async (reader, stop) => await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? reader.GetInt64(0) : 1, cancel);
}
