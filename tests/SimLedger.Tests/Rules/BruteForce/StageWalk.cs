using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Where a line stands: section 8 of the format.</summary>
internal static class StageWalk
{
    /// <summary>The ladder with its instants, from the deadline of the binding clock on.</summary>
    public static IReadOnlyList<StagePeriod> After(Line line, Countdown binding, ZoneWalk zone)
    {
        var (from, start) = (line.DeadlineOf(binding, zone), line.EndOf(binding));
        if (binding.Ladder.Count == 0) return [new StagePeriod(Stage.Lapsed, from, null, null)];

        var periods = new List<StagePeriod>();
        foreach (var stage in binding.Ladder.Where(stage => stage.Length.N > 0))
        {
            var endsOn = ZoneWalk.Add(start, stage.Length);
            var to = zone.EndOf(endsOn);
            periods.Add(new StagePeriod(stage.Stage, from, to, endsOn));
            (from, start) = (to, endsOn);
        }

        return [.. periods, new StagePeriod(Stage.Lost, from, null, null)];
    }

    public static StageThen At(Line line, Instant instant, ZoneWalk zone)
    {
        if (line.Binding(zone) is not { } binding) return new StageThen(Stage.Unstarted, null, null);
        if (instant < line.DeadlineOf(binding, zone)) return new StageThen(Stage.Active, line.EndOf(binding), null);

        var rungs = binding.Ladder.Where(stage => stage.Length.N > 0).ToList();
        var periods = After(line, binding, zone);
        for (var i = 0; i < rungs.Count; i++)
        {
            if (instant >= periods[i].From && instant < periods[i].To) return new StageThen(periods[i].Stage, periods[i].EndsOn, rungs[i]);
        }

        return new StageThen(periods[^1].Stage, null, null);
    }
}

/// <param name="Rung">The stage as the ladder describes it; null outside the ladder.</param>
internal sealed record StageThen(Stage Stage, LocalDate? EndsOn, LadderStage? Rung);
