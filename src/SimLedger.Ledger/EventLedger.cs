using Microsoft.Extensions.Logging;
using Npgsql;
using SimLedger.Ledger.Appending;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>The store of facts: append, read a stream, read the feed. Three calls, so that another store could take its place.</summary>
public sealed class EventLedger : IAsyncDisposable
{
    /// <summary>Commit lanes of a process; the second takes part for a crowd only, since more lanes mean smaller batches. Why: docs/adr/0002-group-commit-under-head-locks.md</summary>
    public const int DefaultLanes = 2;

    // One look into the index a stream, whatever the statistics say of how many there are.
    private const string StreamsSql = """
        select e.position, e.version, e.event_id, e.type, e.data, e.recorded_at, e.actor, e.origin, e.correlation_id, e.causation_id, e.reason, e.stream_id, e.tenant_id, a.n
        from unnest($1::text[], $2::uuid[]) with ordinality as a (tenant_id, stream_id, n)
        cross join lateral (select * from events e where e.tenant_id = a.tenant_id and e.stream_id = a.stream_id order by e.version limit $3) e
        limit $4
        """;

    // "is true" keeps the plan from the index of expiry, by which it would go through all keys of the tenant (migration 0010).
    internal const string RevisionAndEarlierSql = """
        select h.rules_revision, k.request_hash, k.result, k.position
        from unnest($1::text[], $2::text[]) with ordinality as a (tenant_id, key, n)
        left join lateral (select t.rules_revision from tenant_heads t where t.tenant_id = a.tenant_id limit 1) h on true
        left join lateral (select i.request_hash, i.result, i.position from idempotency i
                           where i.tenant_id = a.tenant_id and i.key = a.key and (i.expires_at > $3) is true limit 1) k on true
        order by a.n
        """;

    private const string FeedSql = """
        select e.position, e.version, e.event_id, e.type, e.data, e.recorded_at, e.actor, e.origin, e.correlation_id, e.causation_id, e.reason, e.stream_id
        from events e where e.tenant_id = $1 and e.position > $2 order by e.position limit $3
        """;

    private readonly TenantDatabase _database;
    private readonly TimeProvider _clock;
    private readonly AppendQueues _queues;
    private readonly Coalescer<StreamAsk, StreamRead?> _reads;
    private readonly LedgerMeter _meter;
    private readonly SemaphoreSlim _heldHeads = new(8);
    private readonly List<Lane> _lanes = [];
    private readonly Task _running;
    private volatile bool _closed;

    /// <param name="views">Views whose rows commit with the facts; names unique.</param>
    /// <param name="lanes">See <see cref="DefaultLanes"/>.</param>
    public EventLedger(TenantDatabase database, IEnumerable<InlineView> views, TimeProvider clock, ILogger<EventLedger> log, int lanes = DefaultLanes)
    {
        _database = database;
        _clock = clock;
        _queues = new AppendQueues(clock);
        _reads = new Coalescer<StreamAsk, StreamRead?>(asks => ReadTogether(asks, Limits.ShortStream, CancellationToken.None), clock);
        _meter = new LedgerMeter(() => _queues.Count);
        var byName = views.ToDictionary(v => v.Name, StringComparer.Ordinal);
        var memory = new HeadMemory();
        for (var i = 0; i < lanes; i++) _lanes.Add(new Lane(_queues, database, byName, memory, clock, _heldHeads, _meter, log, beside: i > 0));
        // The first request makes the ledger; without this every later commit would be logged and traced as that request's.
        using (ExecutionContext.SuppressFlow()) _running = Task.WhenAll(_lanes.Select(lane => Task.Run(lane.Run)).ToArray());
    }

    /// <summary>Adds facts to the end of a stream, with all that belongs to them, in one commit.</summary>
    /// <returns>Appended means on disk. Everything else is a named answer; nothing is thrown for a conflict.</returns>
    /// <exception cref="ArgumentException">The append is over one of the <see cref="Limits"/>.</exception>
    /// <exception cref="PostgresException">The database refused a statement: a bug. Nothing of this append was stored.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. While it waited for its turn nothing was stored; once taken it is carried through, and nobody is told.</exception>
    public async Task<AppendAnswer> Append(Append append, CancellationToken cancel)
    {
        if (append.Events.Count > Limits.AppendEvents) throw new ArgumentException($"{append.Events.Count} facts in one append, at most {Limits.AppendEvents} are allowed.", nameof(append));
        if (append.Events.FirstOrDefault(e => e.Data.Length > Limits.EventBytes) is { } large) throw new ArgumentException($"{large.Type} has {large.Data.Length} bytes, at most {Limits.EventBytes} are allowed.", nameof(append));

        if (append.Pack is not null && append.Events.Count == 0) throw new ArgumentException("A rule pack is published with the fact that says so.", nameof(append));

        var started = _clock.GetTimestamp();
        var answer = await AnswerTo(append, started, cancel);
        _meter.Answered(answer, _clock.GetElapsedTime(started));
        return answer;
    }

    /// <summary>Reads a stream from its start, with the rules revision in force and what was answered to an idempotency key before.</summary>
    /// <param name="key">Null: no key is looked up.</param>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    /// <exception cref="InvalidOperationException">The stream is longer than <see cref="Limits.StreamEvents"/>.</exception>
    /// <remarks>Callers at the same time share round trips, of whatever tenants; a stream that is no short one is read alone, so that it holds up nobody else.</remarks>
    public async Task<StreamRead> ReadStream(TenantId tenant, Guid stream, string? key, CancellationToken cancel)
    {
        var ask = new StreamAsk(tenant, stream, key);
        return await _reads.Ask(ask, cancel)
            ?? (await ReadTogether([ask], Limits.StreamEvents, cancel))[0]
            ?? throw new InvalidOperationException($"Stream {stream} has more than {Limits.StreamEvents} facts.");
    }

    /// <summary>Reads several streams from their start in one round trip, with the rules revision in force.</summary>
    /// <param name="streams">1 to <see cref="Limits.StreamsAtOnce"/>, each once.</param>
    /// <returns>In the order given; a stream that does not exist is empty, at version 0.</returns>
    /// <remarks>Streams that together have more than <see cref="Limits.FactsAtOnce"/> facts are read in two halves, and so on: memory stays bounded.</remarks>
    public async Task<IReadOnlyList<StreamRead>> ReadStreams(TenantId tenant, IReadOnlyList<Guid> streams, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(streams.Count, Limits.StreamsAtOnce);
        if (streams.Count == 1) return [await ReadStream(tenant, streams[0], null, cancel)];

        var asks = streams.Select(stream => new StreamAsk(tenant, stream, null)).ToArray();
        if (await ReadTogether(asks, Limits.StreamEvents, cancel) is var reads && reads.All(read => read is not null)) return reads!;
        var half = streams.Count / 2;
        return [.. await ReadStreams(tenant, [.. streams.Take(half)], cancel), .. await ReadStreams(tenant, [.. streams.Skip(half)], cancel)];
    }

    /// <summary>Reads a tenant's facts in commit order. What is returned has no gaps, so a subscriber that goes on after the last position skips nothing.</summary>
    /// <param name="after">0 for the start.</param>
    /// <param name="limit">1 to 1,000; fewer come, though more follow, where their data is over <see cref="Limits.FeedBytes"/>.</param>
    public Task<IReadOnlyList<StoredEvent>> ReadFeed(TenantId tenant, long after, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        return _database.Query(tenant, [Statement.Of(FeedSql, tenant.Value, after, limit)], async (reader, stop) =>
        {
            var facts = new List<StoredEvent>();
            for (var bytes = 0; bytes < Limits.FeedBytes && await reader.ReadAsync(stop); bytes += facts[^1].Data?.Length ?? 0) facts.Add(ReadEvent(reader));
            return (IReadOnlyList<StoredEvent>)facts;
        }, cancel);
    }

    /// <summary>Commits what waits, then closes. Appends that come later are answered Busy.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed) return;
        _closed = true;
        // What is queued is carried through; nobody may wait longer than the queue time.
        using var patience = new CancellationTokenSource(Limits.QueueTime, _clock);
        while (_queues.Count > 0 && !patience.IsCancellationRequested) await Task.Delay(20, CancellationToken.None);
        _queues.Close();
        await _running;
        foreach (var lane in _lanes) await lane.DisposeAsync();
        _heldHeads.Dispose();
        _meter.Dispose();
    }

    private async Task<AppendAnswer> AnswerTo(Append append, long started, CancellationToken cancel)
    {
        // Refused here, not found out when the stream is read: what cannot be read cannot be voided either.
        if (append.ExpectedVersion + append.Events.Count > Limits.StreamEvents) return new AppendAnswer.StreamFull();

        var deadline = started + (long)(Limits.QueueTime.TotalSeconds * _clock.TimestampFrequency);
        var pending = new PendingAppend(append, deadline, cancel);
        if (_closed || !_queues.TryEnqueue(pending)) return new AppendAnswer.Busy(TimeSpan.FromSeconds(1));
        // The caller's deadline holds also when the database stalls under a batch that was taken.
        return await pending.Answered.WaitAsync(cancel);
    }

    /// <summary>Reads streams of one tenant or several in one round trip.</summary>
    /// <param name="most">Facts of a stream.</param>
    /// <returns>In the order asked; null: the stream has more facts than <paramref name="most"/>, or all together more than <see cref="Limits.FactsAtOnce"/>.</returns>
    private async Task<IReadOnlyList<StreamRead?>> ReadTogether(IReadOnlyList<StreamAsk> asks, int most, CancellationToken cancel)
    {
        var tenants = asks.Select(a => a.Tenant.Value).ToArray();
        return await _database.QueryAcross(
            [.. asks.Select(a => a.Tenant).Distinct()],
            [
                Statement.Of(StreamsSql, tenants, asks.Select(a => a.Stream).ToArray(), most + 1, Limits.FactsAtOnce + 1),
                Statement.Of(RevisionAndEarlierSql, tenants, asks.Select(a => a.Key).ToArray(), _clock.GetUtcNow().UtcDateTime),
            ],
            async (reader, stop) =>
            {
                var facts = asks.Select(_ => new List<StoredEvent>()).ToArray();
                var count = 0;
                for (; await reader.ReadAsync(stop); count++)
                {
                    var ask = (int)reader.GetInt64(13) - 1;
                    // All tenants asked for are at hand, so that row-level security could not see a row under the wrong one.
                    if (reader.GetString(12) != tenants[ask]) throw new InvalidOperationException("A fact came under an organisation that did not ask for it: a bug.");
                    facts[ask].Add(ReadEvent(reader));
                }
                await reader.NextResultAsync(stop);
                var reads = new StreamRead?[asks.Count];
                for (var i = 0; i < asks.Count && await reader.ReadAsync(stop); i++)
                {
                    var revision = reader.IsDBNull(0) ? 0 : reader.GetInt64(0);
                    var earlier = reader.IsDBNull(1) ? null : new EarlierAnswer(reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3));
                    reads[i] = facts[i].Count > most || count > Limits.FactsAtOnce ? null : new StreamRead(facts[i], facts[i] is [.., var last] ? last.Version : 0, revision, earlier);
                }
                return reads;
            }, cancel);
    }

    internal static async Task<List<StoredEvent>> ReadEvents(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(cancel)) events.Add(ReadEvent(reader));
        return events;
    }

    internal static StoredEvent ReadEvent(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetGuid(11),
        reader.GetInt32(1),
        reader.GetGuid(2),
        reader.GetString(3),
        reader.IsDBNull(4) ? (ReadOnlyMemory<byte>?)null : reader.GetFieldValue<byte[]>(4),
        reader.GetFieldValue<DateTimeOffset>(5),
        new AuditContext(
            reader.GetString(6),
            reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetString(8),
            reader.IsDBNull(9) ? null : reader.GetString(9),
            reader.IsDBNull(10) ? null : reader.GetString(10)));

    private sealed record StreamAsk(TenantId Tenant, Guid Stream, string? Key);
}
