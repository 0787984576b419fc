using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>Where a tenant's facts end: as it stood before a batch, and as the batch moves it.</summary>
internal sealed class Head(TenantId tenant, long position, byte[] chain, DateTimeOffset recordedAt, long rulesRevision)
{
    public TenantId Tenant { get; } = tenant;

    public long Before { get; } = position;

    public byte[] ChainBefore { get; } = chain;

    public long Position { get; set; } = position;

    public byte[] Chain { get; set; } = chain;

    public DateTimeOffset RecordedAt { get; set; } = recordedAt;

    public long RulesRevision { get; set; } = rulesRevision;
}
