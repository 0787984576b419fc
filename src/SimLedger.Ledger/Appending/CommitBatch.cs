using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>
/// The appends of one commit and the two round trips that store them: lock and look, then write and COMMIT.
/// Why so: docs/adr/0002-group-commit-under-head-locks.md
/// </summary>
internal sealed class CommitBatch(IReadOnlyList<PendingAppend> pendings, IReadOnlyDictionary<string, InlineView> views)
{
    /// <summary>Heads that another transaction holds are left out, so that it stalls nobody else.</summary>
    private const string LockHeadsSql = """
        select tenant_id, position, chain, recorded_at, rules_revision
        from tenant_heads where tenant_id = any ($1) order by tenant_id for update skip locked
        """;

    private const string WaitForHeadsSql = """
        select tenant_id, position, chain, recorded_at, rules_revision
        from tenant_heads where tenant_id = any ($1) order by tenant_id for update
        """;

    // Its own statement, after the lock: a check inside the locking statement would read what stood before the lock was got.
    private const string LookSql = """
        select coalesce(v.version, 0), i.request_hash, i.result::text, i.position
        from unnest($1::text[], $2::uuid[], $3::text[]) with ordinality as a (tenant_id, stream_id, key, n)
        left join lateral (select e.version from events e where e.tenant_id = a.tenant_id and e.stream_id = a.stream_id
                           order by e.version desc limit 1) v on true
        left join lateral (select k.request_hash, k.result, k.position from idempotency k
                           where k.tenant_id = a.tenant_id and k.key = a.key and k.expires_at > $4 limit 1) i on true
        order by a.n
        """;

    private const string LookForNamesSql = """
        select t.append, t.kind, t.value, r.stream_id
        from unnest($1::int[], $2::text[], $3::text[], $4::text[]) as t (append, tenant_id, kind, value)
        join lateral (select s.stream_id from reservations s
                      where s.tenant_id = t.tenant_id and s.kind = t.kind and s.value = t.value limit 1) r on true
        """;

    // What is written names its append three times: by number, tenant and stream. What was mixed up matches none, the count differs
    // and nothing commits. (Row-level security cannot see it: all tenants of the batch are at hand.)
    private const string WriteEventsSql = """
        with written as (
            insert into events (tenant_id, position, stream_id, version, event_id, type, data, salt, digest, recorded_at,
                                actor, origin, correlation_id, causation_id, reason)
            select a.tenant_id, e.position, a.stream_id, e.version, e.event_id, e.type, e.data::json, e.salt, e.digest, a.recorded_at,
                   a.actor, a.origin, a.correlation_id, a.causation_id, a.reason
            from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
                 with ordinality as a (tenant_id, stream_id, recorded_at, actor, origin, correlation_id, causation_id, reason, n)
            join unnest($9::int[], $10::text[], $11::uuid[], $12::bigint[], $13::int[], $14::uuid[], $15::text[], $16::text[], $17::bytea[], $18::bytea[])
                 as e (append, tenant_id, stream_id, position, version, event_id, type, data, salt, digest)
                 on e.append = a.n and e.tenant_id = a.tenant_id and e.stream_id = a.stream_id
            returning 1)
        select require_rows('events', $19, count(*)) from written
        """;

    private const string WriteKeysSql = """
        with written as (
            insert into idempotency (tenant_id, key, request_hash, result, position, expires_at)
            select a.tenant_id, k.key, k.request_hash, k.result::json, k.position, $10
            from unnest($1::text[], $2::uuid[]) with ordinality as a (tenant_id, stream_id, n)
            join unnest($3::int[], $4::text[], $5::uuid[], $6::text[], $7::bytea[], $8::text[], $9::bigint[])
                 as k (append, tenant_id, stream_id, key, request_hash, result, position)
                 on k.append = a.n and k.tenant_id = a.tenant_id and k.stream_id = a.stream_id
            on conflict on constraint idempotency_pkey do update
                set request_hash = excluded.request_hash, result = excluded.result, position = excluded.position, expires_at = excluded.expires_at
                where idempotency.expires_at <= $11
            returning 1)
        select require_rows('idempotency keys', $12, count(*)) from written
        """;

    private const string GiveNamesBackSql = """
        delete from reservations r
        using unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) as g (tenant_id, kind, value, stream_id)
        where r.tenant_id = g.tenant_id and r.kind = g.kind and r.value = g.value and r.stream_id = g.stream_id
        """;

    private const string TakeNamesSql = """
        with written as (
            insert into reservations (tenant_id, kind, value, stream_id)
            select a.tenant_id, t.kind, t.value, a.stream_id
            from unnest($1::text[], $2::uuid[]) with ordinality as a (tenant_id, stream_id, n)
            join unnest($3::int[], $4::text[], $5::uuid[], $6::text[], $7::text[]) as t (append, tenant_id, stream_id, kind, value)
                 on t.append = a.n and t.tenant_id = a.tenant_id and t.stream_id = a.stream_id
            returning 1)
        select require_rows('names', $8, count(*)) from written
        """;

    private const string MoveHeadsSql = """
        with written as (
            update tenant_heads h set position = n.position, chain = n.chain, recorded_at = n.recorded_at, rules_revision = n.rules_revision
            from unnest($1::text[], $2::bigint[], $3::bytea[], $4::timestamptz[], $5::bigint[], $6::bigint[])
                as n (tenant_id, position, chain, recorded_at, before, rules_revision)
            where h.tenant_id = n.tenant_id and h.position = n.before
            returning 1)
        select require_rows('heads', $7, count(*)) from written
        """;

    private const string WritePacksSql = """
        with written as (
            insert into rule_packs (tenant_id, code, revision, hash, body, withdrawn, published_at, actor)
            select a.tenant_id, p.code, p.revision, sha256(p.body), p.body, octet_length(p.body) = 0, a.recorded_at, a.actor
            from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::text[]) with ordinality as a (tenant_id, stream_id, recorded_at, actor, n)
            join unnest($5::int[], $6::text[], $7::uuid[], $8::text[], $9::bigint[], $10::bytea[]) as p (append, tenant_id, stream_id, code, revision, body)
                 on p.append = a.n and p.tenant_id = a.tenant_id and p.stream_id = a.stream_id
            returning 1)
        select require_rows('rule packs', $11, count(*)) from written
        """;

    private readonly List<Survivor> _survivors = [];
    private readonly Dictionary<TenantId, Head> _heads = [];

    /// <summary>What was to be written and may or may not be, once COMMIT is under way.</summary>
    public IReadOnlyList<Survivor> Survivors => _survivors;

    /// <summary>Tenants whose head was got.</summary>
    public bool Holds(TenantId tenant) => _heads.ContainsKey(tenant);

    /// <summary>First round trip: begins, locks the heads, looks, and answers the losers. Nothing is written yet.</summary>
    /// <param name="waitFor">Null: heads that are held are skipped. Else they are waited for so long, and a <see cref="PostgresException"/> 55P03 tells that one stayed held.</param>
    public async Task LockAndLook(NpgsqlConnection connection, DateTimeOffset now, TimeSpan? waitFor, CancellationToken cancel)
    {
        var tenants = pendings.Select(p => p.Append.Tenant.Value).Distinct(StringComparer.Ordinal).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        batch.BatchCommands.Add(TenantDatabase.SetTenants(string.Join(',', tenants)));
        if (waitFor is { } time) batch.BatchCommands.Add(LockTimeout(time));
        batch.BatchCommands.Add(Command(waitFor is null ? LockHeadsSql : WaitForHeadsSql, (object)tenants)); // The cast: an array alone would be taken for the parameters.
        batch.BatchCommands.Add(Command(
            LookSql,
            pendings.Select(p => p.Append.Tenant.Value).ToArray(),
            pendings.Select(p => p.Append.Stream).ToArray(),
            pendings.Select(p => p.Append.Idempotency?.Key).ToArray(),
            now.UtcDateTime));
        var names = NamesToLookFor();
        if (names.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                LookForNamesSql, names.Select(t => t.Append).ToArray(), names.Select(t => t.Tenant).ToArray(),
                names.Select(t => t.Name.Kind).ToArray(), names.Select(t => t.Name.Value).ToArray()));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        // Results of "begin" and of lock_timeout have no rows and no columns; Npgsql steps over them.
        await reader.NextResultAsync(cancel); // set_config
        if (waitFor is not null) await reader.NextResultAsync(cancel);
        await ReadHeads(reader, cancel);
        await reader.NextResultAsync(cancel);
        var seen = await ReadSeen(reader, cancel);
        List<HeldName> held = [];
        if (names.Count > 0)
        {
            await reader.NextResultAsync(cancel);
            held = await ReadHeld(reader, cancel);
        }
        AnswerLosers(seen, held.ToLookup(h => h.Append), tenantsKnown: waitFor is not null);
        PlacePositions(now);
    }

    /// <summary>Second round trip: writes the survivors and commits. When it returns they are on disk; the caller answers them.</summary>
    public async Task WriteAndCommit(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddWrites(batch, now);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Answers the survivors after a commit.</summary>
    public void AnswerSurvivors()
    {
        foreach (var survivor in _survivors) survivor.Pending.Answer(survivor.Answer);
    }

    internal void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        var appends = _survivors;
        var tenants = appends.Select(s => s.Append.Tenant.Value).ToArray();
        var streams = appends.Select(s => s.Append.Stream).ToArray();
        var events = appends.SelectMany((s, i) => s.Events.Select(e => (Append: i + 1, Tenant: s.Append.Tenant.Value, Event: e))).ToArray();
        if (events.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                WriteEventsSql,
                tenants, streams,
                appends.Select(s => s.RecordedAt.UtcDateTime).ToArray(),
                appends.Select(s => s.Append.Audit.Actor).ToArray(),
                appends.Select(s => s.Append.Audit.Origin).ToArray(),
                appends.Select(s => s.Append.Audit.CorrelationId).ToArray(),
                appends.Select(s => s.Append.Audit.CausationId).ToArray(),
                appends.Select(s => s.Append.Audit.Reason).ToArray(),
                events.Select(e => e.Append).ToArray(),
                events.Select(e => e.Tenant).ToArray(),
                events.Select(e => e.Event.Stored.Stream).ToArray(),
                events.Select(e => e.Event.Stored.Position).ToArray(),
                events.Select(e => e.Event.Stored.Version).ToArray(),
                events.Select(e => e.Event.Stored.EventId).ToArray(),
                events.Select(e => e.Event.Stored.Type).ToArray(),
                events.Select(e => Encoding.UTF8.GetString(e.Event.Stored.Data!.Value.Span)).ToArray(),
                events.Select(e => e.Event.Salt).ToArray(),
                events.Select(e => e.Event.Digest).ToArray(),
                (long)events.Length));
        }
        AddInlineRows(batch, tenants, streams);
        AddNames(batch, tenants, streams);
        AddKeys(batch, tenants, streams, now);
        AddPacks(batch, tenants, streams);
        var moved = _heads.Values.Where(h => h.Position > h.Before).ToArray();
        if (moved.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                MoveHeadsSql,
                moved.Select(h => h.Tenant.Value).ToArray(), moved.Select(h => h.Position).ToArray(), moved.Select(h => h.Chain).ToArray(),
                moved.Select(h => h.RecordedAt.UtcDateTime).ToArray(), moved.Select(h => h.Before).ToArray(), moved.Select(h => h.RulesRevision).ToArray(),
                (long)moved.Length));
        }
    }

    private void AddInlineRows(NpgsqlBatch batch, string[] tenants, Guid[] streams)
    {
        foreach (var view in views.Values)
        {
            var count = 0;
            using var json = new MemoryStream();
            using (var writer = new Utf8JsonWriter(json))
            {
                writer.WriteStartArray();
                for (var i = 0; i < _survivors.Count; i++)
                {
                    var survivor = _survivors[i];
                    foreach (var row in survivor.Append.InlineRows ?? [])
                    {
                        if (row.View != view.Name) continue;
                        writer.WriteStartObject();
                        writer.WriteNumber("append", i + 1);
                        writer.WriteString("tenant_id", survivor.Append.Tenant.Value);
                        writer.WriteNumber("stream_version", survivor.Answer.Version);
                        writer.WriteNumber("rules_revision", survivor.Append.RulesRevision ?? 0);
                        row.WriteMembers(writer);
                        writer.WriteEndObject();
                        count++;
                    }
                }
                writer.WriteEndArray();
            }
            if (count == 0) continue;
            var command = new NpgsqlBatchCommand(
                $"with written as ({view.Sql} returning 1) select require_rows($4, $5, count(*)) from written");
            Add(command, tenants);
            Add(command, streams);
            command.Parameters.Add(new NpgsqlParameter { Value = json.ToArray(), NpgsqlDbType = NpgsqlDbType.Jsonb });
            Add(command, view.Name);
            Add(command, (long)count);
            batch.BatchCommands.Add(command);
            if (view.Then is { } then) batch.BatchCommands.Add(Command(then, tenants, streams));
        }
    }

    private void AddNames(NpgsqlBatch batch, string[] tenants, Guid[] streams)
    {
        var back = _survivors.SelectMany(s => (s.Append.GivesBack ?? []).Select(name => (s.Append, Name: name))).ToArray();
        if (back.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                GiveNamesBackSql, back.Select(n => n.Append.Tenant.Value).ToArray(), back.Select(n => n.Name.Kind).ToArray(),
                back.Select(n => n.Name.Value).ToArray(), back.Select(n => n.Append.Stream).ToArray()));
        }
        var takes = _survivors.SelectMany((s, i) => (s.Append.Takes ?? []).Except(s.AlreadyHeld).Select(name => (Number: i + 1, s.Append, Name: name))).ToArray();
        if (takes.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                TakeNamesSql,
                tenants, streams,
                takes.Select(n => n.Number).ToArray(),
                takes.Select(n => n.Append.Tenant.Value).ToArray(),
                takes.Select(n => n.Append.Stream).ToArray(),
                takes.Select(n => n.Name.Kind).ToArray(),
                takes.Select(n => n.Name.Value).ToArray(),
                (long)takes.Length));
        }
    }

    private void AddKeys(NpgsqlBatch batch, string[] tenants, Guid[] streams, DateTimeOffset now)
    {
        var keyed = _survivors.Select((s, i) => (Number: i + 1, s.Append, s.Answer, Entry: s.Append.Idempotency!)).Where(k => k.Entry is not null).ToArray();
        if (keyed.Length == 0) return;
        batch.BatchCommands.Add(Command(
            WriteKeysSql,
            tenants, streams,
            keyed.Select(k => k.Number).ToArray(),
            keyed.Select(k => k.Append.Tenant.Value).ToArray(),
            keyed.Select(k => k.Append.Stream).ToArray(),
            keyed.Select(k => k.Entry.Key).ToArray(),
            keyed.Select(k => k.Entry.RequestHash.ToArray()).ToArray(),
            keyed.Select(k => Encoding.UTF8.GetString(k.Entry.Result.Span)).ToArray(),
            keyed.Select(k => k.Answer.Position).ToArray(),
            (now + Limits.IdempotencyTime).UtcDateTime,
            now.UtcDateTime,
            (long)keyed.Length));
    }

    private void AddPacks(NpgsqlBatch batch, string[] tenants, Guid[] streams)
    {
        var published = _survivors.Select((s, i) => (Number: i + 1, Survivor: s, Pack: s.Append.Pack!)).Where(p => p.Pack is not null).ToArray();
        if (published.Length == 0) return;
        batch.BatchCommands.Add(Command(
            WritePacksSql,
            tenants, streams,
            _survivors.Select(s => s.RecordedAt.UtcDateTime).ToArray(),
            _survivors.Select(s => s.Append.Audit.Actor).ToArray(),
            published.Select(p => p.Number).ToArray(),
            published.Select(p => p.Survivor.Append.Tenant.Value).ToArray(),
            published.Select(p => p.Survivor.Append.Stream).ToArray(),
            published.Select(p => p.Pack.Code).ToArray(),
            published.Select(p => p.Survivor.PackRevision).ToArray(),
            published.Select(p => p.Pack.Body?.ToArray() ?? []).ToArray(),
            (long)published.Length));
    }

    private async Task ReadHeads(NpgsqlDataReader reader, CancellationToken cancel)
    {
        while (await reader.ReadAsync(cancel))
        {
            var tenant = TenantId.Of(reader.GetString(0));
            _heads[tenant] = new Head(
                tenant, reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt64(4));
        }
    }

    private static async Task<List<Seen>> ReadSeen(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var seen = new List<Seen>();
        while (await reader.ReadAsync(cancel))
        {
            var earlier = reader.IsDBNull(1)
                ? null
                : new EarlierAnswer(reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3));
            seen.Add(new Seen(reader.GetInt32(0), earlier));
        }
        return seen;
    }

    private static async Task<List<HeldName>> ReadHeld(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var held = new List<HeldName>();
        while (await reader.ReadAsync(cancel))
        {
            held.Add(new HeldName(reader.GetInt32(0), new Reservation(reader.GetString(1), reader.GetString(2)), reader.GetGuid(3)));
        }
        return held;
    }

    private List<(int Append, string Tenant, Reservation Name)> NamesToLookFor()
    {
        var names = new List<(int, string, Reservation)>();
        for (var i = 0; i < pendings.Count; i++)
        {
            foreach (var name in pendings[i].Append.Takes ?? []) names.Add((i, pendings[i].Append.Tenant.Value, name));
        }
        return names;
    }

    private void AnswerLosers(List<Seen> seen, ILookup<int, HeldName> held, bool tenantsKnown)
    {
        for (var i = 0; i < pendings.Count; i++)
        {
            var pending = pendings[i];
            var append = pending.Append;
            if (!_heads.TryGetValue(append.Tenant, out var head))
            {
                // Skipped heads and absent ones look alike; only a lock that would have waited tells them apart.
                if (tenantsKnown) pending.Answer(new AppendAnswer.TenantUnknown());
                continue;
            }
            AppendAnswer? loss = seen[i] switch
            {
                { Earlier: { } earlier } when append.Idempotency is { } key =>
                    earlier.RequestHash.Span.SequenceEqual(key.RequestHash.Span)
                        ? new AppendAnswer.Replay(earlier.Result, earlier.Position)
                        : new AppendAnswer.KeyReused(),
                { Version: var version } when version != append.ExpectedVersion => new AppendAnswer.VersionTaken(version),
                _ when append.RulesRevision is { } revision && revision != head.RulesRevision => new AppendAnswer.StaleRules(head.RulesRevision),
                _ when held[i].FirstOrDefault(h => h.Holder != append.Stream) is { } other => new AppendAnswer.Reserved(other.Name, other.Holder),
                _ => null,
            };
            if (loss is not null)
            {
                pending.Answer(loss);
                continue;
            }
            var survivor = new Survivor(pending, [.. held[i].Select(h => h.Name)]);
            _survivors.Add(survivor);
            // From here on in the batch, too, what was evaluated under the rules before is stale.
            if (append.Pack is not null) survivor.PackRevision = ++head.RulesRevision;
        }
    }

    private void PlacePositions(DateTimeOffset now)
    {
        foreach (var survivor in _survivors)
        {
            var append = survivor.Append;
            var head = _heads[append.Tenant];
            if (append.Events.Count > 0) head.RecordedAt = Later(head.RecordedAt, Truncated(now));
            survivor.RecordedAt = head.RecordedAt;
            var version = append.ExpectedVersion;
            foreach (var fact in append.Events)
            {
                var stored = new StoredEvent(++head.Position, append.Stream, ++version, fact.EventId, fact.Type, fact.Data, head.RecordedAt, append.Audit);
                var salt = RandomNumberGenerator.GetBytes(Chain.SaltBytes);
                var digest = Chain.Digest(salt, append.Tenant, stored);
                head.Chain = Chain.Next(head.Chain, digest);
                survivor.Events.Add(new SealedEvent(stored, salt, digest));
            }
            survivor.Answer = new AppendAnswer.Appended(head.Position, version, survivor.RecordedAt);
        }
    }

    private static DateTimeOffset Truncated(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    internal static NpgsqlBatchCommand LockTimeout(TimeSpan time) =>
        Command("select set_config('lock_timeout', $1, true)", $"{(int)time.TotalMilliseconds}ms");

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) Add(command, value);
        return command;
    }

    private static void Add(NpgsqlBatchCommand command, object value) => command.Parameters.Add(new NpgsqlParameter { Value = value });

    private sealed record Seen(int Version, EarlierAnswer? Earlier);

    private sealed record HeldName(int Append, Reservation Name, Guid Holder);

    private sealed class Head(TenantId tenant, long position, byte[] chain, DateTimeOffset recordedAt, long rulesRevision)
    {
        public TenantId Tenant { get; } = tenant;

        public long Before { get; } = position;

        public long Position { get; set; } = position;

        public byte[] Chain { get; set; } = chain;

        public DateTimeOffset RecordedAt { get; set; } = recordedAt;

        public long RulesRevision { get; set; } = rulesRevision;
    }
}

/// <summary>An append that won, with its facts as they will be stored.</summary>
/// <param name="alreadyHeld">Names among those it takes that its stream holds already.</param>
internal sealed class Survivor(PendingAppend pending, IReadOnlyList<Reservation> alreadyHeld)
{
    public PendingAppend Pending { get; } = pending;

    public Append Append => Pending.Append;

    public IReadOnlyList<Reservation> AlreadyHeld { get; } = alreadyHeld;

    public List<SealedEvent> Events { get; } = [];

    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>Of the pack that the append publishes.</summary>
    public long PackRevision { get; set; }

    public AppendAnswer.Appended Answer { get; set; } = null!;
}

/// <summary>A fact with its place, salt and digest.</summary>
internal sealed record SealedEvent(StoredEvent Stored, byte[] Salt, byte[] Digest);
