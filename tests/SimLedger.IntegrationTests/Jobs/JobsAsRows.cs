using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;
using SimLedger.Server.Jobs;

namespace SimLedger.IntegrationTests.Jobs;

/// <summary>A job is done once at a time, survives whoever works on it, and ends when it is told to.</summary>
public sealed class JobsAsRows : IAsyncLifetime
{
    private static readonly TenantId Tenant = TenantId.Of("acme");
    private static readonly ReadOnlyMemory<byte> Nothing = "{}"u8.ToArray();

    private readonly StoppedClock _clock = new(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));
    private TenantDatabase _database = null!;
    private JobStore _jobs = null!;

    public async Task InitializeAsync()
    {
        _database = TenantDatabase.Open((await TestDatabase.Create()).App);
        await new Tenants(_database, _clock).Create(Tenant, default);
        _jobs = new JobStore(_database, _clock);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Of_one_kind_and_subject_one_is_open_and_asking_again_finds_it()
    {
        var jobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Add("impact", "the same")));
        var other = await Add("impact", "another");

        Assert.Single(jobs.Select(j => j.Id).Distinct());
        Assert.NotEqual(jobs[0].Id, other.Id);
    }

    [Fact]
    public async Task Of_many_that_want_it_one_gets_it()
    {
        await Add("impact", "x");
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _jobs.Claim(Tenant, Guid.NewGuid(), ["impact"], default)));
        Assert.Single(claims, claim => claim is not null);
    }

    [Fact]
    public async Task When_the_lease_of_a_dead_runner_is_over_another_goes_on_and_the_dead_one_can_write_nothing()
    {
        var job = await Add("impact", "x");
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.NotNull(await _jobs.Claim(Tenant, first, ["impact"], default));
        Assert.Null(await _jobs.Claim(Tenant, second, ["impact"], default));

        _clock.Now += JobStore.Lease + TimeSpan.FromSeconds(1);
        Assert.Equal(job.Id, (await _jobs.Claim(Tenant, second, ["impact"], default))!.Id);

        Assert.Null(await _jobs.Renew(new JobRun(Tenant, job), first, default));
        Assert.Equal(0, await _jobs.Finish(new JobRun(Tenant, job), first, JobState.Succeeded, Nothing, null, default));
        Assert.False(await _jobs.Renew(new JobRun(Tenant, job), second, default));
        Assert.Equal(1, await _jobs.Finish(new JobRun(Tenant, job), second, JobState.Succeeded, Nothing, null, default));
    }

    [Fact]
    public async Task Kinds_of_a_newer_program_are_left_to_it()
    {
        await Add("unheard-of", "x");
        Assert.Null(await _jobs.Claim(Tenant, Guid.NewGuid(), ["impact"], default));
    }

    [Fact]
    public async Task A_queued_job_that_is_cancelled_ends_at_once_and_a_finished_one_stays_as_it_is()
    {
        var job = await Add("impact", "x");
        Assert.Equal(JobState.Cancelled, (await _jobs.Cancel(Tenant, job.Id, default))!.State);
        Assert.Null(await _jobs.Cancel(Tenant, job.Id, default));
        Assert.Equal(JobState.Cancelled, (await _jobs.Read(Tenant, job.Id, default))!.State);
        Assert.Null(await _jobs.Claim(Tenant, Guid.NewGuid(), ["impact"], default));
    }

    [Fact]
    public async Task Another_organisation_sees_and_cancels_none()
    {
        var job = await Add("impact", "x");
        var other = TenantId.Of("other");
        await new Tenants(_database, _clock).Create(other, default);

        Assert.Null(await _jobs.Read(other, job.Id, default));
        Assert.Null(await _jobs.Cancel(other, job.Id, default));
        Assert.Null(await _jobs.Claim(other, Guid.NewGuid(), ["impact"], default));
        Assert.Equal([Tenant], await _jobs.TenantsWithOpenJobs(default));
    }

    [Fact]
    public async Task Finished_jobs_are_deleted_after_their_time()
    {
        var job = await Add("impact", "x");
        await _jobs.Cancel(Tenant, job.Id, default);
        Assert.Equal(0, await _jobs.DeleteOld(Tenant, default));
        _clock.Now += JobStore.Kept + TimeSpan.FromDays(1);
        Assert.Equal(1, await _jobs.DeleteOld(Tenant, default));
        Assert.Null(await _jobs.Read(Tenant, job.Id, default));
    }

    [Fact]
    public async Task A_runner_stores_progress_and_result()
    {
        var job = await Add("count", "x");
        await Running([new JobKind("count", (run, _) =>
        {
            run.Report(3, 3, 1);
            return Task.FromResult<ReadOnlyMemory<byte>>("""{"counted":3}"""u8.ToArray());
        })], () => Ended(job.Id));

        var ended = (await _jobs.Read(Tenant, job.Id, default))!;
        Assert.Equal((JobState.Succeeded, 3L, 3L, 1L), (ended.State, ended.Done, ended.Total, ended.Failed));
        Assert.Equal("""{"counted":3}""", Encoding.UTF8.GetString((await _jobs.Result(Tenant, job.Id, default))!));
    }

    [Fact]
    public async Task What_fails_says_why_and_tells_nothing_of_our_own_bugs()
    {
        var (told, bug) = (await Add("tells", "x"), await Add("throws", "x"));
        await Running(
            [new JobKind("tells", (_, _) => throw new JobException("The file is gone. Send it again.")), new JobKind("throws", (_, _) => throw new InvalidOperationException("secret"))],
            async () => await Ended(told.Id) && await Ended(bug.Id));

        Assert.Equal("The file is gone. Send it again.", (await _jobs.Read(Tenant, told.Id, default))!.Problem);
        Assert.DoesNotContain("secret", (await _jobs.Read(Tenant, bug.Id, default))!.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_job_that_is_cancelled_ends_and_one_whose_server_stops_is_left_to_the_next()
    {
        var job = await Add("waits", "x");
        var began = new TaskCompletionSource();
        JobKind[] kinds = [new JobKind("waits", async (_, cancel) =>
        {
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return Nothing;
        })];
        await Running(kinds, async () =>
        {
            await began.Task;
            return true;
        });
        Assert.Equal(JobState.Queued, (await _jobs.Read(Tenant, job.Id, default))!.State);

        began = new TaskCompletionSource();
        await Running(kinds, async () =>
        {
            await began.Task;
            await _jobs.Cancel(Tenant, job.Id, default);
            return await Ended(job.Id);
        });
        Assert.Equal(JobState.Cancelled, (await _jobs.Read(Tenant, job.Id, default))!.State);
    }

    private Task<Job> Add(string kind, string subject) => _jobs.Add(Tenant, Guid.CreateVersion7(), kind, subject, Nothing, "key:test", default);

    private async Task<bool> Ended(Guid id) => (await _jobs.Read(Tenant, id, default))!.IsFinished;

    /// <summary>Runs the jobs in real time until the condition holds, then stops as a server stops.</summary>
    private async Task Running(JobKind[] kinds, Func<Task<bool>> until)
    {
        var jobs = new JobStore(_database, TimeProvider.System);
        using var meter = new JobsMeter(_database, TimeProvider.System, kinds);
        using var runner = new JobRunner(jobs, kinds, new JobsPulse(TimeProvider.System), meter, TimeProvider.System, NullLogger<JobRunner>.Instance);
        await runner.StartAsync(default);
        for (var tries = 0; !await until(); tries++)
        {
            Assert.True(tries < 600, "The job did not come to the state waited for within a minute.");
            await Task.Delay(100);
        }

        await runner.StopAsync(default);
    }
}
