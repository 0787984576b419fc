using System.Collections.Concurrent;
using Npgsql;

namespace SimLedger.Ledger.Tenancy;

/// <summary>The organisations of this database.</summary>
public sealed class Tenants(TenantDatabase database, TimeProvider clock)
{
    private const string CreateSql = """
        insert into tenant_heads (tenant_id, recorded_at, created_at, rules_revision)
        values ($1, $2, $2, shared_rules_revision())
        on conflict (tenant_id) do nothing
        """;

    private const string SecretSql = "select secret from tenant_heads where tenant_id = $1";

    private const string IsIdempotencyRequiredSql = "select idempotency_required from tenant_heads where tenant_id = $1";

    private const string RequireIdempotencySql = "update tenant_heads set idempotency_required = $2 where tenant_id = $1";

    private readonly ConcurrentDictionary<TenantId, byte[]> _secrets = new();

    /// <summary>What signs cursors and the like for this organisation; the same in every process, never changed.</summary>
    /// <exception cref="InvalidOperationException">There is no such organisation: its credential should not exist either.</exception>
    public async Task<byte[]> Secret(TenantId tenant, CancellationToken cancel)
    {
        if (_secrets.TryGetValue(tenant, out var known)) return known;
        var read = new NpgsqlBatchCommand(SecretSql) { Parameters = { new() { Value = tenant.Value } } };
        var secret = await database.Query(tenant, [read], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetFieldValue<byte[]>(0) : null, cancel);
        return _secrets[tenant] = secret ?? throw new InvalidOperationException($"Tenant {tenant} has no head.");
    }

    /// <summary>Creates an organisation.</summary>
    /// <returns>False: there is one of that name already; nothing changed.</returns>
    public async Task<bool> Create(TenantId tenant, CancellationToken cancel)
    {
        var create = new NpgsqlBatchCommand(CreateSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = clock.GetUtcNow().UtcDateTime } } };
        return await database.Execute(tenant, create, cancel) == 1;
    }

    /// <summary>Must requests that record something bring a key by which repetitions are told? So unless the organisation turned that off.</summary>
    public Task<bool> IsIdempotencyRequired(TenantId tenant, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(IsIdempotencyRequiredSql, tenant.Value)], async (reader, stop) => !await reader.ReadAsync(stop) || reader.GetBoolean(0), cancel);

    /// <summary>Turns that on or off; it holds from the next request on, at every server.</summary>
    /// <returns>False: there is no such organisation.</returns>
    public async Task<bool> RequireIdempotency(TenantId tenant, bool required, CancellationToken cancel) =>
        await database.Execute(tenant, Statement.Of(RequireIdempotencySql, tenant.Value, required), cancel) == 1;
}
