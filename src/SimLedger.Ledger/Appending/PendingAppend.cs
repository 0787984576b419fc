namespace SimLedger.Ledger.Appending;

/// <summary>An append on its way: what is wanted, and the caller who waits for the answer.</summary>
internal sealed class PendingAppend(Append append, long deadline, CancellationToken cancel)
{
    private readonly TaskCompletionSource<AppendAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Append Append { get; } = append;

    public int Bytes { get; } = append.Events.Sum(e => e.Data.Length) + 512;

    /// <summary>The caller has gone and the append was not taken yet: nobody needs it stored.</summary>
    public bool Abandoned => cancel.IsCancellationRequested;

    public Task<AppendAnswer> Answered => _answer.Task;

    public bool Expired(long now) => now > deadline;

    public void Answer(AppendAnswer answer) => _answer.TrySetResult(answer);

    public void Cancel() => _answer.TrySetCanceled(cancel);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
