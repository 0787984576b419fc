using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Steps 2 to 7 of section 6 for one entry and one version that governs its day.</summary>
internal sealed class TakingAnEntry(ZoneWalk zone, Matching matching, BetweenEntries between, RuleVersion version, Fact fact, int turn)
{
    private readonly OrderedDictionary<string, (int? Wasted, int? Shortened, int? Drift)> changed = [];
    private bool isTooLate;

    public Line Take(Line line)
    {
        line = between.ChangeVersion(line, version);
        line = between.MoveAutomatically(line, fact.At);
        var before = line;
        var stage = StageWalk.At(line, fact.At, zone);
        line = Observe(line, matching, fact);
        line = Clocks(before, line, stage);
        if (fact.Entry is { Type: EntryType.CarrierStated, EndsOn: { } endsOn }) line = State(before, line, endsOn);
        if (IsOutsideLimits(line)) line = line.With(Flag.OutsideLimits);
        if (isTooLate) line = line.With(Flag.TooLate);

        var outcome = isTooLate ? Outcome.TooLate : changed.Count > 0 ? Outcome.Counted : Outcome.None;
        var told = new EntryOutcome(fact.Entry.Id, outcome, [.. changed.Select(each => Change(each.Key, each.Value, before, line))]);
        return line with { Governors = line.Governors.Add(version), Outcomes = line.Outcomes.SetItem(fact.Recorded, told) };
    }

    /// <summary>Step 5.</summary>
    public static Line Observe(Line line, Matching matching, Fact fact) => matching.BalanceIn(fact.Entry) is { } balance
        ? line with { Balance = new Observation(balance, fact.On, fact.At), Deducted = 0 }
        : line;

    private Line Clocks(Line before, Line line, StageThen stage)
    {
        for (var i = 0; i < version.Clocks.Count; i++)
        {
            var clock = version.Clocks[i];
            var countdown = line.Find(clock.Id);

            if (countdown is { IsStopped: false } && matching.AnyHolds(clock.StopsOn, fact, line))
            {
                line = line.With(countdown with { IsStopped = true });
            }
            else if (countdown is null or { IsStopped: true } && stage.Stage is not Stage.Lost && matching.AnyHolds(clock.StartsOn, fact, line))
            {
                var start = Starting.From(zone, fact, clock.Length, clock.FirstDayCounts, clock.Ends);
                line = line.With(Moved(line, clock, i, start.EndsOn, start.Exact));
                changed[clock.Id] = default;
            }
            else if (countdown is null or { IsStopped: false })
            {
                line = Extend(before, line, stage, clock, i);
            }
        }

        return line;
    }

    private Line Extend(Line before, Line line, StageThen stage, Clock clock, int place)
    {
        foreach (var extension in clock.ExtendedBy)
        {
            if (!matching.Holds(extension.When, fact, line)) continue;

            var n = Terms.Of(extension, fact.Entry, matching.AmountOf(fact.Entry), clock.Ends.IsExact);
            if (extension.Combine is Combine.Set ? fact.Entry.EndsOn is null : n is null) continue;

            if (!IsAllowed(stage, line))
            {
                isTooLate = true;
                return line;
            }

            var result = new Combining(zone, matching, version, before, line).Of(clock, extension, fact, n);
            line = line.With(Moved(line, clock, place, result.EndsOn, result.Exact));
            changed[clock.Id] = (result.WastedDays, ShortenedDays(clock.Id, before, line), null);
            return line;
        }

        return line;
    }

    private bool IsAllowed(StageThen stage, Line line) => stage.Stage switch
    {
        Stage.Active or Stage.Unstarted or Stage.Lapsed => true,
        Stage.Lost => false,
        _ => stage.Rung!.Exits is not { } exits || matching.AnyHolds(exits, fact, line),
    };

    private int? ShortenedDays(string id, Line before, Line after)
    {
        var (old, moved) = (before.Find(id), after.Find(id)!);
        if (old is null || !before.Runs(old, fact.At, zone)) return null;

        var isEarlier = moved.Ends.IsExact ? after.DeadlineOf(moved, zone) < before.DeadlineOf(old, zone) : after.EndOf(moved) < before.EndOf(old);
        return isEarlier ? ZoneWalk.DaysFrom(after.EndOf(moved), before.EndOf(old)) : null;
    }

    /// <summary>Step 7.</summary>
    private Line State(Line before, Line line, LocalDate endsOn)
    {
        var word = new Word(zone, fact, turn, version).Say(before, line, endsOn);
        foreach (var id in word.Restarted.Prepend(word.Stated))
        {
            if (id is null) continue;

            var (wasted, shortened, _) = changed.GetValueOrDefault(id);
            changed[id] = (wasted, shortened, id == word.Stated ? word.Drift : null);
        }

        return word.Line;
    }

    private Countdown Moved(Line line, Clock clock, int place, LocalDate endsOn, Instant? exact)
    {
        var turns = line.Find(clock.Id)?.Turn ?? (turn, place);
        return Starting.Never(clock.Id, turns).Takes(clock, version) with { EndsOn = endsOn, ExactEnd = exact };
    }

    private bool IsOutsideLimits(Line line)
    {
        if (fact.Entry.Type is not EntryType.TopUp || matching.AmountOf(fact.Entry) is not { } amount) return false;

        var month = amount + line.Past
            .Where(past => past.Fact.Entry.Type is EntryType.TopUp && past.Fact.On.Year == fact.On.Year && past.Fact.On.Month == fact.On.Month)
            .Sum(past => matching.AmountOf(past.Fact.Entry) ?? 0);
        var limits = version.Limits;
        return amount < limits.MinTopUp || amount > limits.MaxTopUp || month > limits.MaxPerMonth;
    }

    private ClockChange Change(string id, (int? Wasted, int? Shortened, int? Drift) told, Line before, Line after) => new(
        id,
        before.Find(id) is { } old ? before.EndOf(old) : null,
        after.EndOf(after.Find(id)!),
        told.Wasted,
        told.Shortened,
        told.Drift,
        version.Version);
}
