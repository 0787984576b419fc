using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>Where a tenant's facts end.</summary>
/// <param name="Position">Of its newest fact; 0: it has none.</param>
/// <param name="Chain">Over all facts up to there, see <see cref="Ledger.Chain"/>; 32 bytes.</param>
/// <param name="RecordedAt">When the newest fact was recorded; without one, when the tenant was created.</param>
public sealed record TenantHead(long Position, ReadOnlyMemory<byte> Chain, DateTimeOffset RecordedAt);

/// <summary>The heads of tenants, read without a lock.</summary>
public sealed class TenantHeads(TenantDatabase database)
{
    /// <summary>Tenants of one statement: the policy compares each row with each of them.</summary>
    private const int MostAtOnce = 250;

    private const string HeadSql = "select position, chain, recorded_at from tenant_heads where tenant_id = $1";

    private const string PositionsSql = "select tenant_id, position from tenant_heads where tenant_id = any ($1)";

    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    /// <exception cref="InvalidOperationException">There is no such tenant: its credential should not exist either.</exception>
    public async Task<TenantHead> Of(TenantId tenant, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(HeadSql) { Parameters = { new() { Value = tenant.Value } } };
        var head = await database.Query(tenant, [command], async (reader, stop) =>
            await reader.ReadAsync(stop) ? new TenantHead(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2)) : null, cancel);
        return head ?? throw new InvalidOperationException($"Tenant {tenant} has no head.");
    }

    /// <summary>The position of the newest fact of each.</summary>
    /// <param name="tenants">Each once; a statement for every <see cref="MostAtOnce"/>.</param>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public async Task<IReadOnlyDictionary<TenantId, long>> Positions(IReadOnlyList<TenantId> tenants, CancellationToken cancel)
    {
        var positions = new Dictionary<TenantId, long>();
        await using var connection = await database.OpenConnection(cancel);
        foreach (var some in tenants.Chunk(MostAtOnce))
        {
            var names = some.Select(t => t.Value).ToArray();
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    TenantDatabase.SetTenants(string.Join(',', names)),
                    new NpgsqlBatchCommand(PositionsSql) { Parameters = { new() { Value = names, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } },
                },
            };
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            await reader.NextResultAsync(cancel);
            while (await reader.ReadAsync(cancel)) positions[TenantId.Of(reader.GetString(0))] = reader.GetInt64(1);
        }
        return positions;
    }
}
