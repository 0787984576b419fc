using NodaTime;

namespace SimLedger.Cards;

/// <summary>A deadline of a line that passed, by its history and the rules as they are known now.</summary>
/// <param name="Clock">Whose end it was.</param>
/// <param name="Lost">What followed the deadline is over too.</param>
public sealed record Lapse(string Clock, Instant DeadlineAt, bool Lost);

/// <summary>Decides what to note of the deadlines that passed: at most one note of a kind stands for a clock and deadline.</summary>
public static class LapseNotes
{
    /// <summary>Notes that are missing, and withdrawals of those that what is known now does not bear out.</summary>
    /// <param name="lapses">All lapses of the line.</param>
    public static IReadOnlyList<CardEvent.Note> Decide(Line line, IReadOnlyList<Lapse> lapses)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(lapses);

        List<CardEvent.Note> notes = [];
        foreach (var noted in line.Noted)
        {
            var stands = lapses.Any(lapse => (lapse.Clock, lapse.DeadlineAt) == (noted.Clock, noted.DeadlineAt) && (lapse.Lost || noted is CardEvent.Lapsed));
            if (stands) continue;

            notes.Add(noted is CardEvent.Lost
                ? new CardEvent.LossWithdrawn(line.Id, noted.Clock, noted.DeadlineAt)
                : new CardEvent.LapseWithdrawn(line.Id, noted.Clock, noted.DeadlineAt));
        }

        foreach (var lapse in lapses)
        {
            if (!line.Noted.Contains(new CardEvent.Lapsed(line.Id, lapse.Clock, lapse.DeadlineAt))) notes.Add(new CardEvent.Lapsed(line.Id, lapse.Clock, lapse.DeadlineAt));
            if (lapse.Lost && !line.Noted.Contains(new CardEvent.Lost(line.Id, lapse.Clock, lapse.DeadlineAt))) notes.Add(new CardEvent.Lost(line.Id, lapse.Clock, lapse.DeadlineAt));
        }

        return notes;
    }
}
