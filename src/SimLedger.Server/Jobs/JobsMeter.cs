using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;

namespace SimLedger.Server.Jobs;

/// <summary>Open jobs by kind and state, as this process last saw them in the database: several processes tell the same jobs, so take one's word, not the sum.</summary>
internal sealed class JobsMeter : IDisposable
{
    /// <summary>Between two looks; none is taken while nobody listens.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    private const string CountSql = "select kind, state, count(*) from jobs where tenant_id = $1 and finished_at is null group by kind, state";

    private static readonly ActivitySource Activities = new("SimLedger.Jobs");

    private readonly TenantDatabase _database;
    private readonly TimeProvider _clock;
    private readonly Meter _meter = new("SimLedger");
    private readonly ObservableGauge<long> _gauge;
    private volatile Dictionary<(string Kind, JobState State), long> _open = [];
    private long _looked;

    public JobsMeter(TenantDatabase database, TimeProvider clock, IEnumerable<JobKind> kinds)
    {
        (_database, _clock) = (database, clock);
        var names = kinds.Select(kind => kind.Name).ToList();
        _gauge = _meter.CreateObservableGauge("simledger.jobs", () => Measure(names), "{job}", "Open jobs by kind and state, as this process last saw them.");
    }

    /// <summary>A trace of one attempt at a job; null while nobody listens.</summary>
    public static Activity? Attempt(Job job)
    {
        var activity = Activities.StartActivity("job");
        activity?.SetTag("simledger.job.kind", job.Kind);
        activity?.SetTag("simledger.job.id", job.Id);
        return activity;
    }

    /// <summary>Counts the open jobs of organisations that have some.</summary>
    public async Task Look(IReadOnlyList<TenantId> tenants, CancellationToken cancel)
    {
        if (!_gauge.Enabled || (_looked != 0 && _clock.GetElapsedTime(_looked) < BetweenLooks)) return;
        _looked = _clock.GetTimestamp();
        var open = new Dictionary<(string, JobState), long>();
        foreach (var tenant in tenants)
        {
            var command = new NpgsqlBatchCommand(CountSql) { Parameters = { new() { Value = tenant.Value } } };
            foreach (var (key, count) in await _database.Query(tenant, [command], Read, cancel)) open[key] = open.GetValueOrDefault(key) + count;
        }
        _open = open;
    }

    public void Dispose() => _meter.Dispose();

    private static async Task<List<((string, JobState) Key, long Count)>> Read(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var rows = new List<((string, JobState), long)>();
        while (await reader.ReadAsync(cancel)) rows.Add(((reader.GetString(0), Enum.Parse<JobState>(reader.GetString(1), ignoreCase: true)), reader.GetInt64(2)));
        return rows;
    }

    // Kinds without open jobs are told as 0: a series that ends and comes back cannot be watched.
    private IEnumerable<Measurement<long>> Measure(List<string> kinds) =>
        from kind in kinds
        from state in new[] { JobState.Queued, JobState.Running }
        select new Measurement<long>(_open.GetValueOrDefault((kind, state)), new("kind", kind), new("state", EnumNames.Of(state)));
}
