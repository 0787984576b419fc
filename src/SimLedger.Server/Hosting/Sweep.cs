using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Importing;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.Hosting;

/// <summary>Deletes every hour what is kept for a time only: idempotency rows, finished jobs and the files of imports.</summary>
internal sealed class Sweep(TenantDatabase database, IdempotencyRows rows, JobStore jobs, ImportFiles files, TimeProvider clock, ILogger<Sweep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                foreach (var tenant in await database.TenantIds(stoppingToken))
                {
                    await rows.DeleteExpired(tenant, stoppingToken);
                    await jobs.DeleteOld(tenant, stoppingToken);
                    await files.DeleteOld(tenant, stoppingToken);
                }
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                log.LogWarning("Expired rows could not be deleted ({Error}); tried again in {Pause}.", error.Message, Pause);
            }
        }
    }
}
