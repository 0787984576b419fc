using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Steps 2 to 7 of section 6 for one entry and one version that governs its day.</summary>
internal sealed class TakingAnEntry(ZoneWalk zone, Matching matching, BetweenEntries between, RuleVersion version, Fact fact, int turn, Tally tally)
{
    private readonly Changes changes = new(version);
    private bool isTooLate;

    public Line Take(Line line)
    {
        line = between.ChangeVersion(line, version);
        line = between.MoveAutomatically(line, fact.At);
        var before = line;
        var stage = StageWalk.At(line, fact.At, zone);
        line = Observe(line, matching, fact);
        line = Clocks(before, line, stage);
        if (fact.Entry is { Type: EntryType.CarrierStated, EndsOn: { } endsOn })
        {
            line = new Word(zone, fact, turn, version, changes, tally).Say(before, line, endsOn);
        }

        if (IsOutsideLimits(line)) line = line.With(Flag.OutsideLimits);
        if (isTooLate) line = line.With(Flag.TooLate);

        var outcome = isTooLate ? Outcome.TooLate : changes.Told.Count > 0 ? Outcome.Counted : Outcome.None;
        var told = new EntryOutcome(fact.Entry.Id, outcome, changes.Told);
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
                tally.Note("clock: stops");
                line = line.With(countdown with { IsStopped = true });
            }
            else if (countdown is null or { IsStopped: true } && stage.Stage is not Stage.Lost && matching.AnyHolds(clock.StartsOn, fact, line))
            {
                tally.Note(countdown is null ? "clock: starts" : "clock: starts again");
                var start = Starting.From(zone, fact, clock.Length, clock.FirstDayCounts, clock.Ends);
                line = line.With(Moved(line, clock, i, start.EndsOn, start.Exact));
                changes.Note(clock.Id, before, line);
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
                tally.Note($"refused: in {stage.Stage}");
                isTooLate = true;
                return line;
            }

            tally.Note($"extended: in {stage.Stage}");
            tally.Note($"term: {Terms.KindOf(extension)}");
            if (before.Find(clock.Id) is null) tally.Note("clock: started by an extension");
            var result = new Combining(zone, matching, version, before, line, tally).Of(clock, extension, fact, n);
            line = line.With(Moved(line, clock, place, result.EndsOn, result.Exact));
            changes.Note(clock.Id, before, line, result.WastedDays, ShortenedDays(clock.Id, before, line));
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
        // An exact clock may lose hours of one day: then no day is lost, and of none nothing is told.
        var days = ZoneWalk.DaysFrom(after.EndOf(moved), before.EndOf(old));
        return isEarlier && days > 0 ? days : null;
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
}
