namespace SimLedger.Ledger;

/// <summary>A fact as it is stored.</summary>
/// <param name="Position">1, 2, 3 … within the tenant, without gaps, in commit order.</param>
/// <param name="Version">1, 2, 3 … within the stream.</param>
/// <param name="Data">The JSON bytes as written; null once erased.</param>
/// <param name="RecordedAt">UTC, microseconds; never runs against position.</param>
public sealed record StoredEvent(
    long Position, Guid Stream, int Version, Guid EventId, string Type, ReadOnlyMemory<byte>? Data, DateTimeOffset RecordedAt, AuditContext Audit);

/// <summary>A stream as it stands, with what a decision on it needs, read in one round trip.</summary>
/// <param name="Version">Of its last fact; 0: no such stream in this tenant.</param>
/// <param name="RulesRevision">Of the rules in force for the tenant.</param>
/// <param name="Earlier">The answer given before to the idempotency key asked for; null: none.</param>
public sealed record StreamRead(IReadOnlyList<StoredEvent> Events, int Version, long RulesRevision, EarlierAnswer? Earlier);

/// <summary>What was answered when the key came first.</summary>
public sealed record EarlierAnswer(ReadOnlyMemory<byte> RequestHash, ReadOnlyMemory<byte> Result, long Position);
