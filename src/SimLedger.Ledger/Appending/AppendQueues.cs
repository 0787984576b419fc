using System.Threading.Channels;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger.Appending;

/// <summary>What waits to be appended in this process: one bounded queue a tenant, served round robin.</summary>
/// <remarks>
/// A tenant is at one place at a time: idle, in the ring of ready ones, or out with a lane. So no two lanes ever meet on a head, and
/// the order of a tenant's appends is the order in which they came.
/// </remarks>
internal sealed class AppendQueues(TimeProvider clock)
{
    private readonly Dictionary<TenantId, TenantQueue> _queues = [];
    private readonly Channel<TenantQueue> _ready = Channel.CreateUnbounded<TenantQueue>();
    private readonly Lock _gate = new();
    private TaskCompletionSource _crowd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    /// <summary>Appends that wait, over all tenants.</summary>
    public int Count { get; private set; }

    /// <returns>False: the tenant's queue is full, or all are closed.</returns>
    public bool TryEnqueue(PendingAppend pending)
    {
        lock (_gate)
        {
            var tenant = pending.Append.Tenant;
            if (!_queues.TryGetValue(tenant, out var queue)) _queues[tenant] = queue = new TenantQueue(tenant);
            if (_closed || queue.Waiting.Count >= Limits.QueuedAppends) return false;
            queue.Waiting.AddLast(pending);
            Count++;
            MakeReady(queue);
            if (Count >= Limits.Crowd) _crowd.TrySetResult();
            return true;
        }
    }

    /// <summary>Waits until some tenant is ready. False: closed, and nothing more will come.</summary>
    public ValueTask<bool> WaitUntilReady() => _ready.Reader.WaitToReadAsync();

    /// <summary>
    /// Waits until so many wait that another commit beside one under way pays, or so long that the one under way may have stalled: few commits with many appends
    /// each cost least.
    /// </summary>
    public async Task WaitForCrowd()
    {
        Task crowd;
        lock (_gate)
        {
            if (_closed || Count >= Limits.Crowd) return;
            if (_crowd.Task.IsCompleted) _crowd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            crowd = _crowd.Task;
        }
        using var patience = new CancellationTokenSource();
        await Task.WhenAny(crowd, Task.Delay(Limits.Patience, clock, patience.Token));
        await patience.CancelAsync();
    }

    /// <summary>For the end of the process: what waits, and what comes back from now on, is answered busy.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var queue in _queues.Values)
            {
                foreach (var pending in queue.Waiting) pending.Answer(new AppendAnswer.Busy(TimeSpan.FromSeconds(1)));
                Count -= queue.Waiting.Count;
                queue.Waiting.Clear();
            }
            _ready.Writer.TryComplete();
            _crowd.TrySetResult();
        }
    }

    /// <summary>Takes the next batch: one append of each ready tenant in turn until it is full. Its tenants are out until <see cref="Return"/>.</summary>
    public List<TenantQueue> TakeBatch()
    {
        var tenants = new List<TenantQueue>();
        lock (_gate)
        {
            while (tenants.Count < Limits.BatchAppends && _ready.Reader.TryRead(out var queue))
            {
                queue.Place = Place.Out;
                tenants.Add(queue);
            }

            var room = new BatchRoom();
            var dealt = true;
            while (dealt)
            {
                dealt = false;
                foreach (var queue in tenants) dealt |= TryDeal(queue, room);
            }

            for (var i = tenants.Count - 1; i >= 0; i--)
            {
                if (tenants[i].Taken.Count > 0) continue;
                Settle(tenants[i]);
                tenants.RemoveAt(i);
            }
        }
        return tenants;
    }

    /// <summary>Brings a tenant back. What is still in <see cref="TenantQueue.Taken"/> goes to the front again, in its old order.</summary>
    public void Return(TenantQueue queue)
    {
        lock (_gate)
        {
            for (var i = queue.Taken.Count - 1; i >= 0; i--)
            {
                if (queue.Taken[i].Answered.IsCompleted) continue;
                if (_closed)
                {
                    queue.Taken[i].Answer(new AppendAnswer.Busy(TimeSpan.FromSeconds(1)));
                    continue;
                }
                queue.Waiting.AddFirst(queue.Taken[i]);
                Count++;
            }
            queue.Taken.Clear();
            Settle(queue);
        }
    }

    private bool TryDeal(TenantQueue queue, BatchRoom room)
    {
        while (queue.Waiting.First is { Value: var pending })
        {
            if (pending.Abandoned || pending.Expired(clock.GetTimestamp()))
            {
                queue.Waiting.RemoveFirst();
                Count--;
                if (pending.Abandoned) pending.Cancel();
                else pending.Answer(new AppendAnswer.Busy(TimeSpan.FromSeconds(1)));
                continue;
            }
            if (!room.TryEnter(pending)) return false;
            queue.Waiting.RemoveFirst();
            Count--;
            queue.Taken.Add(pending);
            return true;
        }
        return false;
    }

    private void Settle(TenantQueue queue)
    {
        queue.Place = Place.Idle;
        if (queue.Waiting.Count > 0) MakeReady(queue);
        else if (queue.HeldRounds == 0) _queues.Remove(queue.Tenant); // Ten thousand tenants that once appended cost nothing.
    }

    private void MakeReady(TenantQueue queue)
    {
        if (queue.Place != Place.Idle) return;
        queue.Place = Place.Ready;
        _ready.Writer.TryWrite(queue);
    }

    /// <summary>What a batch may still hold. No two of its appends share a stream, a key or a reservation: the later one waits for the next batch, which sees the first.</summary>
    private sealed class BatchRoom
    {
        private readonly HashSet<(TenantId, Guid)> _streams = [];
        private readonly HashSet<(TenantId, string)> _keys = [];
        private readonly HashSet<(TenantId, Reservation)> _names = [];
        private int _appends;
        private int _bytes;

        public bool TryEnter(PendingAppend pending)
        {
            var append = pending.Append;
            if (_appends == Limits.BatchAppends || (_appends > 0 && _bytes + pending.Bytes > Limits.BatchBytes)) return false;
            if (_streams.Contains((append.Tenant, append.Stream))) return false;
            if (append.Idempotency is { } key && _keys.Contains((append.Tenant, key.Key))) return false;
            foreach (var name in Names(append))
            {
                if (_names.Contains((append.Tenant, name))) return false;
            }

            _appends++;
            _bytes += pending.Bytes;
            _streams.Add((append.Tenant, append.Stream));
            if (append.Idempotency is { } entry) _keys.Add((append.Tenant, entry.Key));
            foreach (var name in Names(append)) _names.Add((append.Tenant, name));
            return true;
        }

        private static IEnumerable<Reservation> Names(Append append) => (append.Takes ?? []).Concat(append.GivesBack ?? []);
    }
}

internal enum Place { Idle, Ready, Out }

/// <summary>One tenant's appends in this process.</summary>
internal sealed class TenantQueue(TenantId tenant)
{
    public TenantId Tenant { get; } = tenant;

    public LinkedList<PendingAppend> Waiting { get; } = [];

    /// <summary>Out with a lane, in order.</summary>
    public List<PendingAppend> Taken { get; } = [];

    public Place Place { get; set; }

    /// <summary>Rounds in a row in which somebody else held the head.</summary>
    public int HeldRounds { get; set; }
}
