using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>What befalls a line without anybody's doing: steps 2 and 3 and section 7.</summary>
internal sealed class BetweenEntries(ZoneWalk zone, Tally tally)
{
    public Line ChangeVersion(Line line, RuleVersion version)
    {
        if (version.Clocks.Count > 0 && line.Find(Clock.StatedId) is { } stated)
        {
            var meant = version.Clocks.FirstOrDefault(clock => clock.Kind is ClockKind.Validity) ?? version.Clocks[0];
            var turn = line.Find(meant.Id) is { } earlier ? Earlier(earlier.Turn, stated.Turn) : stated.Turn;
            tally.Note("version: stated becomes its clock");
            var others = line with { Clocks = line.Clocks.Remove(stated) };
            line = others.With(stated.Takes(meant, version) with { Turn = turn });
        }

        if (line.Governors.All(governor => governor == version)) return line;

        var start = zone.StartOf(version.From);
        var dropped = line.Clocks.Where(clock =>
            !clock.IsStopped && version.Clocks.All(own => own.Id != clock.Id) && line.DeadlineOf(clock, zone) > start).ToList();
        if (dropped.Count > 0) tally.Note("version: drops a clock");
        if (line.Clocks.Any(clock => !clock.IsStopped && version.Clocks.All(own => own.Id != clock.Id) && !dropped.Contains(clock)))
        {
            tally.Note("version: leaves a clock that ran out");
        }

        return dropped.Aggregate(line, (each, clock) => each.With(clock with { IsStopped = true }));
    }

    /// <param name="until">Only clocks whose deadline is not after it move; null: all.</param>
    public Line MoveAutomatically(Line line, Instant? until)
    {
        foreach (var id in line.Clocks.Select(clock => clock.Id).ToList())
        {
            while (CanMove(line, line.Find(id)!, until))
            {
                tally.Note(until is null ? "automatic: after the last entry" : "automatic: before an entry");
                line = Move(line, line.Find(id)!);
            }

        }

        return line;
    }

    private bool CanMove(Line line, Countdown clock, Instant? until)
    {
        if (clock.IsStopped || clock.AutoExtend is not { } auto || line.Balance is not { } balance) return false;

        var deadline = line.DeadlineOf(clock, zone);
        if (until is not null && deadline > until) return false;
        if (balance.At > deadline) return Noted("automatic: balance observed too late");
        if (balance.Amount - line.Deducted < auto.BalanceAtLeast) return Noted("automatic: balance short");
        return auto.MaxTimes is null || clock.AutomaticMoves < auto.MaxTimes || Noted("automatic: times used up");
    }

    private static Line Move(Line line, Countdown clock)
    {
        var auto = clock.AutoExtend!;
        var moved = clock with { EndsOn = ZoneWalk.Add(line.EndOf(clock), auto.By), ExactEnd = null, AutomaticMoves = clock.AutomaticMoves + 1 };
        return line.With(moved) with { Deducted = line.Deducted + auto.Deduct };
    }

    private bool Noted(string what)
    {
        tally.Note(what);
        return false;
    }

    private static (int, int) Earlier((int, int) one, (int, int) other) => one.CompareTo(other) <= 0 ? one : other;
}
