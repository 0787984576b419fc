using System.Security.Cryptography;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>A rule pack as it is in force. The body is opaque here.</summary>
public sealed record PublishedPack(string Code, long Revision, ReadOnlyMemory<byte> Hash, ReadOnlyMemory<byte> Body);

/// <summary>The rule packs in force for a tenant and the revision they add up to.</summary>
public sealed record PacksInForce(long RulesRevision, IReadOnlyList<PublishedPack> Packs);

/// <summary>Rule packs as rows: published, never edited, the newest of a code in force.</summary>
public sealed class PublishedPacks(TenantDatabase database)
{
    // The revision and the packs are of one snapshot: one statement.
    private const string InForceSql = """
        select h.rules_revision, p.code, p.revision, p.hash, p.body
        from tenant_heads h
        left join lateral (
            select distinct on (r.code) r.code, r.revision, r.hash, r.body from rule_packs r
            where r.tenant_id = any (array[$1, '_']) order by r.code, r.tenant_id = '_', r.revision desc) p on true
        where h.tenant_id = $1
        """;

    private const string LockHeadsSql = "select tenant_id from tenant_heads order by tenant_id for update";

    private const string PublishSql = """
        insert into rule_packs (tenant_id, code, revision, hash, body, published_at, actor)
        select '_', p.code, h.rules_revision + 1, p.hash, p.body, $4, $5
        from unnest($1::text[], $2::bytea[], $3::bytea[]) as p (code, hash, body), tenant_heads h
        where h.tenant_id = '_' and not exists (
            select from (select r.hash from rule_packs r where r.tenant_id = '_' and r.code = p.code order by r.revision desc limit 1) l where l.hash = p.hash)
        """;

    private const string NewSql = """
        select count(*) from unnest($1::text[], $2::bytea[]) as p (code, hash)
        where not exists (
            select from (select r.hash from rule_packs r where r.tenant_id = '_' and r.code = p.code order by r.revision desc limit 1) l where l.hash = p.hash)
        """;

    private const string RaiseSql = "update tenant_heads set rules_revision = rules_revision + 1";

    /// <summary>What is in force for the tenant now: its own packs before the shared ones.</summary>
    public Task<PacksInForce> InForce(TenantId tenant, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(InForceSql) { Parameters = { new() { Value = tenant.Value } } };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var revision = 0L;
            var packs = new List<PublishedPack>();
            while (await reader.ReadAsync(stop))
            {
                revision = reader.GetInt64(0);
                if (reader.IsDBNull(1)) continue;
                packs.Add(new PublishedPack(reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4)));
            }
            return new PacksInForce(revision, packs);
        }, cancel);
    }

    /// <summary>Publishes packs for all organisations. Those that are in force as they are stay untouched.</summary>
    /// <param name="owner">A connection of the owner: publishing for all is beyond the application's role.</param>
    /// <returns>How many were new or changed. Above 0 every tenant's rules revision has risen by one.</returns>
    /// <remarks>Holds every head until the end, so that no append evaluated under the old rules commits after it.</remarks>
    public static async Task<int> PublishShared(
        NpgsqlConnection owner, IReadOnlyList<(string Code, ReadOnlyMemory<byte> Body)> packs, DateTimeOffset now, string actor, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await owner.BeginTransactionAsync(cancel);
            try
            {
                await Run("set local role simledger_owner");
                // In force as they are, most of the time: then nobody is held up.
                if (await Run(NewSql, Codes(), Hashes()) == 0) return 0;
                await Run("set local lock_timeout = '2s'");
                await Run(LockHeadsSql);
                var published = await Run(PublishSql, Codes(), Hashes(), packs.Select(p => p.Body.ToArray()).ToArray(), now.UtcDateTime, actor);
                if (published > 0) await Run(RaiseSql);
                await transaction.CommitAsync(cancel);
                return published;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < 15)
            {
                // Somebody holds a head. All others were locked meanwhile: let go of them and try again.
                await transaction.RollbackAsync(cancel);
                await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            }
        }

        string[] Codes() => [.. packs.Select(p => p.Code)];
        byte[][] Hashes() => [.. packs.Select(p => SHA256.HashData(p.Body.Span))];

        async Task<int> Run(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, owner);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            if (sql != NewSql) return await command.ExecuteNonQueryAsync(cancel);
            return (int)(long)(await command.ExecuteScalarAsync(cancel))!;
        }
    }
}
