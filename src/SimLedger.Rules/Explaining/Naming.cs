using NodaTime;

namespace SimLedger.Rules.Explaining;

/// <summary>Makes the values that statements about one product speak of.</summary>
internal sealed class Naming(Product? product)
{
    /// <summary>Of which the product has several clocks.</summary>
    public IReadOnlySet<ClockKind> SharedKinds { get; } = new HashSet<ClockKind>(
        (product?.Rules ?? []).SelectMany(version => version.Clocks)
            .Select(clock => (clock.Id, clock.Kind)).Distinct()
            .GroupBy(clock => clock.Kind).Where(sameKind => sameKind.Count() > 1).Select(sameKind => sameKind.Key));

    public string? Currency => product?.Currency;

    public Datum Clock(string id, ClockKind kind) => new Datum.OfClock(id, kind, SharedKinds.Contains(kind));

    public Datum Clock(Clock clock) => Clock(clock.Id, clock.Kind);

    public Datum Fact(Entry entry, LocalDate on) => new Datum.Fact(entry, on, entry.Currency ?? Currency);

    public Datum Money(decimal amount) => new Datum.Money(amount, Currency);

    public static Datum Day(LocalDate date) => new Datum.Day(date);

    public static Datum Days(long count) => new Datum.Days(count);

    public static Datum Text(string text) => new Datum.Text(text);

    public static Datum Span(Term term, Clock clock) => new Datum.Span(term, clock.FirstDayCounts, clock.Ends.IsExact);

    /// <summary>The less sure of two; a rule that is not there is no reason for doubt.</summary>
    public static Confidence? LessSure(Confidence? one, Confidence? other) => one is null || other > one ? other ?? one : one;
}
