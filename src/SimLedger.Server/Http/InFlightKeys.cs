using System.Collections.Concurrent;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Http;

/// <summary>Idempotency keys being worked on in this process: a second caller waits for the first instead of racing it.</summary>
/// <remarks>Across processes the head lock does the same: the later commit finds the row and answers the replay.</remarks>
public sealed class InFlightKeys(TimeProvider clock)
{
    /// <summary>How long the second caller waits before it is told 409.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(TenantId, string), TaskCompletionSource> _working = new();

    /// <returns>To be disposed when the work is done; null: the first caller is still at it after <see cref="Patience"/>.</returns>
    public async Task<IDisposable?> Enter(TenantId tenant, string key, CancellationToken cancel)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = clock.GetTimestamp();
        while (true)
        {
            var working = _working.GetOrAdd((tenant, key), mine);
            if (working == mine) return new Entered(() =>
            {
                _working.TryRemove(KeyValuePair.Create((tenant, key), mine));
                mine.SetResult();
            });

            var left = Patience - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return null;
            try
            {
                await working.Task.WaitAsync(left, clock, cancel);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    private sealed class Entered(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
