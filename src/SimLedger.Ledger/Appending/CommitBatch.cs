using System.Security.Cryptography;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>
/// The appends of one commit. Two ways lead to it: look under the heads' locks, then write and COMMIT; or, where this process alone has written
/// to the tenants of late, all in one round trip on the heads as it left them. Why so: docs/adr/0002-group-commit-under-head-locks.md
/// </summary>
internal sealed class CommitBatch(IReadOnlyList<PendingAppend> pendings, IReadOnlyDictionary<string, InlineView> views, HeadMemory memory)
{
    // Moves what it locked. Not a bare update: that would wait for held heads, and in no order.
    private const string MoveRememberedHeadsSql = """
        with got as materialized (
            select h.ctid, n.moved, n.moved_chain, n.recorded_at
            from tenant_heads h
            join unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[], $7::timestamptz[])
                 as n (tenant_id, position, chain, rules_revision, moved, moved_chain, recorded_at)
                 on h.tenant_id = n.tenant_id and h.position = n.position and h.chain = n.chain and h.rules_revision = n.rules_revision
            order by h.tenant_id for update of h skip locked),
        written as (
            update tenant_heads h set position = g.moved, chain = g.moved_chain, recorded_at = g.recorded_at
            from got g where h.ctid = g.ctid
            returning 1)
        select require_rows('heads as remembered', $8, count(*)) from written
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


    private readonly List<Survivor> _survivors = [];
    private readonly Dictionary<TenantId, Head> _heads = [];

    /// <summary>What was to be written and may or may not be, once COMMIT is under way.</summary>
    public IReadOnlyList<Survivor> Survivors => _survivors;

    /// <summary>Tenants whose head was got.</summary>
    public bool Holds(TenantId tenant) => _heads.ContainsKey(tenant);

    /// <summary>First of two round trips: begins, locks the heads, looks, and answers the losers. Nothing is written yet.</summary>
    /// <param name="waitFor">Null: heads that are held are skipped. Else they are waited for so long, and a <see cref="PostgresException"/> 55P03 tells that one stayed held.</param>
    public async Task LockAndLook(NpgsqlConnection connection, DateTimeOffset now, TimeSpan? waitFor, CancellationToken cancel)
    {
        var look = new BatchLook(pendings);
        await look.Run(connection, now, waitFor, cancel);
        foreach (var head in look.Heads)
        {
            memory.Saw(head);
            _heads[head.Tenant] = head;
        }
        AnswerLosers(look, tenantsKnown: waitFor is not null);
        PlacePositions(now);
    }

    /// <summary>Second of two: writes the survivors and commits. When it returns they are on disk; the caller answers them.</summary>
    public async Task WriteAndCommit(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddWrites(batch, now);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Places all appends on the heads as this process left them.</summary>
    /// <returns>False: a head is not known well enough, or an append can only be judged by a look.</returns>
    public bool TryPlaceAsRemembered(DateTimeOffset now)
    {
        foreach (var pending in pendings)
        {
            var append = pending.Append;
            if (append.Events.Count == 0 || append.Pack is not null) return false;
            if (!_heads.TryGetValue(append.Tenant, out var head))
            {
                if (memory.Recall(append.Tenant) is not { } known) return false;
                _heads[append.Tenant] = head = known;
            }
            if (append.RulesRevision is { } revision && revision != head.RulesRevision) return false;
            _survivors.Add(new Survivor(pending, []));
        }
        PlacePositions(now);
        return true;
    }

    /// <summary>
    /// The one round trip: locks the heads if they are what was remembered, writes, and commits with the end of the message, as the statements of one
    /// message are one transaction. Any loser, be it for its version, key or name, breaks a constraint or a count, and nothing is written.
    /// </summary>
    /// <exception cref="PostgresException">Nothing was written; a look tells why.</exception>
    public async Task WriteAtOnce(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        var heads = _heads.Values.ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantDatabase.SetTenants(string.Join(',', heads.Select(h => h.Tenant.Value))));
        batch.BatchCommands.Add(Statement.Of(
            MoveRememberedHeadsSql,
            heads.Select(h => h.Tenant.Value).ToArray(), heads.Select(h => h.Before).ToArray(), heads.Select(h => h.ChainBefore).ToArray(),
            heads.Select(h => h.RulesRevision).ToArray(), heads.Select(h => h.Position).ToArray(), heads.Select(h => h.Chain).ToArray(),
            heads.Select(h => h.RecordedAt.UtcDateTime).ToArray(), (long)heads.Length));
        new BatchWrites(_survivors, views).AddTo(batch, now);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Answers the survivors after a commit.</summary>
    public void AnswerSurvivors()
    {
        foreach (var head in _heads.Values) memory.Left(head);
        foreach (var survivor in _survivors) survivor.Pending.Answer(survivor.Answer);
    }

    internal void AddWrites(NpgsqlBatch batch, DateTimeOffset now)
    {
        new BatchWrites(_survivors, views).AddTo(batch, now);
        AddHeads(batch, [.. _heads.Values.Where(h => h.Position > h.Before)]);
    }

    private void AnswerLosers(BatchLook look, bool tenantsKnown)
    {
        for (var i = 0; i < pendings.Count; i++)
        {
            var pending = pendings[i];
            if (!_heads.TryGetValue(pending.Append.Tenant, out var head))
            {
                // Skipped heads and absent ones look alike; only a lock that would have waited tells them apart.
                if (tenantsKnown) pending.Answer(new AppendAnswer.TenantUnknown());
                continue;
            }
            if (look.Loss(i, head.RulesRevision) is { } loss)
            {
                pending.Answer(loss);
                continue;
            }
            var survivor = new Survivor(pending, look.HeldNames(i));
            _survivors.Add(survivor);
            // From here on in the batch, too, what was evaluated under the rules before is stale.
            if (pending.Append.Pack is not null) survivor.PackRevision = ++head.RulesRevision;
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

    private static void AddHeads(NpgsqlBatch batch, Head[] moved)
    {
        if (moved.Length == 0) return;
        batch.BatchCommands.Add(Statement.Of(
            MoveHeadsSql,
            moved.Select(h => h.Tenant.Value).ToArray(), moved.Select(h => h.Position).ToArray(), moved.Select(h => h.Chain).ToArray(),
            moved.Select(h => h.RecordedAt.UtcDateTime).ToArray(), moved.Select(h => h.Before).ToArray(), moved.Select(h => h.RulesRevision).ToArray(),
            (long)moved.Length));
    }
}
