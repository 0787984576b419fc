using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>A rule pack as it is in force. The body is opaque here.</summary>
public sealed record PublishedPack(PackRevision Revision, ReadOnlyMemory<byte> Body);

/// <summary>One publication of a rule pack, or its withdrawal: who, when, what.</summary>
/// <param name="Own">The tenant's own, which goes before the shared one of the same code.</param>
/// <param name="Revision">Of the tenant's rules, or of the shared ones; rising over all packs.</param>
/// <param name="Hash">SHA-256 of the body; of nothing when withdrawn.</param>
public sealed record PackRevision(string Code, bool Own, long Revision, ReadOnlyMemory<byte> Hash, bool Withdrawn, DateTimeOffset PublishedAt, string Actor);

/// <summary>The rule packs in force for a tenant and the revision they add up to.</summary>
/// <param name="ChangedAt">When a pack was last published or withdrawn, shared or own; null: never.</param>
public sealed record PacksInForce(long RulesRevision, DateTimeOffset? ChangedAt, IReadOnlyList<PublishedPack> Packs);

/// <summary>Rule packs as rows: published, never edited, the newest of a code in force.</summary>
public sealed class PublishedPacks(TenantDatabase database)
{
    // The revision and the packs are of one snapshot: one statement.
    private const string InForceSql = """
        select h.rules_revision, p.code, p.tenant_id <> '_', p.revision, p.hash, p.withdrawn, p.published_at, p.actor, p.body, c.changed_at
        from tenant_heads h
        cross join lateral (select max(r.published_at) as changed_at from rule_packs r where r.tenant_id = any (array[$1, '_'])) c
        left join lateral (
            select distinct on (n.code) n.* from (
                select distinct on (r.tenant_id, r.code) r.* from rule_packs r
                where r.tenant_id = any (array[$1, '_']) and not (r.tenant_id = $1 and r.code = $2) and ($3::timestamptz is null or r.published_at <= $3)
                order by r.tenant_id, r.code, r.revision desc) n
            where not n.withdrawn order by n.code, n.tenant_id = '_') p on true
        where h.tenant_id = $1
        """;

    private const string RevisionsSql = """
        select r.code, r.tenant_id <> '_', r.revision, r.hash, r.withdrawn, r.published_at, r.actor from rule_packs r
        where r.tenant_id = any (array[$1, '_']) and r.code = $2 order by r.published_at desc, r.revision desc limit $3
        """;

    private const string LockHeadsSql = "select tenant_id from tenant_heads order by tenant_id for update";

    // What the program ships is published once: neither an older program nor a restart brings back what was replaced or withdrawn since.
    private const string IsNew = """
        not exists (select from rule_packs r where r.tenant_id = '_' and r.code = p.code and r.hash = p.hash)
        and coalesce((select r.actor = $3 and not r.withdrawn from rule_packs r where r.tenant_id = '_' and r.code = p.code order by r.revision desc limit 1), true)
        """;

    private const string NewSql = $"select p.code from unnest($1::text[], $2::bytea[]) as p (code, hash) where {IsNew}";

    private const string PublishSql = """
        insert into rule_packs (tenant_id, code, revision, hash, body, withdrawn, published_at, actor)
        select '_', p.code, h.rules_revision + 1, sha256(p.body), p.body, octet_length(p.body) = 0, $3, $4
        from unnest($1::text[], $2::bytea[]) as p (code, body), tenant_heads h where h.tenant_id = '_'
        """;

    private const string IsSharedSql = "select not r.withdrawn from rule_packs r where r.tenant_id = '_' and r.code = $1 order by r.revision desc limit 1";

    private const string RaiseSql = "update tenant_heads set rules_revision = rules_revision + 1";

    /// <summary>What is in force for the tenant now: its own packs before the shared ones, without what was withdrawn.</summary>
    /// <param name="exceptOwn">A code of which the tenant's own pack is left out, as if it were withdrawn; null: none is.</param>
    public Task<PacksInForce> InForce(TenantId tenant, string? exceptOwn, CancellationToken cancel) => Read(tenant, exceptOwn, null, cancel);

    /// <summary>What was in force for the tenant at an instant, as its publishers' clocks told it.</summary>
    public Task<PacksInForce> InForceAt(TenantId tenant, DateTimeOffset instant, CancellationToken cancel) => Read(tenant, null, instant, cancel);

    private Task<PacksInForce> Read(TenantId tenant, string? exceptOwn, DateTimeOffset? instant, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(InForceSql)
        {
            Parameters =
            {
                new() { Value = tenant.Value }, new() { Value = exceptOwn ?? "" },
                new() { Value = (object?)instant?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var (revision, changedAt) = (0L, (DateTimeOffset?)null);
            var packs = new List<PublishedPack>();
            while (await reader.ReadAsync(stop))
            {
                revision = reader.GetInt64(0);
                changedAt = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9);
                if (!reader.IsDBNull(1)) packs.Add(new PublishedPack(ReadRevision(reader, 1), reader.GetFieldValue<byte[]>(8)));
            }
            return new PacksInForce(revision, changedAt, packs);
        }, cancel);
    }

    /// <summary>Who published or withdrew packs of this code, newest first: the shared ones and the tenant's own.</summary>
    public Task<IReadOnlyList<PackRevision>> Revisions(TenantId tenant, string code, int limit, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(RevisionsSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = code }, new() { Value = limit } } };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var revisions = new List<PackRevision>();
            while (await reader.ReadAsync(stop)) revisions.Add(ReadRevision(reader, 0));
            return (IReadOnlyList<PackRevision>)revisions;
        }, cancel);
    }

    /// <summary>Publishes for all organisations what the program ships and none of them has had yet.</summary>
    /// <param name="owner">A connection of the owner: publishing for all is beyond the application's role.</param>
    /// <returns>The codes published. Above none every tenant's rules revision has risen by one.</returns>
    public static Task<IReadOnlyList<string>> PublishShipped(
        NpgsqlConnection owner, IReadOnlyList<PackChange> packs, DateTimeOffset now, string actor, CancellationToken cancel) =>
        Publish(owner, packs, now, actor, async run =>
        {
            var wanted = await run(NewSql, [Codes(packs), packs.Select(p => SHA256.HashData(p.Body!.Value.Span)).ToArray(), actor]);
            return [.. packs.Where(p => wanted.Contains(p.Code))];
        }, cancel);

    /// <summary>Publishes or withdraws packs for all organisations. Every tenant's rules revision rises by one.</summary>
    /// <param name="owner">A connection of the owner.</param>
    /// <remarks>Holds every head until the end, so that no append evaluated under the old rules commits after it.</remarks>
    public static Task<IReadOnlyList<string>> PublishShared(
        NpgsqlConnection owner, IReadOnlyList<PackChange> packs, DateTimeOffset now, string actor, CancellationToken cancel) =>
        Publish(owner, packs, now, actor, _ => Task.FromResult(packs), cancel);

    /// <summary>Whether a shared pack of this code is in force.</summary>
    /// <param name="owner">A connection of the owner.</param>
    public static async Task<bool> IsSharedInForce(NpgsqlConnection owner, string code, CancellationToken cancel)
    {
        await using var transaction = await owner.BeginTransactionAsync(cancel);
        await using (var role = new NpgsqlCommand("set local role simledger_owner", owner)) await role.ExecuteNonQueryAsync(cancel);
        await using var command = new NpgsqlCommand(IsSharedSql, owner) { Parameters = { new() { Value = code } } };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private static async Task<IReadOnlyList<string>> Publish(
        NpgsqlConnection owner, IReadOnlyList<PackChange> packs, DateTimeOffset now, string actor,
        Func<Func<string, object[], Task<List<string>>>, Task<IReadOnlyList<PackChange>>> choose, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await owner.BeginTransactionAsync(cancel);
            try
            {
                await Run("set local role simledger_owner", []);
                // In force as they are, most of the time: then nobody is held up.
                if (packs.Count == 0 || (await choose(Run)).Count == 0) return [];
                await Run("set local lock_timeout = '2s'", []);
                await Run(LockHeadsSql, []);
                var chosen = await choose(Run); // Again, under the locks: another process may have been first.
                if (chosen.Count == 0) return [];
                await Run(PublishSql, [Codes(chosen), chosen.Select(p => p.Body?.ToArray() ?? []).ToArray(), now.UtcDateTime, actor]);
                await Run(RaiseSql, []);
                await transaction.CommitAsync(cancel);
                return Codes(chosen);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < 15)
            {
                // Somebody holds a head. All others were locked meanwhile: let go of them and try again.
                await transaction.RollbackAsync(cancel);
                await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            }
        }

        async Task<List<string>> Run(string sql, object[] values)
        {
            await using var command = new NpgsqlCommand(sql, owner);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var texts = new List<string>();
            while (await reader.ReadAsync(cancel)) texts.Add(reader.GetString(0));
            return texts;
        }
    }

    private static string[] Codes(IReadOnlyList<PackChange> packs) => [.. packs.Select(p => p.Code)];

    private static PackRevision ReadRevision(NpgsqlDataReader reader, int from) => new(
        reader.GetString(from), reader.GetBoolean(from + 1), reader.GetInt64(from + 2), reader.GetFieldValue<byte[]>(from + 3),
        reader.GetBoolean(from + 4), reader.GetFieldValue<DateTimeOffset>(from + 5), reader.GetString(from + 6));
}
