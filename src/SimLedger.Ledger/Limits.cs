namespace SimLedger.Ledger;

/// <summary>Bounds of the ledger. Everything that can grow has one.</summary>
public static class Limits
{
    /// <summary>Appends in one commit: above it the gain per append vanishes and the p99 of its members grows.</summary>
    public const int BatchAppends = 256;

    /// <summary>Event bytes in one commit, so that a few large ones do not hold every head of the batch for long.</summary>
    public const int BatchBytes = 4 * 1024 * 1024;

    /// <summary>Facts of one append.</summary>
    public const int AppendEvents = 500;

    /// <summary>Bytes of one fact's data.</summary>
    public const int EventBytes = 64 * 1024;

    /// <summary>Appends of one tenant that wait in this process; the next one is answered Busy.</summary>
    public const int QueuedAppends = 1024;

    /// <summary>Facts of one stream. A card sees a few a month; a stream near this is a client in a loop.</summary>
    public const int StreamEvents = 10_000;

    /// <summary>Facts of a stream that is read together with others; a longer one is read alone.</summary>
    public const int ShortStream = 200;

    /// <summary>Reads that share a round trip, of streams or of keys. More would make each wait for the rest.</summary>
    public const int ReadsTogether = 64;

    /// <summary>Shared round trips under way at a time, of a kind; each has a connection of its own.</summary>
    public const int ReadsUnderWay = 8;

    /// <summary>How many must wait before a round trip, or a commit, begins beside one that is under way. Why so many: docs/adr/0002-group-commit-under-head-locks.md</summary>
    public const int Crowd = 16;

    /// <summary>How long a round trip is thought to go well. One that takes longer may have stalled, and others begin beside it whatever waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Streams read in one round trip.</summary>
    public const int StreamsAtOnce = 500;

    /// <summary>Facts read in one round trip of several streams, at a kilobyte each some twenty megabytes; more are read in parts.</summary>
    public const int FactsAtOnce = 2 * StreamEvents;

    /// <summary>Bytes of data after which a page of the feed ends with the fact that exceeds them, so that a page of large facts is no larger in memory and on the way than one of many.</summary>
    public const int FeedBytes = 4 * 1024 * 1024;

    /// <summary>How long an append may wait for its turn.</summary>
    public static readonly TimeSpan QueueTime = TimeSpan.FromSeconds(10);

    /// <summary>How long one round trip to the database may take.</summary>
    public static readonly TimeSpan CommandTime = TimeSpan.FromSeconds(10);

    /// <summary>How long a held head is waited for, alone, before its appends are answered Busy.</summary>
    public static readonly TimeSpan HeldHeadTime = TimeSpan.FromSeconds(2);

    /// <summary>How long a head is waited for when the outcome of a commit must be learned.</summary>
    public static readonly TimeSpan SettlementTime = TimeSpan.FromSeconds(5);

    /// <summary>How long an idempotency row is kept.</summary>
    public static readonly TimeSpan IdempotencyTime = TimeSpan.FromHours(48);
}
