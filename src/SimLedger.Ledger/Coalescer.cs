namespace SimLedger.Ledger;

/// <summary>Lets callers who ask for the like at the same time share round trips: what came while one was under way is asked together.</summary>
/// <remarks>
/// Nobody waits for company: who comes while none is under way is asked for at once. Few round trips with many asks each cost least, so the next one begins beside those under way only once
/// <see cref="Limits.Crowd"/> wait for it, or when the newest has been under way for <see cref="Limits.Patience"/>: one that stalls holds up those who share it, and nobody else for long.
/// </remarks>
/// <param name="askTogether">Answers in the order of what is asked. What it throws, each of those gets who asked together.</param>
internal sealed class Coalescer<TAsk, TAnswer>(Func<IReadOnlyList<TAsk>, Task<IReadOnlyList<TAnswer>>> askTogether, TimeProvider clock)
{
    private readonly Queue<Waiting> _waiting = [];
    private readonly Lock _gate = new();
    private int _underWay;
    private int _begun;
    private bool _watched;

    /// <exception cref="OperationCanceledException">The caller has gone. What was asked with others is answered to them.</exception>
    public Task<TAnswer> Ask(TAsk ask, CancellationToken cancel)
    {
        var waiting = new Waiting(ask, cancel);
        bool start, watch;
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            start = _underWay == 0 || (_underWay < Limits.ReadsUnderWay && _waiting.Count >= Limits.Crowd);
            if (start) _underWay++;
            watch = !start && !_watched;
            if (watch) _watched = true;
        }
        // Without the caller's context: the later round trips of a run are not this request's.
        using (ExecutionContext.SuppressFlow())
        {
            if (start) _ = Run();
            if (watch) _ = Watch();
        }
        return waiting.Answer.Task.WaitAsync(cancel);
    }

    private async Task Run()
    {
        while (Take() is { Count: > 0 } taken)
        {
            try
            {
                var answers = await askTogether([.. taken.Select(w => w.Ask)]);
                for (var i = 0; i < taken.Count; i++) taken[i].Answer.TrySetResult(answers[i]);
            }
            catch (Exception error)
            {
                foreach (var waiting in taken) waiting.Answer.TrySetException(error);
            }
        }
    }

    /// <summary>As long as somebody waits: begins a round trip beside those under way where none has begun for too long.</summary>
    private async Task Watch()
    {
        while (true)
        {
            var begun = Volatile.Read(ref _begun);
            await Task.Delay(Limits.Patience, clock);
            lock (_gate)
            {
                _watched = _waiting.Count > 0;
                if (!_watched) return;
                if (begun != _begun || _underWay == Limits.ReadsUnderWay) continue;
                _underWay++;
            }
            _ = Run();
        }
    }

    /// <summary>What is asked next; none: this run is over.</summary>
    private List<Waiting> Take()
    {
        var taken = new List<Waiting>();
        lock (_gate)
        {
            while (taken.Count < Limits.ReadsTogether && _waiting.TryDequeue(out var next))
            {
                if (!next.Cancel.IsCancellationRequested) taken.Add(next);
            }
            if (taken.Count == 0) _underWay--;
            else _begun++;
        }
        return taken;
    }

    private sealed record Waiting(TAsk Ask, CancellationToken Cancel)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
