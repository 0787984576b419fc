using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>The statements that write the appends of a batch. Each checks its own count, since COMMIT travels with them.</summary>
internal sealed class BatchWrites(IReadOnlyList<Survivor> appends, IReadOnlyDictionary<string, InlineView> views)
{
    // What is written names its append three times: by number, tenant and stream. What was mixed up matches none, the count differs
    // and nothing commits. (Row-level security cannot see it: all tenants of the batch are at hand.)
    // A stream has no gaps: the version that a fact follows is there. (That it is the last one, the key of events sees to.)
    private const string WriteEventsSql = """
        with written as (
            insert into events (tenant_id, position, stream_id, version, event_id, type, data, salt, digest, recorded_at,
                                actor, origin, correlation_id, causation_id, reason)
            select a.tenant_id, e.position, a.stream_id, e.version, e.event_id, e.type, e.data::json, e.salt, e.digest, a.recorded_at,
                   a.actor, a.origin, a.correlation_id, a.causation_id, a.reason
            from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $20::int[])
                 with ordinality as a (tenant_id, stream_id, recorded_at, actor, origin, correlation_id, causation_id, reason, expected, n)
            left join lateral (select true as stands from events p where p.tenant_id = a.tenant_id and p.stream_id = a.stream_id and p.version = a.expected limit 1) p on true
            join unnest($9::int[], $10::text[], $11::uuid[], $12::bigint[], $13::int[], $14::uuid[], $15::text[], $16::text[], $17::bytea[], $18::bytea[])
                 as e (append, tenant_id, stream_id, position, version, event_id, type, data, salt, digest)
                 on e.append = a.n and e.tenant_id = a.tenant_id and e.stream_id = a.stream_id
            where a.expected = 0 or p.stands
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


    // Tenants and streams of the appends, shared by all statements: a row that says another one matches nothing.
    private readonly string[] _tenants = [.. appends.Select(s => s.Append.Tenant.Value)];
    private readonly Guid[] _streams = [.. appends.Select(s => s.Append.Stream)];

    public void AddTo(NpgsqlBatch batch, DateTimeOffset now)
    {
        AddEvents(batch);
        foreach (var view in views.Values) AddInlineRows(batch, view);
        AddNames(batch);
        AddKeys(batch, now);
        AddPacks(batch);
    }

    private void AddEvents(NpgsqlBatch batch)
    {
        var events = appends.SelectMany((s, i) => s.Events.Select(e => (Append: i + 1, Tenant: s.Append.Tenant.Value, Event: e))).ToArray();
        if (events.Length == 0) return;
        batch.BatchCommands.Add(Statement.Of(
            WriteEventsSql,
            _tenants, _streams,
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
            (long)events.Length,
            appends.Select(s => s.Append.ExpectedVersion).ToArray()));
    }

    private void AddInlineRows(NpgsqlBatch batch, InlineView view)
    {
        var count = 0;
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            for (var i = 0; i < appends.Count; i++)
            {
                foreach (var row in appends[i].Append.InlineRows ?? [])
                {
                    if (row.View != view.Name) continue;
                    writer.WriteStartObject();
                    writer.WriteNumber("append", i + 1);
                    writer.WriteString("tenant_id", _tenants[i]);
                    writer.WriteNumber("stream_version", appends[i].Answer.Version);
                    writer.WriteNumber("rules_revision", appends[i].Append.RulesRevision ?? 0);
                    row.WriteMembers(writer);
                    writer.WriteEndObject();
                    count++;
                }
            }
            writer.WriteEndArray();
        }
        if (count == 0) return;
        batch.BatchCommands.Add(Statement.Of(
            $"with written as ({view.Sql} returning 1) select require_rows($4, $5, count(*)) from written",
            _tenants, _streams, new NpgsqlParameter { Value = json.ToArray(), NpgsqlDbType = NpgsqlDbType.Json }, view.Name, (long)count));
        if (view.Then is { } then) batch.BatchCommands.Add(Statement.Of(then, _tenants, _streams));
    }

    private void AddNames(NpgsqlBatch batch)
    {
        var back = appends.SelectMany(s => (s.Append.GivesBack ?? []).Select(name => (s.Append, Name: name))).ToArray();
        if (back.Length > 0)
        {
            batch.BatchCommands.Add(Statement.Of(
                GiveNamesBackSql, back.Select(n => n.Append.Tenant.Value).ToArray(), back.Select(n => n.Name.Kind).ToArray(),
                back.Select(n => n.Name.Value).ToArray(), back.Select(n => n.Append.Stream).ToArray()));
        }
        var takes = appends.SelectMany((s, i) => (s.Append.Takes ?? []).Except(s.AlreadyHeld).Select(name => (Number: i + 1, s.Append, Name: name))).ToArray();
        if (takes.Length == 0) return;
        batch.BatchCommands.Add(Statement.Of(
            TakeNamesSql,
            _tenants, _streams,
            takes.Select(n => n.Number).ToArray(),
            takes.Select(n => n.Append.Tenant.Value).ToArray(),
            takes.Select(n => n.Append.Stream).ToArray(),
            takes.Select(n => n.Name.Kind).ToArray(),
            takes.Select(n => n.Name.Value).ToArray(),
            (long)takes.Length));
    }

    private void AddKeys(NpgsqlBatch batch, DateTimeOffset now)
    {
        var keyed = appends.Select((s, i) => (Number: i + 1, s.Append, s.Answer, Entry: s.Append.Idempotency!)).Where(k => k.Entry is not null).ToArray();
        if (keyed.Length == 0) return;
        batch.BatchCommands.Add(Statement.Of(
            WriteKeysSql,
            _tenants, _streams,
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

    private void AddPacks(NpgsqlBatch batch)
    {
        var published = appends.Select((s, i) => (Number: i + 1, Survivor: s, Pack: s.Append.Pack!)).Where(p => p.Pack is not null).ToArray();
        if (published.Length == 0) return;
        batch.BatchCommands.Add(Statement.Of(
            WritePacksSql,
            _tenants, _streams,
            appends.Select(s => s.RecordedAt.UtcDateTime).ToArray(),
            appends.Select(s => s.Append.Audit.Actor).ToArray(),
            published.Select(p => p.Number).ToArray(),
            published.Select(p => p.Survivor.Append.Tenant.Value).ToArray(),
            published.Select(p => p.Survivor.Append.Stream).ToArray(),
            published.Select(p => p.Pack.Code).ToArray(),
            published.Select(p => p.Survivor.PackRevision).ToArray(),
            published.Select(p => p.Pack.Body?.ToArray() ?? []).ToArray(),
            (long)published.Length));
    }
}
