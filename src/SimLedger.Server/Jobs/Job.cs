using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Jobs;

public enum JobState { Queued, Running, Succeeded, Failed, Cancelled }

/// <summary>Long work of an organisation: what is asked, how far it is, what became of it.</summary>
/// <param name="Subject">What it is about; of one kind and subject at most one is open.</param>
/// <param name="Total">Null: not counted yet.</param>
/// <param name="Failed">Items that could not be done; each is logged or in the result.</param>
/// <param name="Request">JSON, as its kind reads it.</param>
/// <param name="Problem">Why it failed, for people; null unless it did.</param>
/// <param name="Cancelling">Somebody asked for its end; it ends at its next step.</param>
public sealed record Job(
    Guid Id, string Kind, string Subject, JobState State, long Done, long? Total, long Failed, ReadOnlyMemory<byte> Request, string? Problem, string Actor,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, bool Cancelling)
{
    public bool IsFinished => FinishedAt is not null;
}

/// <summary>A kind of job and what does it.</summary>
/// <param name="Work">
/// Gives the result as JSON. May be begun anew after a crash, by another process: what it writes must bear being written twice. Reports its
/// progress, which is where it learns that it was cancelled.
/// </param>
public sealed record JobKind(string Name, Func<JobRun, CancellationToken, Task<ReadOnlyMemory<byte>>> Work);

/// <summary>One attempt at a job.</summary>
/// <param name="runner">Who has the job while this attempt lasts; what writes beside the job's own row checks that it still does.</param>
public sealed class JobRun(TenantId tenant, Job job, Guid runner = default)
{
    private long _done;
    private long _failed;
    private long _total = -1;

    public TenantId Tenant { get; } = tenant;

    public Job Job { get; } = job;

    public Guid Runner { get; } = runner;

    public long Done => Interlocked.Read(ref _done);

    public long Failed => Interlocked.Read(ref _failed);

    public long? Total => Interlocked.Read(ref _total) is var total && total < 0 ? null : total;

    /// <summary>Tells how far the work is; shown within seconds.</summary>
    public void Report(long done, long? total, long failed = 0)
    {
        Interlocked.Exchange(ref _done, done);
        Interlocked.Exchange(ref _failed, failed);
        Interlocked.Exchange(ref _total, total ?? -1);
    }
}
