namespace SimLedger.Cards;

/// <summary>The answer to a command: facts to record (possibly none), or the reason why not.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <param name="RepeatOf">When there is nothing new to record because a fact says it already: that fact's event id, where there is one.</param>
    public sealed record Accepted(IReadOnlyList<CardEvent> Events, IReadOnlyList<Warning> Warnings, Guid? RepeatOf = null) : Decision;

    /// <param name="Detail">This case in words; title and cure of <paramref name="Why"/> are general.</param>
    /// <param name="Values">The members at fault, if single ones are.</param>
    public sealed record Refused(Refusal Why, string Detail, IReadOnlyList<ValueProblem> Values) : Decision;

    public static readonly Decision Nothing = new Accepted([], []);

    public static Decision Record(params IReadOnlyList<CardEvent> events) => new Accepted(events, []);

    /// <summary>A fact says it already.</summary>
    public static Decision Repeats(Guid fact) => new Accepted([], [], fact);

    public static Refused Refuse(Refusal why, string detail, params IReadOnlyList<ValueProblem> values) => new(why, detail, values);
}

/// <summary>Recorded all the same, but somebody should look.</summary>
/// <param name="Entry">Event id of the earlier entry that gives rise to it; null where none does.</param>
public sealed record Warning(WarningKind Kind, Guid? Entry = null)
{
    /// <summary>The number of another card that gives rise to it.</summary>
    public string? Number { get; init; }

    /// <summary>The id of that card.</summary>
    public Guid? Card { get; init; }
}

/// <summary>Shown by their camel-case names.</summary>
public enum WarningKind
{
    PossibleDuplicate,

    /// <summary>A number differs from one of the fleet in a single digit: one of them may be mistyped.</summary>
    LookAlikeNumber,

    /// <summary>A number has more or fewer digits than those of its country.</summary>
    UnusualLength,
}
