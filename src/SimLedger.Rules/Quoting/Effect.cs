using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Quoting;

/// <summary>What lies between two standings of one line at one instant.</summary>
internal static class Effect
{
    /// <summary>Whether the line lives longer: its end moves later, it starts, is rescued, or is freed of its end.</summary>
    public static bool Keeps(Standing before, Standing after) => before.Stage switch
    {
        Stage.Unstarted => after.Stage is Stage.Active,
        Stage.Active => after.Stage is Stage.Unstarted || (after.Stage is Stage.Active && after.EndsOn > before.EndsOn),
        _ => after.Stage is Stage.Active or Stage.Unstarted,
    };

    /// <summary>Whether the line stands as it did.</summary>
    public static bool IsNone(Standing before, Standing after) => before.EndsOn == after.EndsOn && before.Stage == after.Stage;

    /// <summary>Days that are gone before the day of acting are not kept by it.</summary>
    public static int? DaysKept(LocalDate on, Standing before, Standing after)
    {
        if (before.EndsOn is null && after.EndsOn is null) return 0;
        if (after.EndsOn is not { } end) return null;

        return LocalCalendar.DaysBetween(LocalDate.Max(on, before.EndsOn ?? on), LocalDate.Max(on, end));
    }

    /// <summary>Of the clock that binds afterwards.</summary>
    public static int WastedDays(Standing after, IReadOnlyList<ClockChange> changes) =>
        changes.FirstOrDefault(change => change.Clock == after.Clock)?.WastedDays ?? 0;

    /// <summary>Clocks that ran and were not moved, and run no more.</summary>
    public static IReadOnlyList<string> Stopped(Standing before, Standing after, IReadOnlyList<ClockChange> changes) =>
    [
        .. from was in before.Clocks
           where was.Running && changes.All(change => change.Clock != was.Id) && after.Clocks.Any(clock => clock.Id == was.Id && !clock.Running)
           select was.Id,
    ];
}
