using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;

namespace SimLedger.Server.Jobs;

/// <summary>Jobs as rows of table jobs.</summary>
public sealed class JobStore(TenantDatabase database, TimeProvider clock)
{
    /// <summary>A runner that has not renewed its lease for so long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>How long a finished job and its result can be read.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const string Columns = "job_id, kind, subject, state, done, total, failed, request, problem, actor, created_at, started_at, finished_at, cancelling";

    // The row that stands in the way is answered: whoever asks for the same work twice gets the one job.
    private const string AddSql = $"""
        with added as (
            insert into jobs (tenant_id, job_id, kind, subject, state, request, actor, created_at) values ($1, $2, $3, $4, 'queued', $5, $6, $7)
            on conflict (tenant_id, kind, subject) where finished_at is null do nothing
            returning {Columns})
        select {Columns} from added
        union all
        select {Columns} from jobs where tenant_id = $1 and kind = $3 and subject = $4 and finished_at is null
        limit 1
        """;

    private const string ReadSql = $"select {Columns} from jobs where tenant_id = $1 and job_id = $2";

    private const string ListSql = $"select {Columns} from jobs where tenant_id = $1 and job_id < $2 order by job_id desc limit $3";

    private const string ResultSql = "select result from jobs where tenant_id = $1 and job_id = $2 and state = 'succeeded'";

    private const string CountOpenSql = "select count(*) from jobs where tenant_id = $1 and kind = $2 and finished_at is null";

    private const string CancelSql = $"""
        update jobs set cancelling = true, state = case state when 'queued' then 'cancelled' else state end,
                        finished_at = case state when 'queued' then $3 else finished_at end
        where tenant_id = $1 and job_id = $2 and finished_at is null
        returning {Columns}
        """;

    private const string ClaimSql = $"""
        update jobs set state = 'running', started_at = coalesce(started_at, $2), runner = $3, lease_until = $4
        where tenant_id = $1 and job_id = (
            select j.job_id from jobs j where j.tenant_id = $1 and j.finished_at is null and (j.lease_until is null or j.lease_until < $2) and j.kind = any ($5)
            order by j.created_at limit 1 for update skip locked)
        returning {Columns}
        """;

    private const string RenewSql = """
        update jobs set done = $4, total = $5, failed = $6, lease_until = $7
        where tenant_id = $1 and job_id = $2 and runner = $3 and state = 'running' returning cancelling
        """;

    private const string FinishSql = """
        update jobs set state = $4, done = $5, total = $6, failed = $7, result = $8, problem = $9, finished_at = $10, runner = null, lease_until = null
        where tenant_id = $1 and job_id = $2 and runner = $3 and state = 'running'
        """;

    private const string ReleaseSql = """
        update jobs set state = 'queued', runner = null, lease_until = $4 where tenant_id = $1 and job_id = $2 and runner = $3 and state = 'running'
        """;

    private const string DeleteSql = "delete from jobs where tenant_id = $1 and finished_at < $2";

    private readonly System.Threading.Channels.Channel<bool> _added =
        System.Threading.Channels.Channel.CreateBounded<bool>(new System.Threading.Channels.BoundedChannelOptions(1) { FullMode = System.Threading.Channels.BoundedChannelFullMode.DropWrite });

    /// <summary>Adds a job, unless one of the same kind and subject is open: then that one is answered.</summary>
    /// <param name="id">UUIDv7: jobs are listed by it, newest first.</param>
    public async Task<Job> Add(TenantId tenant, Guid id, string kind, string subject, ReadOnlyMemory<byte> request, string actor, CancellationToken cancel)
    {
        var command = Statement.Of(AddSql, tenant.Value, id, kind, subject, Json(request), actor, clock.GetUtcNow().UtcDateTime);
        // Lost against one that finished in the same moment: then there is room now.
        var job = await One(tenant, command, cancel) ?? await One(tenant, command, cancel);
        _added.Writer.TryWrite(true);
        return job ?? throw new InvalidOperationException($"A job of {kind} about {subject} could neither be added nor found.");
    }

    /// <summary>Waits until a job is added in this process, or the time is over.</summary>
    public async Task Added(TimeSpan atMost, CancellationToken cancel)
    {
        await Task.WhenAny(_added.Reader.WaitToReadAsync(cancel).AsTask(), Task.Delay(atMost, clock, cancel));
        cancel.ThrowIfCancellationRequested();
        _added.Reader.TryRead(out _);
    }

    public Task<Job?> Read(TenantId tenant, Guid id, CancellationToken cancel) => One(tenant, Statement.Of(ReadSql, tenant.Value, id), cancel);

    /// <summary>Newest first, from before the id given.</summary>
    public Task<IReadOnlyList<Job>> List(TenantId tenant, Guid before, int limit, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(ListSql, tenant.Value, before, limit)], async (reader, stop) =>
        {
            var jobs = new List<Job>();
            while (await reader.ReadAsync(stop)) jobs.Add(ReadJob(reader));
            return (IReadOnlyList<Job>)jobs;
        }, cancel);

    /// <returns>Null unless it succeeded.</returns>
    public Task<byte[]?> Result(TenantId tenant, Guid id, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(ResultSql, tenant.Value, id)], async (reader, stop) => await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? reader.GetFieldValue<byte[]>(0) : null, cancel);

    /// <summary>How many of a kind are queued or running.</summary>
    public Task<long> CountOpen(TenantId tenant, string kind, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(CountOpenSql, tenant.Value, kind)], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0, cancel);

    /// <summary>Asks for its end: at once if nobody has begun, else at its next step.</summary>
    /// <returns>The job as it stands now; null if there is none, or it had finished.</returns>
    public Task<Job?> Cancel(TenantId tenant, Guid id, CancellationToken cancel) => One(tenant, Statement.Of(CancelSql, tenant.Value, id, clock.GetUtcNow().UtcDateTime), cancel);

    /// <summary>Organisations that have open jobs, whoever works on them.</summary>
    public Task<IReadOnlyList<TenantId>> TenantsWithOpenJobs(CancellationToken cancel) => database.TenantsBy("tenants_with_open_jobs()", cancel);

    /// <summary>Takes the oldest job that nobody works on.</summary>
    /// <param name="kinds">Those that this program knows; a newer one beside it may have added others.</param>
    public Task<Job?> Claim(TenantId tenant, Guid runner, string[] kinds, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return One(tenant, Statement.Of(ClaimSql, tenant.Value, now.UtcDateTime, runner, (now + Lease).UtcDateTime, kinds), cancel);
    }

    /// <summary>Stores how far it is and renews the lease.</summary>
    /// <returns>Whether its end is asked for; null: it is another's now.</returns>
    public Task<bool?> Renew(JobRun run, Guid runner, CancellationToken cancel) =>
        database.Query(
            run.Tenant, [Statement.Of(RenewSql, run.Tenant.Value, run.Job.Id, runner, run.Done, (object?)run.Total ?? DBNull.Value, run.Failed, (clock.GetUtcNow() + Lease).UtcDateTime)],
            async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetBoolean(0) : (bool?)null, cancel);

    public Task<int> Finish(JobRun run, Guid runner, JobState state, ReadOnlyMemory<byte>? result, string? problem, CancellationToken cancel) =>
        database.Execute(run.Tenant, Statement.Of(
            FinishSql, run.Tenant.Value, run.Job.Id, runner, EnumNames.Of(state), run.Done, (object?)run.Total ?? DBNull.Value, run.Failed,
            result is { } json ? Json(json) : DBNull.Value, (object?)problem ?? DBNull.Value, clock.GetUtcNow().UtcDateTime), cancel);

    /// <summary>Gives it back unfinished; another attempt may begin after the pause.</summary>
    public Task<int> Release(JobRun run, Guid runner, TimeSpan pause, CancellationToken cancel) =>
        database.Execute(run.Tenant, Statement.Of(ReleaseSql, run.Tenant.Value, run.Job.Id, runner, (clock.GetUtcNow() + pause).UtcDateTime), cancel);

    /// <summary>Deletes what finished longer ago than it is <see cref="Kept"/>.</summary>
    public Task<int> DeleteOld(TenantId tenant, CancellationToken cancel) => database.Execute(tenant, Statement.Of(DeleteSql, tenant.Value, (clock.GetUtcNow() - Kept).UtcDateTime), cancel);

    private Task<Job?> One(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancel) =>
        database.Query(tenant, [command], async (reader, stop) => await reader.ReadAsync(stop) ? ReadJob(reader) : null, cancel);

    private static Job ReadJob(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Enum.Parse<JobState>(reader.GetString(3), ignoreCase: true),
        reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetInt64(5), reader.GetInt64(6), reader.GetFieldValue<byte[]>(7),
        reader.IsDBNull(8) ? null : reader.GetString(8), reader.GetString(9), reader.GetFieldValue<DateTimeOffset>(10),
        reader.IsDBNull(11) ? null : reader.GetFieldValue<DateTimeOffset>(11), reader.IsDBNull(12) ? null : reader.GetFieldValue<DateTimeOffset>(12), reader.GetBoolean(13));

    private static NpgsqlParameter Json(ReadOnlyMemory<byte> json) => new() { Value = json.ToArray(), NpgsqlDbType = NpgsqlDbType.Json };
}
