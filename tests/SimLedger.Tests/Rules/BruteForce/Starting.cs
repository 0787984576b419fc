using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>How a clock starts: its end is D + length.</summary>
internal static class Starting
{
    public static Result From(ZoneWalk zone, Fact fact, Term length, bool firstDayCounts, ClockEnd ends)
    {
        if (!ends.IsExact) return new Result(Combining.Sum(fact.On, length, firstDayCounts), null, null);

        var exact = zone.AddElapsed(fact.At, length);
        return new Result(zone.DateOf(exact - Duration.Epsilon), exact, null);
    }

    /// <summary>A clock of which only the name is known, to be filled in.</summary>
    public static Countdown Never(string id, (int Entry, int Clock) turn) => new(
        id, ClockKind.Validity, turn, default, null, ClockEnd.EndOfDay, null, false, null, null, [], IsStopped: false, AutomaticMoves: 0, null);
}
