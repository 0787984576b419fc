using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>The deadlines of a line that passed since the ledger knows it, by its whole history and the rules in force.</summary>
/// <remarks>
/// Looked for just before each fact took effect, since it may have brought the line back, and now. What passed and was mended before the card
/// was registered is not told: histories from before are rarely whole.
/// </remarks>
public static class Lapses
{
    /// <param name="standing">Of the line now.</param>
    public static IReadOnlyList<Lapse> Of(Card card, Line line, Standing standing, RulePackSet packs, Instant now)
    {
        List<Lapse> lapses = [];
        var zone = Appraisal.PackOf(card, packs).Zone;
        foreach (var moment in Moments(card, line, zone, now)) Add(lapses, Before(card, line.Id, packs, moment), moment);
        if (!card.IsRetired && !line.IsDetached) Add(lapses, standing, now);
        return lapses;
    }

    /// <summary>Instants at which facts took effect since the card was registered.</summary>
    private static List<Instant> Moments(Card card, Line line, DateTimeZone zone, Instant now)
    {
        List<Instant> moments = [];
        if (card.RegisteredAt is not { } registered) return moments;

        foreach (var fact in card.Facts)
        {
            var at = fact.Event switch
            {
                CardEvent.LineEntry entry when entry.LineId == line.Id && !line.Voids.ContainsKey(fact.EventId) => entry.At,
                CardEvent.Change change when !card.VoidedChanges.ContainsKey(fact.EventId) => change.At,
                _ => null,
            };
            if (at?.ToInstant(zone) is { } moment && moment > registered && moment <= now && !moments.Contains(moment)) moments.Add(moment);
        }
        return moments;
    }

    private static Standing? Before(Card card, Guid lineId, RulePackSet packs, Instant moment)
    {
        var just = moment - Duration.Epsilon;
        var then = card.AsOf(just);
        return then.IsRetired || then.FindLine(lineId) is not { IsDetached: false } line ? null : Appraisal.Of(then, line, packs, just).Standing;
    }

    private static void Add(List<Lapse> lapses, Standing? standing, Instant moment)
    {
        if (standing is not { DeadlineAt: { } deadline, Clock: { } clock } || deadline > moment) return;

        var lost = standing.Stages.Any(stage => stage.Stage == Stage.Lost && stage.From <= moment);
        var known = lapses.FindIndex(lapse => (lapse.Clock, lapse.DeadlineAt) == (clock, deadline));
        if (known < 0) lapses.Add(new Lapse(clock, deadline, lost));
        else if (lost) lapses[known] = lapses[known] with { Lost = true };
    }
}
