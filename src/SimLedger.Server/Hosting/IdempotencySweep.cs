using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Hosting;

/// <summary>Deletes expired idempotency rows every hour, so that the table holds two days and not all time.</summary>
internal sealed class IdempotencySweep(TenantDatabase database, IdempotencyRows rows, TimeProvider clock, ILogger<IdempotencySweep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                foreach (var tenant in await database.TenantIds(stoppingToken)) await rows.DeleteExpired(tenant, stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                log.LogWarning("Expired idempotency rows could not be deleted ({Error}); tried again in {Pause}.", error.Message, Pause);
            }
        }
    }
}
