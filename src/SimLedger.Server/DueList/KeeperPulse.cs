using System.Diagnostics.Metrics;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;

namespace SimLedger.Server.DueList;

/// <summary>What the keeper of the due list's rows reports: that it goes its rounds, and how far the rows lag behind.</summary>
/// <remarks>
/// Lag is counted from when a row could have been written anew, which is <see cref="DueListPlace.Lifetime"/> after time changed it. A card that
/// cannot be appraised does not count: it is logged and listed, and is no reason to take a server out.
/// </remarks>
internal sealed class KeeperPulse : WorkerPulse, IDisposable
{
    /// <summary>Beyond it the server is not ready: reads would have too many rows to bring to the present.</summary>
    public static readonly TimeSpan LagBound = TimeSpan.FromMinutes(10);

    private const string OldestSql = "select min(next_change_at) from card_standing where tenant_id = $1 and next_change_at <= $2";

    private readonly TenantDatabase _database;
    private readonly TimeProvider _clock;
    private readonly Meter _meter = new("SimLedger");
    private TimeSpan _ofThisRound;
    private long _lag;

    public KeeperPulse(TenantDatabase database, TimeProvider clock) : base(clock)
    {
        (_database, _clock) = (database, clock);
        _meter.CreateObservableGauge("simledger.worker.lag", () => Lag.TotalSeconds, "s", "How far the due list's rows are behind what the keeper allows itself, as of its last round.");
    }

    /// <summary>As of the last whole round; zero: nothing is behind, or no round has ended yet.</summary>
    public TimeSpan Lag => TimeSpan.FromTicks(Interlocked.Read(ref _lag));

    /// <summary>An organisation has had its turn.</summary>
    /// <param name="more">Not all of its rows could be brought up in one turn.</param>
    public async Task Turn(TenantId tenant, bool more, CancellationToken cancel)
    {
        Beat();
        if (!more) return;
        var from = _clock.GetUtcNow() - DueListPlace.Lifetime.ToTimeSpan();
        var command = new NpgsqlBatchCommand(OldestSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = from.UtcDateTime } } };
        var oldest = await _database.Query(
            tenant, [command], async (reader, stop) => await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? reader.GetFieldValue<DateTimeOffset>(0) : (DateTimeOffset?)null, cancel);
        if (oldest is { } due && from - due > _ofThisRound) _ofThisRound = from - due;
    }

    /// <summary>All organisations have had their turn.</summary>
    public void RoundEnded()
    {
        Beat();
        Interlocked.Exchange(ref _lag, _ofThisRound.Ticks);
        _ofThisRound = TimeSpan.Zero;
    }

    /// <summary>What is wrong with the lag; null: nothing.</summary>
    public string? LagTrouble() => Lag <= LagBound ? null : $"rows are {Lag.TotalSeconds:0} s behind";

    public void Dispose() => _meter.Dispose();
}
