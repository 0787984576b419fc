using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Feed;

/// <summary>
/// Wakes requests that wait for facts. One look for all of them, into the heads of the organisations that are waited for and of no others;
/// while nobody waits the database is not asked. Whichever process recorded the fact, it is seen.
/// </summary>
internal sealed class FeedWatch(TenantHeads heads, TimeProvider clock, ILogger<FeedWatch> log) : BackgroundService
{
    /// <summary>How late a fact may be seen; what it costs is one statement for each so long.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Waiter, bool> _waiters = new();

    private readonly Channel<bool> _somebody = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Waits until the organisation has a fact beyond the position, or the time is over.</summary>
    /// <returns>Whether it has one; false says nothing: read once more.</returns>
    public async Task<bool> Beyond(TenantId tenant, long position, TimeSpan atMost, CancellationToken cancel)
    {
        var waiter = new Waiter(tenant, position);
        _waiters[waiter] = true;
        _somebody.Writer.TryWrite(true);
        try
        {
            await waiter.Woken.Task.WaitAsync(atMost, clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _waiters.TryRemove(waiter, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _somebody.Reader.WaitToReadAsync(stoppingToken))
        {
            _somebody.Reader.TryRead(out _);
            while (!_waiters.IsEmpty)
            {
                var pause = BetweenLooks;
                try
                {
                    await Look(stoppingToken);
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException)
                {
                    // Who waits goes on waiting and reads for himself when his time is over.
                    log.LogWarning("New facts could not be looked for ({Error}); tried again in {Pause}.", error.Message, AfterFailure);
                    pause = AfterFailure;
                }
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
    }

    private async Task Look(CancellationToken cancel)
    {
        var waiting = _waiters.Keys.ToList();
        var positions = await heads.Positions([.. waiting.Select(w => w.Tenant).Distinct()], cancel);
        foreach (var waiter in waiting)
        {
            if (positions.TryGetValue(waiter.Tenant, out var head) && head > waiter.Position) waiter.Woken.TrySetResult();
        }
    }

    /// <summary>Compared by identity: two may wait for the same.</summary>
    private sealed class Waiter(TenantId tenant, long position)
    {
        public TenantId Tenant { get; } = tenant;

        public long Position { get; } = position;

        // The one look wakes many: their reads must not run on its thread.
        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
