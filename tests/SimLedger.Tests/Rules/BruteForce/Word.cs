using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Step 7: the carrier's own word on the end date.</summary>
/// <param name="version">Null: none governs the day.</param>
internal sealed class Word(ZoneWalk zone, Fact fact, int turn, RuleVersion? version, Changes changes, Tally tally)
{
    public Line Say(Line before, Line line, LocalDate endsOn)
    {
        var id = Meant(line);
        var countdown = line.Find(id) ?? Starting.Never(id, (turn, Place(id)));
        line = line.With(Taken(countdown) with { EndsOn = endsOn, ExactEnd = null, IsStopped = false, AutomaticMoves = 0 });
        int? drift = before.Find(id) is { } old ? ZoneWalk.DaysFrom(before.EndOf(old), endsOn) : null;
        changes.Note(id, before, line, drift: drift);

        if (line.DeadlineOf(line.Find(id)!, zone) <= fact.At) return line;

        foreach (var clock in line.Clocks.Where(clock => clock.Id != id && !clock.IsStopped && line.DeadlineOf(clock, zone) <= fact.At).ToList())
        {
            var taken = Taken(clock);
            if (taken.Length is not { } length) continue;

            tally.Note("word: lets another clock start anew");
            var start = Starting.From(zone, fact, length, taken.FirstDayCounts, taken.Ends);
            line = line.With(taken with { EndsOn = start.EndsOn, ExactEnd = start.Exact, AutomaticMoves = 0 });
            changes.Note(clock.Id, before, line);
        }

        return line;
    }

    private string Meant(Line line)
    {
        var named = fact.Entry.Clock;
        var isKnown = line.Find(named) is not null || version?.Clocks.Any(clock => clock.Id == named) is true;
        if (named is not null && isKnown) return Noted("names a clock", named);

        // A version without clocks is no better than no rule.
        if (version is null or { Clocks.Count: 0 })
        {
            return line.Binding(zone) is { } binding ? Noted("binding clock without rule", binding.Id) : Noted("stated without rule", Clock.StatedId);
        }


        if (version.Clocks.FirstOrDefault(clock => clock.Kind is ClockKind.Validity) is { } validity) return Noted("first of kind validity", validity.Id);
        return line.Binding(zone) is { } bound ? Noted("binding clock", bound.Id) : Noted("first clock", version.Clocks[0].Id);
    }

    private string Noted(string what, string id)
    {
        tally.Note($"word: {what}");
        return id;
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
