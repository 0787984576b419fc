using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;

namespace SimLedger.Server.Jobs;

/// <summary>
/// Does the jobs of all organisations, one at a time for each. Any number of processes may run it: a job is claimed under a lease, and a
/// process that dies leaves it to the others.
/// </summary>
internal sealed class JobRunner(JobStore jobs, IEnumerable<JobKind> kinds, JobsPulse pulse, JobsMeter meter, TimeProvider clock, ILogger<JobRunner> log) : BackgroundService
{
    /// <summary>Jobs at once in this process: they share its processors and connections with the requests.</summary>
    private const int MostAtOnce = 2;

    /// <summary>How soon a job is seen that another process added, or left behind.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    /// <summary>After a failure that may pass, such as a lost database.</summary>
    private static readonly TimeSpan BeforeAnotherAttempt = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, JobKind> _kinds = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);
    private readonly Dictionary<TenantId, Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Begin(stoppingToken);
                pulse.Beat();
                await jobs.Added(Pause, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_running.Values);
        }
    }

    private async Task Begin(CancellationToken cancel)
    {
        try
        {
            Forget();
            var tenants = await jobs.TenantsWithOpenJobs(cancel);
            await meter.Look(tenants, cancel);
            foreach (var tenant in tenants)
            {
                if (_running.Count >= MostAtOnce) return;
                if (_running.ContainsKey(tenant)) continue;
                var runner = Guid.CreateVersion7(clock.GetUtcNow());
                if (await jobs.Claim(tenant, runner, [.. _kinds.Keys], cancel) is { } job) _running[tenant] = Task.Run(() => Run(new JobRun(tenant, job, runner), runner, cancel), CancellationToken.None);
            }
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            log.LogWarning("Jobs could not be looked for ({Error}); tried again in {Pause}.", error.Message, Pause);
        }
    }

    private void Forget()
    {
        foreach (var tenant in _running.Where(r => r.Value.IsCompleted).Select(r => r.Key).ToList()) _running.Remove(tenant);
    }

    private async Task Run(JobRun run, Guid runner, CancellationToken stopping)
    {
        using var activity = JobsMeter.Attempt(run.Job);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var work = Task.Run(() => _kinds[run.Job.Kind].Work(run, ended.Token), CancellationToken.None);
        var end = await Accompany(run, runner, work, ended);
        try
        {
            await Settle(run, runner, work, end, stopping);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            // Its lease runs out and somebody takes it up again.
            log.LogWarning("What became of job {Job} could not be stored ({Error}).", run.Job.Id, error.Message);
        }
    }

    private enum End { ByItself, Cancelled, Lost }

    /// <summary>While the work goes on: stores its progress, renews the lease, and ends it when it is cancelled or another's.</summary>
    private async Task<End> Accompany(JobRun run, Guid runner, Task work, CancellationTokenSource ended)
    {
        var end = End.ByItself;
        while (await Task.WhenAny(work, Task.Delay(BetweenReports, clock)) != work)
        {
            if (ended.IsCancellationRequested) continue;
            try
            {
                var cancelling = await jobs.Renew(run, runner, CancellationToken.None);
                if (cancelling == false) continue;
                end = cancelling is null ? End.Lost : End.Cancelled;
                await ended.CancelAsync();
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                log.LogWarning("The lease of job {Job} could not be renewed ({Error}).", run.Job.Id, error.Message);
            }
        }

        return end;
    }

    private async Task Settle(JobRun run, Guid runner, Task<ReadOnlyMemory<byte>> work, End end, CancellationToken stopping)
    {
        try
        {
            var result = await work;
            await jobs.Finish(run, runner, JobState.Succeeded, result, null, CancellationToken.None);
        }
        catch (OperationCanceledException) when (end is End.Cancelled)
        {
            await jobs.Finish(run, runner, JobState.Cancelled, null, null, CancellationToken.None);
        }
        catch (OperationCanceledException) when (end is End.Lost || stopping.IsCancellationRequested)
        {
            await jobs.Release(run, runner, TimeSpan.Zero, CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            log.LogWarning("Job {Job} was broken off ({Error}); tried again in {Pause}.", run.Job.Id, error.Message, BeforeAnotherAttempt);
            await jobs.Release(run, runner, BeforeAnotherAttempt, CancellationToken.None);
        }
        catch (JobException failure)
        {
            await jobs.Finish(run, runner, JobState.Failed, null, failure.Message, CancellationToken.None);
        }
        catch (Exception error)
        {
            log.LogError(error, "Job {Job} of {Tenant} failed in an unforeseen way.", run.Job.Id, run.Tenant);
            await jobs.Finish(run, runner, JobState.Failed, null, $"It failed in an unforeseen way, which the server logged under {run.Job.Id}.", CancellationToken.None);
        }
    }
}

/// <summary>A job cannot be done; the message says why and what to do, to the organisation's people.</summary>
public sealed class JobException(string message) : Exception(message);
