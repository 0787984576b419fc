using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>Answers kept for repeated requests; kept for <see cref="Limits.IdempotencyTime"/>, then deleted.</summary>
public sealed class IdempotencyRows(TenantDatabase database, TimeProvider clock)
{
    /// <summary>Rows a statement: short enough to hold up no append.</summary>
    private const int AtOnce = 5_000;

    private const string DeleteSql = """
        delete from idempotency where tenant_id = $1 and key in
            (select i.key from idempotency i where i.tenant_id = $1 and i.expires_at <= $2 order by i.expires_at limit $3)
            and expires_at <= $2  -- again: a row that was waited for may have been taken anew
        """;

    /// <summary>Deletes a tenant's expired rows.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DeleteExpired(TenantId tenant, CancellationToken cancel)
    {
        var deleted = 0;
        while (true)
        {
            var delete = new NpgsqlBatchCommand(DeleteSql)
            {
                Parameters = { new() { Value = tenant.Value }, new() { Value = clock.GetUtcNow().UtcDateTime }, new() { Value = AtOnce } },
            };
            var rows = await database.Execute(tenant, delete, cancel);
            deleted += rows;
            if (rows < AtOnce) return deleted;
        }
    }
}
