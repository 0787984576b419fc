using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>The tamper evidence of a tenant's facts: each has a salted digest of its envelope, and the head a chain over all digests.</summary>
/// <remarks>
/// Frozen: what is stored was computed so. digest = SHA-256(salt ‖ envelope), chain_n = SHA-256(0x01 ‖ chain_{n-1} ‖ digest_n), chain_0 = 32 zero bytes.
/// The salt keeps an erased fact from being guessed back from its digest. An unkeyed chain does not stop the database's owner, who
/// can compute it anew: publish heads outside for that.
/// </remarks>
public static class Chain
{
    public const int SaltBytes = 16;
    public const int DigestBytes = 32;

    public static readonly ReadOnlyMemory<byte> Start = new byte[DigestBytes];

    /// <summary>Digest of one fact. <see cref="StoredEvent.Data"/> must be present.</summary>
    public static byte[] Digest(ReadOnlySpan<byte> salt, TenantId tenant, StoredEvent stored)
    {
        var envelope = new ArrayBufferWriter<byte>(256 + (stored.Data?.Length ?? 0));
        envelope.Write(salt);
        Put(envelope, tenant.Value);
        Put(envelope, stored.Position);
        Put(envelope, stored.Stream);
        Put(envelope, (long)stored.Version);
        Put(envelope, stored.EventId);
        Put(envelope, stored.Type);
        Put(envelope, Microseconds(stored.RecordedAt));
        Put(envelope, stored.Audit.Actor);
        Put(envelope, stored.Audit.Origin);
        Put(envelope, stored.Audit.CorrelationId);
        Put(envelope, stored.Audit.CausationId);
        Put(envelope, stored.Audit.Reason);
        Put(envelope, stored.Data!.Value.Span);
        return SHA256.HashData(envelope.WrittenSpan);
    }

    /// <summary>The chain after one more digest.</summary>
    public static byte[] Next(ReadOnlySpan<byte> chain, ReadOnlySpan<byte> digest)
    {
        Span<byte> link = stackalloc byte[1 + DigestBytes + DigestBytes];
        link[0] = 0x01; // Sets a link apart from an envelope, so that neither can be passed off as the other.
        chain.CopyTo(link[1..]);
        digest.CopyTo(link[(1 + DigestBytes)..]);
        return SHA256.HashData(link);
    }

    /// <summary>PostgreSQL keeps microseconds; a hash over .NET's ticks would break on the way back.</summary>
    public static long Microseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static void Put(ArrayBufferWriter<byte> envelope, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(envelope.GetSpan(4), bytes.Length);
        envelope.Advance(4);
        envelope.Write(bytes);
    }

    private static void Put(ArrayBufferWriter<byte> envelope, string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteInt32BigEndian(envelope.GetSpan(4), -1); // Absent is not empty.
            envelope.Advance(4);
            return;
        }
        BinaryPrimitives.WriteInt32BigEndian(envelope.GetSpan(4), Encoding.UTF8.GetByteCount(text));
        envelope.Advance(4);
        Encoding.UTF8.GetBytes(text, envelope);
    }

    private static void Put(ArrayBufferWriter<byte> envelope, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        Put(envelope, bytes);
    }

    private static void Put(ArrayBufferWriter<byte> envelope, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        Put(envelope, bytes);
    }
}
