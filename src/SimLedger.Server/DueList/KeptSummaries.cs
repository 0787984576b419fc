using System.Collections.Concurrent;
using NodaTime;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.DueList;

/// <summary>What an organisation's rows are known by: while nothing here is different, no row was written.</summary>
/// <param name="Written">How often rows were written that no fact goes with.</param>
public readonly record struct RowsWritten(long Position, long RulesRevision, long Written);

/// <summary>A summary and for how long it is the right one.</summary>
/// <param name="From">The instant that it was counted for.</param>
/// <param name="Until">Exclusive: from then on time alone may make it another.</param>
public sealed record CountedSummary(DueListSummary Summary, RowsWritten Rows, Instant From, Instant Until);

/// <summary>Summaries in memory, each told again as long as counting anew would give the same; and counted by one request at a time, whose answer is that of all that wait.</summary>
/// <remarks>Why not counters that every append keeps: docs/adr/0009-summaries-are-kept-while-they-hold.md</remarks>
public sealed class KeptSummaries(TenantDatabase database, DueListQuery dueList)
{
    /// <summary>Of one organisation and filter each; one takes up to 60 KB.</summary>
    private const int MostKept = 500;

    public const string RowsSql = """
        select h.position, h.rules_revision, coalesce(m.written, 0) from tenant_heads h left join standing_marks m on m.tenant_id = h.tenant_id where h.tenant_id = $1
        """;

    private readonly ConcurrentDictionary<(TenantId, string), Place> _places = new();
    private long _begun;

    /// <summary>Counts what the list would show.</summary>
    /// <returns>The instant told of, which is the one given, or a later one at which another request counted while this one waited.</returns>
    /// <exception cref="DueListBehindException">Too many rows are other than they were written.</exception>
    public async Task<(Instant AsOf, DueListSummary Summary)> Summary(TenantId tenant, DueListFilter filter, Instant now, CancellationToken cancel)
    {
        var arrived = Interlocked.Read(ref _begun);
        if (_places.Count > MostKept) _places.Clear(); // Who is counting finishes at the place that he has.
        var place = _places.GetOrAdd((tenant, filter.Binding), _ => new Place());
        if (place.Counted is { } kept && kept.From <= now && now < kept.Until && kept.Rows == await Rows(tenant, cancel)) return (now, kept.Summary);

        await place.Turn.WaitAsync(cancel);
        try
        {
            // Begun after this request came, it saw all that this request may expect to be counted.
            if (place.Begun > arrived && place.Counted is { } other) return (other.From, other.Summary);

            var begun = Interlocked.Increment(ref _begun);
            var counted = await dueList.Summary(tenant, filter, now, cancel);
            (place.Begun, place.Counted) = (begun, counted);
            return (now, counted.Summary);
        }
        finally
        {
            place.Turn.Release();
        }
    }

    private Task<RowsWritten> Rows(TenantId tenant, CancellationToken cancel) =>
        database.Query(tenant, [RowsCommand(tenant)], ReadRows, cancel);

    internal static NpgsqlBatchCommand RowsCommand(TenantId tenant) => new(RowsSql) { Parameters = { new() { Value = tenant.Value } } };

    /// <exception cref="InvalidOperationException">There is no such organisation: its credential should not exist either.</exception>
    internal static async Task<RowsWritten> ReadRows(NpgsqlDataReader reader, CancellationToken cancel) =>
        await reader.ReadAsync(cancel)
            ? new RowsWritten(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))
            : throw new InvalidOperationException("The tenant has no head.");

    /// <summary>Written by who has the turn, read by all.</summary>
    private sealed class Place
    {
        private volatile CountedSummary? _counted;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public long Begun { get; set; }

        public CountedSummary? Counted { get => _counted; set => _counted = value; }
    }
}
