using System.Collections.Concurrent;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>The heads as this process left them, so that a batch can be written without a look first.</summary>
/// <remarks>
/// Only a guess: the statement that locks the heads compares them, and a wrong one costs a refused round trip. So a head is told from memory only
/// once nobody else has moved it for a few commits.
/// </remarks>
internal sealed class HeadMemory
{
    /// <summary>Heads kept, at some 200 bytes each.</summary>
    private const int Most = 10_000;

    /// <summary>Commits in a row before which nobody else moved the head.</summary>
    private const int QuietCommits = 3;

    private readonly ConcurrentDictionary<TenantId, Remembered> _heads = new();

    /// <returns>Null: not known, or others write to it as well.</returns>
    public Head? Recall(TenantId tenant) =>
        _heads.TryGetValue(tenant, out var known) && known.Quiet >= QuietCommits
            ? new Head(tenant, known.Position, known.Chain, known.RecordedAt, known.RulesRevision)
            : null;

    /// <summary>A head was read under its lock.</summary>
    public void Saw(Head head)
    {
        if (_heads.TryGetValue(head.Tenant, out var known) && known.IsSameAs(head)) return;
        Keep(head, quiet: 0);
    }

    /// <summary>A commit of ours has left the head so.</summary>
    public void Left(Head head) => Keep(head, _heads.TryGetValue(head.Tenant, out var known) ? Math.Min(known.Quiet + 1, QuietCommits) : 0);

    private void Keep(Head head, int quiet)
    {
        if (_heads.Count >= Most && !_heads.ContainsKey(head.Tenant)) _heads.Clear(); // Who comes back is looked at a few times more.
        _heads[head.Tenant] = new Remembered(head.Position, head.Chain, head.RecordedAt, head.RulesRevision, quiet);
    }

    private sealed record Remembered(long Position, byte[] Chain, DateTimeOffset RecordedAt, long RulesRevision, int Quiet)
    {
        public bool IsSameAs(Head head) => Position == head.Position && RulesRevision == head.RulesRevision && Chain.AsSpan().SequenceEqual(head.Chain);
    }
}
