using System.Collections.Concurrent;
using SimLedger.Ledger;

namespace SimLedger.Tests.Ledger;

/// <summary>Who asks at the same time shares round trips; nobody waits for company, and nobody for long for one that stalls.</summary>
public sealed class Coalescing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<RoundTrip> _roundTrips = new();
    private readonly Coalescer<int, string> _coalescer;

    public Coalescing() => _coalescer = new Coalescer<int, string>(
        asked =>
        {
            var roundTrip = new RoundTrip(asked);
            _roundTrips.Enqueue(roundTrip);
            return roundTrip.Answers.Task;
        }, TimeProvider.System);

    [Fact]
    public async Task Who_comes_alone_is_asked_for_at_once()
    {
        var answer = _coalescer.Ask(1, default);

        Assert.Equal([1], (await Next()).AnswerAll().Asked);
        Assert.Equal("1", await answer);
    }

    [Fact]
    public async Task What_came_meanwhile_is_asked_together_and_each_gets_its_own_answer()
    {
        var first = _coalescer.Ask(1, default);
        var others = new[] { 2, 3, 4 }.Select(ask => _coalescer.Ask(ask, default)).ToArray();

        (await Next()).AnswerAll();
        Assert.Equal([2, 3, 4], (await Next()).AnswerAll().Asked);
        Assert.Equal("1", await first);
        Assert.Equal(["2", "3", "4"], await Task.WhenAll(others));
    }

    [Fact]
    public async Task What_fails_fails_those_who_asked_together_and_nobody_after_them()
    {
        var first = _coalescer.Ask(1, default);
        (await Next()).Answers.SetException(new IOException("cut"));
        await Assert.ThrowsAsync<IOException>(() => first.WaitAsync(Patience));

        var second = _coalescer.Ask(2, default);
        (await Next()).AnswerAll();
        Assert.Equal("2", await second);
    }

    [Fact]
    public async Task A_crowd_is_asked_for_beside_what_is_under_way()
    {
        var first = _coalescer.Ask(0, default);
        var stalled = await Next();
        var crowd = Enumerable.Range(1, Limits.Crowd).Select(ask => _coalescer.Ask(ask, default)).ToArray();

        Assert.Equal(Enumerable.Range(1, Limits.Crowd), (await Next()).AnswerAll().Asked);
        await Task.WhenAll(crowd).WaitAsync(Patience);
        Assert.False(first.IsCompleted);
        stalled.AnswerAll();
        await first.WaitAsync(Patience);
    }

    [Fact]
    public async Task One_that_stalls_holds_up_nobody_else_however_few_wait()
    {
        var first = _coalescer.Ask(1, default);
        var stalled = await Next();
        var second = _coalescer.Ask(2, default);
        (await Next()).AnswerAll();
        Assert.Equal("2", await second.WaitAsync(Patience));
        var third = _coalescer.Ask(3, default);
        (await Next()).AnswerAll();
        Assert.Equal("3", await third.WaitAsync(Patience));

        Assert.False(first.IsCompleted);
        stalled.AnswerAll();
        Assert.Equal("1", await first.WaitAsync(Patience));
    }

    [Fact]
    public async Task Round_trips_under_way_have_a_bound_and_so_has_each()
    {
        var asks = Enumerable.Range(0, 2 * Limits.ReadsTogether * Limits.ReadsUnderWay).Select(ask => _coalescer.Ask(ask, default)).ToArray();
        var stalled = new List<RoundTrip>();
        while (stalled.Count < Limits.ReadsUnderWay) stalled.Add(await Next());
        await Task.Delay(5 * Limits.Patience);
        Assert.Empty(_roundTrips);

        foreach (var roundTrip in stalled) roundTrip.AnswerAll();
        while (!Task.WhenAll(asks).IsCompleted)
        {
            if (_roundTrips.TryDequeue(out var roundTrip)) stalled.Add(roundTrip.AnswerAll());
            else await Task.Delay(1);
        }
        Assert.Equal(Enumerable.Range(0, asks.Length).Select(ask => $"{ask}"), await Task.WhenAll(asks));
        Assert.InRange(stalled.Max(roundTrip => roundTrip.Asked.Count), Limits.Crowd, Limits.ReadsTogether);
    }

    [Fact]
    public async Task Who_has_gone_is_not_asked_for_and_gets_no_answer()
    {
        using var gone = new CancellationTokenSource();
        var first = _coalescer.Ask(1, default);
        var second = _coalescer.Ask(2, gone.Token);
        var third = _coalescer.Ask(3, default);
        await gone.CancelAsync();

        (await Next()).AnswerAll();
        Assert.Equal([3], (await Next()).AnswerAll().Asked);
        await Task.WhenAll(first, third).WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    private async Task<RoundTrip> Next()
    {
        using var patience = new CancellationTokenSource(Patience);
        RoundTrip? next;
        while (!_roundTrips.TryDequeue(out next)) await Task.Delay(1, patience.Token);
        return next;
    }

    private sealed record RoundTrip(IReadOnlyList<int> Asked)
    {
        public TaskCompletionSource<IReadOnlyList<string>> Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RoundTrip AnswerAll()
        {
            Answers.SetResult([.. Asked.Select(ask => $"{ask}")]);
            return this;
        }
    }
}
