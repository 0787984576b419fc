using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SimLedger.Ledger;

/// <summary>What the ledger tells of itself. Tags never hold a tenant, a key or anything of an append; while nobody listens it costs a look at a flag.</summary>
internal sealed class LedgerMeter : IDisposable
{
    private static readonly ActivitySource Activities = new("SimLedger.Ledger");

    private readonly Meter _meter = new("SimLedger");
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _conflicts;

    /// <param name="waiting">Appends that wait for their turn now.</param>
    public LedgerMeter(Func<int> waiting)
    {
        // Bounds of its own: those of the SDK are for milliseconds, and would put every append into the first bucket.
        _duration = _meter.CreateHistogram(
            "simledger.append.duration", "s", "From the call to the answer, waiting included, by what became of it.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20] });
        _batchSize = _meter.CreateHistogram(
            "simledger.append.batch_size", "{append}", "Appends stored in one commit.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, Limits.BatchAppends] });
        _conflicts = _meter.CreateCounter<long>("simledger.append.conflicts", "{append}", "Appends that were not stored, by kind.");
        _meter.CreateObservableGauge("simledger.append.queue", waiting, "{append}", "Appends that wait for their turn.");
    }

    public void Answered(AppendAnswer answer, TimeSpan took)
    {
        if (!_duration.Enabled && !_conflicts.Enabled) return;
        var kind = Kind(answer);
        _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", kind));
        if (answer is not AppendAnswer.Appended) _conflicts.Add(1, new KeyValuePair<string, object?>("kind", kind));
    }

    public void Committed(int appends) => _batchSize.Record(appends);

    /// <summary>Holds the statements of a commit together in a trace; null while nobody listens.</summary>
    public static Activity? Commit(int appends)
    {
        var activity = Activities.StartActivity("commit");
        activity?.SetTag("simledger.appends", appends);
        return activity;
    }

    public void Dispose() => _meter.Dispose();

    private static string Kind(AppendAnswer answer) => answer switch
    {
        AppendAnswer.Appended => "appended",
        AppendAnswer.Replay => "replay",
        AppendAnswer.KeyReused => "keyReused",
        AppendAnswer.VersionTaken => "versionTaken",
        AppendAnswer.StaleRules => "staleRules",
        AppendAnswer.Reserved => "reserved",
        AppendAnswer.StreamFull => "streamFull",
        AppendAnswer.Busy => "busy",
        AppendAnswer.OutcomeUnknown => "outcomeUnknown",
        AppendAnswer.TenantUnknown => "tenantUnknown",
        _ => throw new InvalidOperationException($"No word for {answer.GetType().Name}."),
    };
}
