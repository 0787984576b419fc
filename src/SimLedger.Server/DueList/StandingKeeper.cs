using System.Globalization;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.DueList;

/// <summary>
/// Keeps the due list's rows near the present in the background. The list is exact without it (see <see cref="DueListQuery"/>); with it, few rows
/// are left to bring to the instant when the list is read. Several processes may do it at once.
/// </summary>
internal sealed class StandingKeeper(TenantDatabase database, Reappraisal reappraisal, JobStore jobs, KeeperPulse pulse, TimeProvider clock, ILogger<StandingKeeper> log) : BackgroundService
{
    private const int BatchesInARow = 5;

    /// <summary>Between rounds, when nothing was left to do.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var more = await Round(stoppingToken);
            pulse.RoundEnded();
            if (!more) await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    /// <returns>Some organisation has more to do.</returns>
    private async Task<bool> Round(CancellationToken cancel)
    {
        var more = false;
        try
        {
            foreach (var tenant in await database.TenantIds(cancel)) more |= await CatchUp(tenant, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogWarning("The organisations could not be listed ({Error}); tried again in {Pause}.", error.Message, Pause);
        }
        return more;
    }

    /// <summary>
    /// Rules that were published for all, or by a request that broke off, leave lines behind: a job brings them up. One that was cancelled or failed
    /// is begun anew after an hour; cards that a job could not appraise wait for the next rules, or a rebuild.
    /// </summary>
    private async Task SeeToNewerRules(TenantId tenant, CancellationToken cancel)
    {
        if (await reappraisal.RevisionToReach(tenant, cancel) is not { } revision) return;
        var subject = revision.ToString(CultureInfo.InvariantCulture);
        await jobs.Add(tenant, Guid.CreateVersion7(clock.GetUtcNow()), Reappraisal.JobName, subject, "{}"u8.ToArray(), "system:keeper", cancel);
    }

    private async Task<bool> CatchUp(TenantId tenant, CancellationToken cancel)
    {
        try
        {
            await SeeToNewerRules(tenant, cancel);
            var (cards, more) = await reappraisal.CatchUp(tenant, BatchesInARow, cancel);
            await pulse.Turn(tenant, more, cancel);
            if (cards > 0) log.LogInformation("Appraised {Cards} cards of {Tenant} anew.", cards, tenant);
            return more;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is, it is this organisation's: the others get their turn, and the process goes on.
            pulse.Beat();
            log.LogError(error, "The due list's rows of {Tenant} could not be kept up to date; tried again in {Pause}.", tenant, Pause);
            return false;
        }
    }
}
