using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>What a batch finds under the locks of its heads: versions, keys seen before, names that are held.</summary>
internal sealed class BatchLook(IReadOnlyList<PendingAppend> pendings)
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
    // "is true" keeps the plan from the index of expiry (migration 0010).
    private const string LookSql = """
        select coalesce(v.version, 0), i.request_hash, i.result::text, i.position
        from unnest($1::text[], $2::uuid[], $3::text[]) with ordinality as a (tenant_id, stream_id, key, n)
        left join lateral (select e.version from events e where e.tenant_id = a.tenant_id and e.stream_id = a.stream_id
                           order by e.version desc limit 1) v on true
        left join lateral (select k.request_hash, k.result, k.position from idempotency k
                           where k.tenant_id = a.tenant_id and k.key = a.key and (k.expires_at > $4) is true limit 1) i on true
        order by a.n
        """;


    private const string LookForNamesSql = """
        select t.append, t.kind, t.value, r.stream_id
        from unnest($1::int[], $2::text[], $3::text[], $4::text[]) as t (append, tenant_id, kind, value)
        join lateral (select s.stream_id from reservations s
                      where s.tenant_id = t.tenant_id and s.kind = t.kind and s.value = t.value limit 1) r on true
        """;


    private readonly List<Head> _heads = [];
    private readonly List<Seen> _seen = [];
    private ILookup<int, HeldName> _held = Enumerable.Empty<HeldName>().ToLookup(h => h.Append);

    /// <summary>Those that were got.</summary>
    public IReadOnlyList<Head> Heads => _heads;

    /// <summary>Begins a transaction, locks the heads and looks.</summary>
    /// <param name="waitFor">Null: heads that are held are skipped.</param>
    public async Task Run(NpgsqlConnection connection, DateTimeOffset now, TimeSpan? waitFor, CancellationToken cancel)
    {
        var tenants = pendings.Select(p => p.Append.Tenant.Value).Distinct(StringComparer.Ordinal).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        batch.BatchCommands.Add(TenantDatabase.SetTenants(string.Join(',', tenants)));
        if (waitFor is { } time) batch.BatchCommands.Add(LockTimeout(time));
        batch.BatchCommands.Add(Statement.Of(waitFor is null ? LockHeadsSql : WaitForHeadsSql, (object)tenants)); // The cast: an array alone would be taken for the parameters.
        batch.BatchCommands.Add(Statement.Of(
            LookSql,
            pendings.Select(p => p.Append.Tenant.Value).ToArray(),
            pendings.Select(p => p.Append.Stream).ToArray(),
            pendings.Select(p => p.Append.Idempotency?.Key).ToArray(),
            now.UtcDateTime));
        var names = NamesToLookFor();
        if (names.Count > 0)
        {
            batch.BatchCommands.Add(Statement.Of(
                LookForNamesSql, names.Select(t => t.Append).ToArray(), names.Select(t => t.Tenant).ToArray(),
                names.Select(t => t.Name.Kind).ToArray(), names.Select(t => t.Name.Value).ToArray()));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        // The result of "begin" has no columns; Npgsql steps over it.
        await reader.NextResultAsync(cancel); // set_config
        if (waitFor is not null) await reader.NextResultAsync(cancel);
        await ReadHeads(reader, cancel);
        await reader.NextResultAsync(cancel);
        await ReadSeen(reader, cancel);
        if (names.Count == 0) return;
        await reader.NextResultAsync(cancel);
        _held = (await ReadHeld(reader, cancel)).ToLookup(h => h.Append);
    }

    /// <summary>Why an append cannot be written; null: it can.</summary>
    /// <param name="index">Among the pending ones.</param>
    public AppendAnswer? Loss(int index, long rulesRevision)
    {
        var append = pendings[index].Append;
        return _seen[index] switch
        {
            { Earlier: { } earlier } when append.Idempotency is { } key =>
                earlier.RequestHash.Span.SequenceEqual(key.RequestHash.Span)
                    ? new AppendAnswer.Replay(earlier.Result, earlier.Position)
                    : new AppendAnswer.KeyReused(),
            { Version: var version } when version != append.ExpectedVersion => new AppendAnswer.VersionTaken(version),
            _ when append.RulesRevision is { } revision && revision != rulesRevision => new AppendAnswer.StaleRules(rulesRevision),
            _ when _held[index].FirstOrDefault(h => h.Holder != append.Stream) is { } other => new AppendAnswer.Reserved(other.Name, other.Holder),
            _ => null,
        };
    }

    /// <summary>Names among those an append takes that are held already: by its own stream, unless it is lost.</summary>
    public IReadOnlyList<Reservation> HeldNames(int index) => [.. _held[index].Select(h => h.Name)];

    public static NpgsqlBatchCommand LockTimeout(TimeSpan time) =>
        Statement.Of("select set_config('lock_timeout', $1, true)", $"{(int)time.TotalMilliseconds}ms");

    private List<(int Append, string Tenant, Reservation Name)> NamesToLookFor()
    {
        var names = new List<(int, string, Reservation)>();
        for (var i = 0; i < pendings.Count; i++)
        {
            foreach (var name in pendings[i].Append.Takes ?? []) names.Add((i, pendings[i].Append.Tenant.Value, name));
        }
        return names;
    }

    private async Task ReadHeads(NpgsqlDataReader reader, CancellationToken cancel)
    {
        while (await reader.ReadAsync(cancel))
        {
            _heads.Add(new Head(
                TenantId.Of(reader.GetString(0)), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt64(4)));
        }
    }

    private async Task ReadSeen(NpgsqlDataReader reader, CancellationToken cancel)
    {
        while (await reader.ReadAsync(cancel))
        {
            var earlier = reader.IsDBNull(1)
                ? null
                : new EarlierAnswer(reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3));
            _seen.Add(new Seen(reader.GetInt32(0), earlier));
        }
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

    private sealed record Seen(int Version, EarlierAnswer? Earlier);

    private sealed record HeldName(int Append, Reservation Name, Guid Holder);
}
