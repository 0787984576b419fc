using System.Globalization;

namespace SimLedger.Benchmarks;

/// <summary>
/// The most memory that a process had resident since this was made, in MB. The kernel keeps count of it (VmHWM) and may be told to begin anew; where it may not, what is resident is looked
/// at ten times a second.
/// </summary>
internal sealed class PeakMemory : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private readonly int _process;
    private readonly bool _counted;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _looking = Task.CompletedTask;
    private double _seen;

    /// <param name="process">Its id.</param>
    public PeakMemory(int process)
    {
        _process = process;
        _counted = TryBeginAnew();
        if (!_counted) _looking = Look();
    }

    /// <summary>Up to now; NaN where the system does not tell.</summary>
    public double Megabytes => _counted ? Of(_process, "VmHWM") : Math.Max(_seen, Of(_process, "VmRSS"));

    /// <summary>A field of /proc/PID/status in MB; NaN where the system does not tell, or the process has ended.</summary>
    public static double Of(int process, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith($"{field}:", StringComparison.Ordinal));
            return line is null ? double.NaN : double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return double.NaN;
        }
    }

    private bool TryBeginAnew()
    {
        try
        {
            File.WriteAllText($"/proc/{_process}/clear_refs", "5"); // 5: the peak only; see proc(5).
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task Look()
    {
        while (!_end.IsCancellationRequested)
        {
            if (Of(_process, "VmRSS") is var now && now > _seen) _seen = now;
            await Task.Delay(Between, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }
}
