using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>What a plan promises, looked at day by day with the plain evaluator.</summary>
internal static class Safety
{
    /// <summary>Whether a line is safe on a day: active, or without any deadline, and its end date not nearer than the margin.</summary>
    public static bool Holds(Standing standing, LocalDate day, int marginDays) =>
        standing.EndsOn is not { } end || standing.Stage is Stage.Active && end.PlusDays(-marginDays) >= day;

    /// <summary>When a day is looked at: at its start, today now.</summary>
    public static Instant StartOf(LocalDate day, Instant now, RulePack pack)
    {
        var start = day.AtStartOfDayInZone(pack.Zone).ToInstant();
        return start < now ? now : start;
    }

    /// <summary>Whether each clock that an action changed keeps its margin until the channel has passed the action on.</summary>
    public static bool TakesEffectInTime(Standing before, Standing after, LocalDate day, Channel? channel, int marginDays) => before.Clocks.All(clock =>
        !clock.Running || after.Clocks.Any(same => same.Id == clock.Id && same.DeadlineAt == clock.DeadlineAt && same.Running)
            || clock.EndsOn.PlusDays(-marginDays) >= day.PlusDays(Math.Max(channel?.CreditTakesDays ?? 0, channel?.LeadDays ?? 0)));

    /// <summary>The days up to <see cref="LinePlan.SafeUntil"/>, and every action: channel open, in time, and it moves a clock.</summary>
    /// <returns>What is broken; null: nothing.</returns>
    public static string? Broken(PlanLine line, PlanRequest request, LinePlan plan)
    {
        var (pack, today) = (line.Pack, request.From.InZone(line.Pack.Zone).Date);
        List<Entry> history = [.. line.Question.History.Where(entry => entry.At.ToInstant(pack.Zone) <= request.From)];
        var done = 0;
        var lateUntil = plan.Actions.LastOrDefault(action => action.IsLate)?.Day;
        for (var day = today; day <= plan.SafeUntil; day = day.PlusDays(1))
        {
            if (!(day <= lateUntil) && !Holds(Ask(history, day), day, request.MarginDays)) return $"{day} is not safe";

            for (; done < plan.Actions.Count && plan.Actions[done].Day == day; done++)
            {
                var (action, before) = (plan.Actions[done], Ask(history, day));
                if (action.Action.Channel?.ClosedOn.Contains(day.DayOfWeek) == true) return $"{day} is closed";
                if (line.FormFactor is FormFactor.Esim && action.Action.Channel?.Needs.Contains(ChannelNeed.PhysicalSim) == true) return $"{day} needs a physical SIM";
                if (action.Serves != before.EndsOn || action.Clock != before.Clock) return $"{day} serves {before.EndsOn} of {before.Clock}";

                history.Add(action.Action.EntryAt($"planned-{done}", day == today ? EntryTime.At(request.From) : EntryTime.On(day)));
                var after = Ask(history, day);
                if (!action.IsLate && !TakesEffectInTime(before, after, day, action.Action.Channel, request.MarginDays)) return $"{day} comes too late";
                if (after.EndsOn != action.EndsOn) return $"after {day} it ends on {after.EndsOn}";
                if (after.Entries[^1].Outcome is Outcome.TooLate or Outcome.Unknown || after.Clocks.SequenceEqual(before.Clocks)) return $"{day} does nothing";
                if (after.Flags.Contains(Flag.OutsideLimits) && !before.Flags.Contains(Flag.OutsideLimits)) return $"{day} is outside limits";
            }
        }

        return done < plan.Actions.Count ? "some action lies after the last safe day" : null;

        Standing Ask(List<Entry> entries, LocalDate day) =>
            Evaluator.Evaluate(pack, line.Question with { History = [.. entries], AsOf = StartOf(day, request.From, pack) });
    }
}
