using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>One clock of a line that has ever started, with all that it took over from the rule version that last started or moved it.</summary>
internal sealed class ClockRun(string id)
{
    public string Id { get; private set; } = id;

    public ClockKind Kind { get; private set; }

    /// <summary>Its own end date; where <c>notBefore</c> counts ask <see cref="LineState.EndOf"/>.</summary>
    public LocalDate End { get; private set; }

    /// <summary>Its own deadline; where <c>notBefore</c> counts ask <see cref="LineState.DeadlineOf"/>.</summary>
    public Instant Deadline { get; private set; }

    public bool Stopped { get; set; }

    /// <summary>Null for a clock that only the carrier's word started: nobody knows how long it is.</summary>
    public Term? Length { get; private set; }

    public bool FirstDayCounts { get; private set; }

    public ClockEnd Ends { get; private set; }

    public AutoExtension? AutoExtend { get; private set; }

    public string? NotBefore { get; private set; }

    public IReadOnlyList<LadderStage> Ladder { get; private set; } = [];

    /// <summary>Version that last started or moved it; null: only the carrier did.</summary>
    public RuleVersion? Version { get; private set; }

    /// <summary>Automatic moves since the last other one.</summary>
    public int AutomaticMoves { get; private set; }

    /// <summary>The end date before the entry at hand (C in the format), after automatic moves; null: this entry started it.</summary>
    public LocalDate? EndBefore { get; private set; }

    public Instant DeadlineBefore { get; private set; }

    /// <summary>Chosen for a change that is decided for all clocks before it is made for one.</summary>
    public bool Marked { get; set; }

    public ClockRun Copy() => (ClockRun)MemberwiseClone();

    public void Remember(LocalDate end, Instant deadline) => (EndBefore, DeadlineBefore) = (end, deadline);

    public bool RanAt(Instant instant) => EndBefore is not null && !Stopped && instant < DeadlineBefore;

    public void TakeOver(Clock clock, RuleVersion version)
    {
        (Id, Kind, Ends, Length, FirstDayCounts) = (clock.Id, clock.Kind, clock.Ends, clock.Length, clock.FirstDayCounts);
        (AutoExtend, NotBefore, Ladder, Version) = (clock.AutoExtend, clock.NotBefore, version.Ladder, version);
    }

    /// <summary>Sets an end of which only the date is known. The clock is running again if it had stopped.</summary>
    public void EndOn(LocalDate end, LocalCalendar calendar) => EndAt(end, DeadlineOn(end, calendar));

    public void EndAt(LocalDate end, Instant deadline) =>
        (End, Deadline, Stopped, AutomaticMoves) = (end, deadline, false, 0);

    public void MoveAutomatically(LocalDate end, int moves, LocalCalendar calendar) =>
        (End, Deadline, AutomaticMoves) = (end, DeadlineOn(end, calendar), AutomaticMoves + moves);

    /// <summary>Counts a term of this clock from an entry.</summary>
    public void EndAfter(Term term, in TakenEntry entry, LocalCalendar calendar)
    {
        if (Ends.IsExact)
        {
            var deadline = calendar.AddElapsed(entry.At, term);
            EndAt(calendar.DateBefore(deadline), deadline);
            return;
        }

        EndOn(LocalCalendar.AddDays(LocalCalendar.Add(entry.On, term), FirstDayCounts ? -1 : 0), calendar);
    }

    /// <summary>Its own deadline if its end were this day.</summary>
    public Instant DeadlineOn(LocalDate end, LocalCalendar calendar) =>
        Ends.Time is { } time ? calendar.InstantOf(end, time) : calendar.EndOf(end);
}
