using System.Globalization;

namespace SimLedger.Benchmarks;

/// <summary>Processor time used: on a machine that others use as well it tells what wall time cannot.</summary>
internal static class ProcessorTime
{
    /// <summary>The kernel counts in /proc in hundredths of a second (USER_HZ of every Linux).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Of this process, all its threads, in seconds.</summary>
    public static double Own() => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Of a process, its children, and the children it had, in seconds; NaN where the system does not tell.</summary>
    public static double OfFamily(int process)
    {
        if (!Directory.Exists("/proc/self")) return double.NaN;
        var total = Own(process, withPastChildren: true);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is [_, var parent, ..] && parent == $"{process}")
            {
                total += Own(id, withPastChildren: false);
            }
        }
        return total;
    }

    /// <summary>Of the processes that this one has started and that have ended, in seconds; NaN where the system does not tell.</summary>
    public static double OfEndedChildren() =>
        Directory.Exists("/proc/self") ? Own(Environment.ProcessId, withPastChildren: true) - Own(Environment.ProcessId, withPastChildren: false) : double.NaN;

    private static double Own(int process, bool withPastChildren) =>
        Stat(process).Skip(11).Take(withPastChildren ? 4 : 2).Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>The fields after the name, which may hold blanks: state, parent, …; none once the process is gone.</summary>
    private static string[] Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
