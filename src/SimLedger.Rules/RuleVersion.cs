using NodaTime;

namespace SimLedger.Rules;

/// <summary>The rules of one product for some days, and perhaps only for some lines.</summary>
/// <param name="Version">Unique in the product.</param>
/// <param name="From">First local date governed.</param>
/// <param name="To">Last local date governed; null: still in force.</param>
/// <param name="Region">Governs only lines of this region, compared letter by letter; null: all.</param>
/// <param name="Ladder">What follows the deadline; empty: nobody knows.</param>
public sealed record RuleVersion(
    string Version,
    LocalDate From,
    LocalDate? To,
    Cohort? Cohort,
    string? Region,
    Source Source,
    IReadOnlyList<Clock> Clocks,
    IReadOnlyList<LadderStage> Ladder,
    Limits Limits)
{
    /// <returns>Null if this version has no such clock.</returns>
    public Clock? FindClock(string id)
    {
        for (var i = 0; i < Clocks.Count; i++)
        {
            if (Clocks[i].Id == id) return Clocks[i];
        }

        return null;
    }

    /// <summary>The clock that a word of the carrier means when it names none: the first of kind validity.</summary>
    public Clock? FirstValidityClock()
    {
        for (var i = 0; i < Clocks.Count; i++)
        {
            if (Clocks[i].Kind == ClockKind.Validity) return Clocks[i];
        }

        return null;
    }
}

/// <summary>Lines activated in these days, both inclusive; null: open on that side. A line without an activation date is in no cohort.</summary>
public sealed record Cohort(LocalDate? ActivatedFrom, LocalDate? ActivatedTo);

/// <summary>Where a rule was read and how sure it is; shown wherever one of its dates is shown.</summary>
public sealed record Source(string Title, string? Url, LocalDate CheckedOn, Confidence Confidence);

/// <summary>What the carrier accepts. A top-up outside is flagged and counts all the same: it happened.</summary>
/// <param name="MinTopUp">In the product's currency, like the next two.</param>
/// <param name="MaxPerMonth">Of all top-ups in one local calendar month.</param>
/// <param name="MaxRemaining">How far from the day of an extension a validity may reach.</param>
public sealed record Limits(decimal? MinTopUp, decimal? MaxTopUp, decimal? MaxPerMonth, Term? MaxRemaining)
{
    public static readonly Limits None = new(null, null, null, null);
}
