using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>What follows a deadline (rule pack format 1, section 8).</summary>
internal static class LadderStages
{
    /// <summary>The stage of the line at an instant; with it the stage of the ladder, if it is one.</summary>
    public static (Stage Stage, LadderStage? OfLadder, LocalDate? EndsOn) At(Instant instant, LineState state, LocalCalendar calendar)
    {
        if (state.Binding() is not { } binding) return (Stage.Unstarted, null, null);

        var endsOn = state.EndOf(binding);
        if (instant < state.DeadlineOf(binding)) return (Stage.Active, null, endsOn);
        if (binding.Ladder.Count == 0) return (Stage.Lapsed, null, null);

        for (var i = 0; i < binding.Ladder.Count; i++)
        {
            var stage = binding.Ladder[i];
            if (stage.Length.N == 0) continue;

            endsOn = LocalCalendar.Add(endsOn, stage.Length);
            if (instant < calendar.EndOf(endsOn)) return (stage.Stage, stage, endsOn);
        }

        return (Stage.Lost, null, null);
    }

    /// <summary>The whole ladder with its instants, from the deadline on.</summary>
    public static IReadOnlyList<StagePeriod> From(ClockRun binding, LineState state, LocalCalendar calendar)
    {
        var from = state.DeadlineOf(binding);
        if (binding.Ladder.Count == 0) return [new StagePeriod(Stage.Lapsed, from, null, null)];

        var periods = new List<StagePeriod>(binding.Ladder.Count + 1);
        var endsOn = state.EndOf(binding);
        for (var i = 0; i < binding.Ladder.Count; i++)
        {
            var stage = binding.Ladder[i];
            if (stage.Length.N == 0) continue;

            endsOn = LocalCalendar.Add(endsOn, stage.Length);
            var to = calendar.EndOf(endsOn);
            periods.Add(new StagePeriod(stage.Stage, from, to, endsOn));
            from = to;
        }

        periods.Add(new StagePeriod(Stage.Lost, from, null, null));
        return periods;
    }
}
