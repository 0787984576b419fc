namespace SimLedger.Server.Hosting;

/// <summary>Whether a worker in the background still goes its rounds: it reports each step, /readyz looks how long ago the last was.</summary>
internal class WorkerPulse(TimeProvider clock)
{
    /// <summary>The longest step, a batch of a large organisation on a slow day, takes a fraction of it.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>Before its first step: a server that was down for days starts under load.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private readonly long _started = clock.GetUtcNow().UtcTicks;
    private long _last;

    /// <summary>A step has ended, well or not: trouble has checks of its own, this one tells a worker that is gone.</summary>
    public void Beat() => Interlocked.Exchange(ref _last, clock.GetUtcNow().UtcTicks);

    /// <summary>What is wrong; null: nothing.</summary>
    public string? Trouble()
    {
        var last = Interlocked.Read(ref _last);
        var since = TimeSpan.FromTicks(clock.GetUtcNow().UtcTicks - (last == 0 ? _started : last));
        if (since <= (last == 0 ? StartTime : Bound)) return null;
        return last == 0 ? $"no round has ended since the start {since.TotalSeconds:0} s ago" : $"the last round ended {since.TotalSeconds:0} s ago";
    }
}

/// <summary>The pulse of what runs the jobs.</summary>
internal sealed class JobsPulse(TimeProvider clock) : WorkerPulse(clock);
