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

    /// <summary>Creates an organisation.</summary>
    /// <returns>False: there is one of that name already; nothing changed.</returns>
    public async Task<bool> Create(TenantId tenant, CancellationToken cancel)
    {
        var create = new NpgsqlBatchCommand(CreateSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = clock.GetUtcNow().UtcDateTime } } };
        return await database.Execute(tenant, create, cancel) == 1;
    }
}
