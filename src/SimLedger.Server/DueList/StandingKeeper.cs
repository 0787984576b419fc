using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.DueList;

/// <summary>
/// Keeps the due list's rows near the present in the background. The list is exact without it (see <see cref="DueListQuery"/>); with it, few rows
/// are left to bring to the instant when the list is read. Several processes may do it at once.
/// </summary>
internal sealed class StandingKeeper(TenantDatabase database, Reappraisal reappraisal, TimeProvider clock, ILogger<StandingKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                foreach (var tenant in await database.TenantIds(stoppingToken))
                {
                    var done = await reappraisal.CatchUp(tenant, stoppingToken);
                    if (done > 0) log.LogInformation("Appraised {Cards} cards of {Tenant} anew.", done, tenant);
                }
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                log.LogWarning("The due list's rows could not be kept up to date ({Error}); tried again in {Pause}.", error.Message, Pause);
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }
}
