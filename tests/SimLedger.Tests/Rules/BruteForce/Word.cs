using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <param name="Stated">Null: there is no clock that the word could be about.</param>
/// <param name="Restarted">Other clocks, in the order they first started.</param>
internal sealed record Said(Line Line, string? Stated, IReadOnlyList<string> Restarted, int? Drift);

/// <summary>Step 7: the carrier's own word on the end date.</summary>
/// <param name="version">Null: none governs the day.</param>
internal sealed class Word(ZoneWalk zone, Fact fact, int turn, RuleVersion? version)
{
    public Said Say(Line before, Line line, LocalDate endsOn)
    {
        if (Meant(line) is not { } id) return new Said(line, null, [], null);

        var countdown = line.Find(id) ?? Starting.Never(id, (turn, Place(id)));
        line = line.With(Taken(countdown) with { EndsOn = endsOn, ExactEnd = null, IsStopped = false, AutomaticMoves = 0 });
        int? drift = before.Find(id) is { } old ? ZoneWalk.DaysFrom(before.EndOf(old), endsOn) : null;

        var restarted = new List<string>();
        if (line.DeadlineOf(line.Find(id)!, zone) > fact.At)
        {
            var over = line.Clocks.Where(clock => clock.Id != id && !clock.IsStopped && line.DeadlineOf(clock, zone) <= fact.At).ToList();
            foreach (var clock in over)
            {
                var taken = Taken(clock);
                if (taken.Length is not { } length) continue;

                var start = Starting.From(zone, fact, length, taken.FirstDayCounts, taken.Ends);
                line = line.With(taken with { EndsOn = start.EndsOn, ExactEnd = start.Exact, AutomaticMoves = 0 });
                restarted.Add(clock.Id);
            }
        }

        return new Said(line, id, restarted, drift);
    }

    private string? Meant(Line line)
    {
        if (fact.Entry.Clock is { } named && (line.Find(named) is not null || version?.Clocks.Any(clock => clock.Id == named) is true)) return named;
        if (version is null) return line.Binding(zone)?.Id ?? Clock.StatedId;

        var first = version.Clocks.Count > 0 ? version.Clocks[0].Id : null;
        return version.Clocks.FirstOrDefault(clock => clock.Kind is ClockKind.Validity)?.Id ?? line.Binding(zone)?.Id ?? first;
    }

    private Countdown Taken(Countdown countdown) =>
        version?.Clocks.FirstOrDefault(clock => clock.Id == countdown.Id) is { } clock ? countdown.Takes(clock, version) : countdown;

    private int Place(string id)
    {
        for (var i = 0; i < version?.Clocks.Count; i++)
        {
            if (version.Clocks[i].Id == id) return i;
        }

        return 0;
    }
}
