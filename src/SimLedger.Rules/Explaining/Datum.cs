using NodaTime;

namespace SimLedger.Rules.Explaining;

/// <summary>One typed value of a statement. A <see cref="Language"/> turns it into words, the API into JSON.</summary>
public abstract record Datum
{
    // Private: the nested types are all there are.
    private Datum() { }

    public sealed record Day(LocalDate Date) : Datum;

    public sealed record Days(long Count) : Datum;

    public sealed record Times(int Count) : Datum;

    public sealed record Facts(int Count) : Datum;

    /// <summary>A local time on a date that stands beside it.</summary>
    public sealed record TimeOfDay(LocalTime Time) : Datum;

    public sealed record Length(Term Term) : Datum;

    /// <summary>A term counted from a fact.</summary>
    /// <param name="Exact">From its instant, not its day.</param>
    public sealed record Span(Term Term, bool FirstDayCounts, bool Exact) : Datum;

    /// <param name="Currency">Null: of an unknown product nobody knows it.</param>
    public sealed record Money(decimal Amount, string? Currency) : Datum;

    /// <param name="NeedsId">Another clock of the product is of the same kind, so the kind alone would not tell which.</param>
    public sealed record OfClock(string Id, ClockKind Kind, bool NeedsId) : Datum;

    /// <param name="On">Local date of the fact.</param>
    /// <param name="Currency">Of its amount; null: not known.</param>
    public sealed record Fact(Entry Entry, LocalDate On, string? Currency) : Datum;

    public sealed record OfStage(Stage Stage) : Datum;

    /// <summary>A code, name or title as it stands in pack or history.</summary>
    public sealed record Text(string Value) : Datum;

    /// <summary>A text of somebody else's, told within quotation marks.</summary>
    public sealed record Quote(string Value) : Datum;

    /// <summary>A name that the pack has by language.</summary>
    public sealed record Name(TextByLanguage ByLanguage) : Datum;

    public sealed record Texts(IReadOnlyList<string> Values) : Datum;

    /// <param name="CodesOrKinds">As in a filter.</param>
    public sealed record Channels(IReadOnlyList<string> CodesOrKinds) : Datum;

    public sealed record Usage(IReadOnlyList<UsageKind> Kinds) : Datum;

    /// <param name="Works">By service (<c>in</c>, <c>out</c>, …): whether it works.</param>
    public sealed record Services(IReadOnlyDictionary<string, bool> Works) : Datum;

    public sealed record Balance(BalanceFate Fate) : Datum;

    public sealed record Ways(IReadOnlyList<Way> All) : Datum;
}
