using System.Text;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Tests.Ledger;

/// <summary>
/// The bytes of digests and chain, frozen: stored facts were sealed so. The expected values were computed by another program from the
/// description in <see cref="Chain"/>; if one of these fails, the code is wrong, not the value.
/// </summary>
public sealed class ChainFormat
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly Guid Stream = Guid.Parse("0195d3a0-1c2e-7b44-8f00-0123456789ab");
    private static readonly byte[] Salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    /// <summary>Every member present, text beyond ASCII, an instant with microseconds.</summary>
    private static readonly StoredEvent Full = new(
        1, Stream, 1, Guid.Parse("0195d3a0-1c2f-7000-9abc-def012345678"), "CardRegistered", Encoding.UTF8.GetBytes("{\"iccid\":\"8963…\",\"n\":1.50}"),
        new DateTimeOffset(2026, 3, 1, 8, 30, 15, TimeSpan.Zero).AddMicroseconds(123_456),
        new AuditContext("key:0195", "api", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "req-1", "neu für Zoë"));

    /// <summary>Members absent, one empty.</summary>
    private static readonly StoredEvent Sparse = new(
        2, Stream, 2, Guid.Parse("0195d3a0-1c30-7000-9abc-def012345678"), "ToppedUp", "{}"u8.ToArray(), Full.RecordedAt.AddMicroseconds(1),
        new AuditContext("system:worker", "import", Reason: ""));

    [Fact]
    public void The_digest_of_a_full_fact_is_as_it_ever_was() =>
        Assert.Equal("EF521B3450599CA6F93B34EFCEF1286048DEBEA3A1D3AF0C67B9D3E3B3361DEA", Convert.ToHexString(Chain.Digest(Salt, Acme, Full)));

    [Fact]
    public void The_digest_of_a_sparse_fact_is_as_it_ever_was() =>
        Assert.Equal("C317AEDF8C2B1C7E74D21D0FD35567585FE2149428AA25AE37899C1F4226C1CC", Convert.ToHexString(Chain.Digest([.. Salt.Select(b => (byte)(255 - b))], Acme, Sparse)));

    [Fact]
    public void The_chain_over_both_is_as_it_ever_was()
    {
        var first = Chain.Next(Chain.Start.Span, Convert.FromHexString("EF521B3450599CA6F93B34EFCEF1286048DEBEA3A1D3AF0C67B9D3E3B3361DEA"));
        var second = Chain.Next(first, Convert.FromHexString("C317AEDF8C2B1C7E74D21D0FD35567585FE2149428AA25AE37899C1F4226C1CC"));

        Assert.Equal("674A805B4D633C7D9FC6B80B352B9CFA438086762B7AB1299C7267DC123D0D19", Convert.ToHexString(first));
        Assert.Equal("596AFB5E42221A760F108B4F1ECF49FDBCBE139C9A6E85717A74C83C7FE10BBF", Convert.ToHexString(second));
    }

    [Fact]
    public void Microseconds_count_from_1970_and_take_no_finer_part_and_no_offset()
    {
        Assert.Equal(1_772_353_815_123_456, Chain.Microseconds(Full.RecordedAt));
        Assert.Equal(1_772_353_815_123_456, Chain.Microseconds(Full.RecordedAt.AddTicks(9).ToOffset(TimeSpan.FromHours(8))));
        Assert.Equal(0, Chain.Microseconds(DateTimeOffset.UnixEpoch));
    }

    /// <summary>No two envelopes with different members have the same bytes: each is preceded by its length.</summary>
    [Fact]
    public void Where_one_member_ends_and_the_next_begins_matters()
    {
        var audit = Full.Audit;
        StoredEvent[] alike =
        [
            Full,
            Full with { Audit = audit with { Actor = "key:0195a", Origin = "pi" } },
            Full with { Audit = audit with { CorrelationId = null } },
            Full with { Audit = audit with { CorrelationId = "" } },
            Full with { Audit = audit with { CausationId = audit.CorrelationId, CorrelationId = audit.CausationId } },
            Full with { Audit = audit with { Reason = null, CausationId = audit.CausationId + audit.Reason } },
        ];

        Assert.Equal(alike.Length, alike.Select(e => Convert.ToHexString(Chain.Digest(Salt, Acme, e))).Distinct().Count());
        Assert.NotEqual(Chain.Digest(Salt, Acme, Full), Chain.Digest(Salt, TenantId.Of("globex"), Full));
        Assert.NotEqual(Chain.Digest(Salt, Acme, Full), Chain.Digest([.. Salt.Reverse()], Acme, Full));
    }
}
