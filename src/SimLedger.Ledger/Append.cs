using System.Text.Json;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>A fact to be stored. The ledger keeps the bytes as they are and knows nothing of their meaning.</summary>
/// <param name="EventId">UUIDv7, made by the caller: it tells, after a lost connection, whether this very fact is stored.</param>
/// <param name="Data">One JSON object in UTF-8, at most <see cref="Limits.EventBytes"/>.</param>
public sealed record NewEvent(Guid EventId, string Type, ReadOnlyMemory<byte> Data);

/// <summary>Who did it and how it came in; stored with every fact and covered by the chain.</summary>
/// <param name="Actor">The credential, such as <c>key:0197…</c>, or <c>system:…</c>.</param>
/// <param name="Origin">The way in: <c>api</c>, <c>import:…</c>, <c>demo</c>.</param>
/// <param name="CorrelationId">W3C traceparent of the request.</param>
/// <param name="CausationId">Our own id of the request or job.</param>
/// <param name="Reason">What the actor said of it.</param>
public sealed record AuditContext(string Actor, string Origin, string? CorrelationId = null, string? CausationId = null, string? Reason = null);

/// <summary>A name that a stream takes or gives back with its facts, such as a phone number.</summary>
public readonly record struct Reservation(string Kind, string Value);

/// <summary>The client's key for this request and what to answer when it comes again.</summary>
/// <param name="RequestHash">SHA-256 over the request: the same key with another hash is refused.</param>
/// <param name="Result">JSON in UTF-8: status and values of the answer.</param>
public sealed record IdempotencyEntry(string Key, ReadOnlyMemory<byte> RequestHash, ReadOnlyMemory<byte> Result);

/// <summary>A row of a view that commits with the facts. Opaque to the ledger.</summary>
/// <param name="View">Name of a registered <see cref="InlineView"/>.</param>
/// <param name="WriteMembers">Writes the members of one JSON object; the ledger adds <c>append</c>, <c>tenant_id</c>, <c>stream_version</c> and <c>rules_revision</c>.</param>
public sealed record InlineRow(string View, Action<Utf8JsonWriter> WriteMembers);

/// <summary>A view whose rows are written in the commit of the facts.</summary>
/// <param name="Sql">
/// One <c>insert … on conflict do update</c> without <c>returning</c>. Parameters: <c>$1 text[]</c> tenant and <c>$2 uuid[]</c> stream of each append,
/// <c>$3 json</c> an array of rows. A row finds its append by <c>append</c> (1-based) <i>and</i> by tenant and stream, so that a row under a
/// wrong append is not written; then the counts differ and the batch does not commit.
/// </param>
/// <param name="Then">
/// A statement after it in the same commit, with <c>$1</c> and <c>$2</c> only, for what is kept beside the rows. A statement of its own, because it must see what
/// stood when the rows were locked: one that is part of the first would see what stood before it waited for them. Null: there is nothing beside.
/// </param>
public sealed record InlineView(string Name, string Sql, string? Then = null);

/// <summary>A rule pack of the tenant's own that comes into force, or ceases to, with the facts; the tenant's rules revision rises by one.</summary>
/// <param name="Body">Opaque here; null: withdrawn.</param>
public sealed record PackChange(string Code, ReadOnlyMemory<byte>? Body);

/// <summary>What one command wants stored, all or nothing.</summary>
/// <param name="ExpectedVersion">Version of the last fact that the caller has seen; 0 for a new stream.</param>
/// <param name="Events">May be empty: a success without facts still stores its idempotency row.</param>
/// <param name="RulesRevision">Revision that the inline rows were evaluated under; null when no rule was asked.</param>
/// <param name="Pack">Goes with at least one fact, which says who changed the rules.</param>
public sealed record Append(
    TenantId Tenant,
    Guid Stream,
    int ExpectedVersion,
    IReadOnlyList<NewEvent> Events,
    AuditContext Audit,
    long? RulesRevision = null,
    IdempotencyEntry? Idempotency = null,
    IReadOnlyList<InlineRow>? InlineRows = null,
    IReadOnlyList<Reservation>? Takes = null,
    IReadOnlyList<Reservation>? GivesBack = null,
    PackChange? Pack = null);

/// <summary>The ledger's answer to an append.</summary>
public abstract record AppendAnswer
{
    private AppendAnswer() { }

    /// <summary>Stored, on disk. <paramref name="Position"/> and <paramref name="Version"/> are those of the last fact; without facts those that stood.</summary>
    public sealed record Appended(long Position, int Version, DateTimeOffset RecordedAt) : AppendAnswer;

    /// <summary>Another writer came first: read, decide, try again.</summary>
    public sealed record VersionTaken(int CurrentVersion) : AppendAnswer;

    /// <summary>The same request was answered before, with this.</summary>
    public sealed record Replay(ReadOnlyMemory<byte> Result, long Position) : AppendAnswer;

    /// <summary>The key belongs to another request.</summary>
    public sealed record KeyReused : AppendAnswer;

    /// <summary>Another stream of the tenant holds the name.</summary>
    public sealed record Reserved(Reservation Name, Guid Holder) : AppendAnswer;

    /// <summary>Evaluated under rules that are no longer in force: evaluate again.</summary>
    public sealed record StaleRules(long CurrentRevision) : AppendAnswer;

    /// <summary>Nothing was stored; there is no room or the tenant's head is held. Try again after a while.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : AppendAnswer;

    /// <summary>The connection was lost around COMMIT and the outcome could not be learned in time. Repeat with the same idempotency key.</summary>
    public sealed record OutcomeUnknown : AppendAnswer;

    /// <summary>The stream would grow past <see cref="Limits.StreamEvents"/>; nothing was stored.</summary>
    public sealed record StreamFull : AppendAnswer;

    /// <summary>There is no such organisation.</summary>
    public sealed record TenantUnknown : AppendAnswer;
}
