using System.Globalization;
using System.Text;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>Which facts an audit asks for. What is null is not asked.</summary>
/// <param name="From">Recorded at this instant or later.</param>
/// <param name="To">Recorded before this instant.</param>
/// <param name="Import">Recorded by the import of this id: their causation, where their origin begins with <c>import:</c>.</param>
/// <param name="KnownAt">Recorded at this instant or before: what was known then.</param>
/// <param name="AsOf">
/// Happened at this instant or before: by the member <c>at</c> of their data, a date (its start in UTC: the ledger knows no carrier's zone) or an
/// instant with its offset; facts without one by when they were recorded.
/// </param>
/// <param name="WhateverAsOf">Types of facts that <paramref name="AsOf"/> does not leave out.</param>
public sealed record AuditFilter(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Actor = null, IReadOnlyList<string>? Types = null, Guid? Stream = null,
    Guid? Import = null, DateTimeOffset? KnownAt = null, DateTimeOffset? AsOf = null, IReadOnlyList<string>? WhateverAsOf = null);

/// <param name="Facts">Newest first; perhaps none though there are older ones that fit.</param>
/// <param name="LookedBackTo">All that fits from this position on, up to where the page began, was found.</param>
/// <param name="Next">Where to go on: the position before which to look; null: this was the last page.</param>
public sealed record AuditPage(IReadOnlyList<StoredEvent> Facts, long LookedBackTo, long? Next);

/// <summary>A tenant's facts over all streams, newest first, read back from the events themselves.</summary>
public sealed class AuditTrail(TenantDatabase database)
{
    /// <summary>Facts that one page looks at, however few of them fit: what a page costs is bounded whatever is asked.</summary>
    public const int LooksBack = 50_000;

    // The limit keeps each look a look into the key, whatever a plan made without statistics would rather do.
    // Recorded times never run against position, so the first fact of a moment is found by halving: some twenty looks into the primary key
    // of millions of facts, and no index that every append would pay for.
    private const string FirstSinceSql = """
        with recursive halving (low, high) as (
            select 0::bigint, h.position + 1 from tenant_heads h where h.tenant_id = $1
            union all
            select case when e.recorded_at < $2 then m.middle else s.low end, case when e.recorded_at < $2 then s.high else m.middle end
            from halving s cross join lateral (select (s.low + s.high) / 2 as middle) m
            cross join lateral (select f.recorded_at from events f where f.tenant_id = $1 and f.position = m.middle limit 1) e
            where s.high - s.low > 1)
        select min(high) from halving
        """;

    // The oldest fact of an import that one page looks at. In the words of its partial index; pairs, since no other index knows them: of
    // causation and position apart PostgreSQL, while it has no statistics, makes a walk over all facts of the positions.
    private const string ImportWindowSql = """
        select e.position from events e
        where e.tenant_id = $1 and e.origin like 'import:%' and (e.causation_id, e.position) < ($4, $2) and (e.causation_id, e.position) >= ($4, $3)
        order by e.causation_id desc, e.position desc offset $5 limit 1
        """;

    // By hand, since a cast would take a date in the session's zone and refuse offsets that are none on earth but were recorded.
    private const string HappenedAt = """
        case when e.data ->> 'at' ~ '^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$'
             then regexp_replace(e.data ->> 'at', '(Z|[+-]\d{2}:\d{2})$', '')::timestamp - coalesce(substring(e.data ->> 'at' from 'T.*([+-]\d{2}:\d{2})$'), '0')::interval
             else e.recorded_at at time zone 'UTC' end
        """;

    private const string FactsSql = """
        select e.position, e.version, e.event_id, e.type, e.data, e.recorded_at, e.actor, e.origin, e.correlation_id, e.causation_id, e.reason, e.stream_id
        from events e where e.tenant_id = $1
        """;

    private readonly TenantHeads _heads = new(database);

    /// <summary>The newest facts that the filter asks for, before a position.</summary>
    /// <param name="before">Exclusive, as <see cref="AuditPage.Next"/> of the page before says; null: from the newest.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public async Task<AuditPage> Read(TenantId tenant, AuditFilter filter, long? before, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var from = filter.From is { } start ? await FirstSince(tenant, start, cancel) : 1;
        var end = Math.Min(before ?? long.MaxValue, (await _heads.Of(tenant, cancel)).Position + 1);
        if (filter.To is { } to) end = Math.Min(end, await FirstSince(tenant, to, cancel));
        if (filter.KnownAt is { } known) end = Math.Min(end, await FirstSince(tenant, AfterMicrosecond(known), cancel));
        from = Math.Min(from, end);

        var low = await LookBack(tenant, filter, from, end, cancel);
        var facts = await database.Query(
            tenant, [Page(tenant, filter, low, end, limit + 1)], async (reader, stop) => await EventLedger.ReadEvents(reader, stop), cancel);
        if (facts.Count <= limit) return new AuditPage(facts, low, low > from ? low : null);
        facts.RemoveAt(limit);
        return new AuditPage(facts, facts[^1].Position, facts[^1].Position);
    }

    /// <summary>The position down to which a page looks; positions have no gaps, so that a range of them is so many facts.</summary>
    private async Task<long> LookBack(TenantId tenant, AuditFilter filter, long from, long end, CancellationToken cancel)
    {
        if (filter.Stream is not null) return from; // A stream is short, see Limits.StreamEvents, and read by its own index.
        if (filter.Import is not { } import) return Math.Max(from, end - LooksBack);

        var window = Statement.Of(ImportWindowSql, tenant.Value, end, from, import.ToString("D"), LooksBack - 1);
        return await database.Query(tenant, [window], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : from, cancel);
    }

    /// <summary>Only what is asked is said, in the words of the index that serves it.</summary>
    private static NpgsqlBatchCommand Page(TenantId tenant, AuditFilter filter, long low, long end, int limit)
    {
        var command = Statement.Of("", tenant.Value, end, low);
        var sql = new StringBuilder(FactsSql);
        if (filter.Import is null) sql.Append(" and e.position < $2 and e.position >= $3");
        if (filter.Import?.ToString("D") is { } import) sql.Append(CultureInfo.InvariantCulture, $" and e.origin like 'import:%' and (e.causation_id, e.position) < ({Next(import)}, $2) and (e.causation_id, e.position) >= ({Next(import)}, $3)");
        if (filter.Stream is { } stream) sql.Append(CultureInfo.InvariantCulture, $" and e.stream_id = {Next(stream)}");
        if (filter.Actor is { } actor) sql.Append(CultureInfo.InvariantCulture, $" and e.actor = {Next(actor)}");
        if (filter.Types is { } types) sql.Append(CultureInfo.InvariantCulture, $" and e.type = any ({Next(types.ToArray())})");
        if (filter.AsOf is { } asOf)
        {
            var happened = string.Create(CultureInfo.InvariantCulture, $"{HappenedAt} <= {Next(DateTime.SpecifyKind(asOf.UtcDateTime, DateTimeKind.Unspecified))}");
            sql.Append(CultureInfo.InvariantCulture, $" and (e.type = any ({Next(filter.WhateverAsOf?.ToArray() ?? [])}) or {happened})");
        }
        // Within a stream versions and positions run alike; within an import there is one causation.
        sql.Append(filter.Stream is not null ? " order by e.version desc" : filter.Import is not null ? " order by e.causation_id desc, e.position desc" : " order by e.position desc");
        sql.Append(CultureInfo.InvariantCulture, $" limit {Next(limit)}");
        command.CommandText = sql.ToString();
        return command;

        string Next(object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }
    }

    /// <summary>PostgreSQL keeps microseconds: this is the first moment that it can tell from the one given.</summary>
    private static DateTimeOffset AfterMicrosecond(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMicrosecond) + TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    private Task<long> FirstSince(TenantId tenant, DateTimeOffset moment, CancellationToken cancel) =>
        database.Query(
            tenant, [Statement.Of(FirstSinceSql, tenant.Value, moment.UtcDateTime)],
            async (reader, stop) => await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? reader.GetInt64(0) : 1, cancel);
}
