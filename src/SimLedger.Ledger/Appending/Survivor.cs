namespace SimLedger.Ledger.Appending;

/// <summary>An append that is to be written, with its facts as they will be stored.</summary>
/// <param name="alreadyHeld">Names among those it takes that its stream holds already.</param>
internal sealed class Survivor(PendingAppend pending, IReadOnlyList<Reservation> alreadyHeld)
{
    public PendingAppend Pending { get; } = pending;

    public Append Append => Pending.Append;

    public IReadOnlyList<Reservation> AlreadyHeld { get; } = alreadyHeld;

    public List<SealedEvent> Events { get; } = [];

    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>Of the pack that the append publishes.</summary>
    public long PackRevision { get; set; }

    public AppendAnswer.Appended Answer { get; set; } = null!;
}

/// <summary>A fact with its place, salt and digest.</summary>
internal sealed record SealedEvent(StoredEvent Stored, byte[] Salt, byte[] Digest);
