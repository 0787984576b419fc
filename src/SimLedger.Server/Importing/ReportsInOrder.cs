namespace SimLedger.Server.Importing;

/// <summary>Hands on what became of rows in the order of the rows, though they are done in any order.</summary>
/// <param name="handOn">Never called twice at once.</param>
internal sealed class ReportsInOrder(Func<RowReport, ValueTask> handOn) : IDisposable
{
    /// <summary>Rows read whose reports were not handed on yet: one slow row must not let the reports after it pile up without end.</summary>
    private const int Window = 4096;

    private readonly SemaphoreSlim _room = new(Window);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly SortedDictionary<long, RowReport> _waiting = [];
    private long _next;

    /// <summary>Counts what was handed on.</summary>
    public ImportCounts Counts { get; private set; } = new(0, 0, 0, 0, 0);

    /// <summary>Call before a row is begun; waits while too many are under way.</summary>
    public Task Room(CancellationToken cancel) => _room.WaitAsync(cancel);

    /// <param name="place">0, 1, 2 … in the order in which the rows were read.</param>
    public async Task Add(long place, RowReport report)
    {
        // Not to be cancelled: the row is recorded, its report must not get lost.
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            _waiting.Add(place, report);
            while (_waiting.Remove(_next, out var ready))
            {
                _next++;
                await HandOn(ready);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Hands on what is left after an end before the end of the file; rows that were not done are missing.</summary>
    public async Task Finish()
    {
        foreach (var report in _waiting.Values) await HandOn(report);
        _waiting.Clear();
    }

    private async ValueTask HandOn(RowReport report)
    {
        _room.Release();
        Counts = Counts.With(report);
        await handOn(report);
    }

    public void Dispose()
    {
        _room.Dispose();
        _gate.Dispose();
    }
}
