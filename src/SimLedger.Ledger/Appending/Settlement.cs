using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>Finds out whether a commit whose answer was lost took place.</summary>
/// <remarks>
/// The look is taken under the tenant's head lock: the lost transaction held it until its end, so what is absent now stays absent. A look
/// without the lock can say "absent" of what then commits.
/// </remarks>
internal sealed class Settlement(TenantDatabase database, TimeProvider clock)
{
    private const string LockHeadSql = "select position from tenant_heads where tenant_id = $1 for update";

    private const string LookSql = """
        select a.n,
               exists (select from events e where e.tenant_id = $1 and e.stream_id = a.stream_id and e.version = a.version and e.event_id = a.event_id)
               or exists (select from idempotency i where i.tenant_id = $1 and a.event_id is null and i.key = a.key
                          and i.request_hash = a.request_hash and i.position = a.position)
        from unnest($2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::bytea[], $7::bigint[])
             with ordinality as a (stream_id, version, event_id, key, request_hash, position, n)
        order by a.n
        """;

    /// <summary>Answers those that committed, leaves those that did not (they may be sent again), and answers OutcomeUnknown when it cannot be learned in time.</summary>
    public async Task Run(TenantId tenant, IReadOnlyList<Survivor> survivors, ILogger log)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var committed = await Look(tenant, survivors);
                for (var i = 0; i < survivors.Count; i++)
                {
                    if (committed[i]) survivors[i].Pending.Answer(survivors[i].Answer);
                }
                return;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException or IOException)
            {
                if (clock.GetElapsedTime(started) < Limits.SettlementTime)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), clock);
                    continue;
                }
                log.LogError(error, "The outcome of {Appends} appends of tenant {Tenant} could not be learned.", survivors.Count, tenant);
                foreach (var survivor in survivors) survivor.Pending.Answer(new AppendAnswer.OutcomeUnknown());
                return;
            }
        }
    }

    private async Task<List<bool>> Look(TenantId tenant, IReadOnlyList<Survivor> survivors)
    {
        await using var connection = await database.OpenConnection(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                TenantDatabase.SetTenants(tenant.Value),
                BatchLook.LockTimeout(Limits.SettlementTime),
                new NpgsqlBatchCommand(LockHeadSql) { Parameters = { new() { Value = tenant.Value } } },
                new NpgsqlBatchCommand(LookSql)
                {
                    Parameters =
                    {
                        new() { Value = tenant.Value },
                        new() { Value = survivors.Select(s => s.Append.Stream).ToArray() },
                        new() { Value = survivors.Select(s => s.Append.ExpectedVersion + 1).ToArray() },
                        new() { Value = survivors.Select(s => s.Events.Count > 0 ? s.Events[0].Stored.EventId : (Guid?)null).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                        new() { Value = survivors.Select(s => s.Append.Idempotency?.Key).ToArray() },
                        new() { Value = survivors.Select(s => s.Append.Idempotency?.RequestHash.ToArray()).ToArray() },
                        new() { Value = survivors.Select(s => s.Answer.Position).ToArray() },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        for (var skipped = 0; skipped < 3; skipped++) await reader.NextResultAsync();
        var committed = new List<bool>(survivors.Count);
        while (await reader.ReadAsync()) committed.Add(reader.GetBoolean(1));
        return committed;
    }
}
