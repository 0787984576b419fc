using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>An entry that is taken, with its place in the record, its instant and its local date.</summary>
internal readonly record struct TakenEntry(Entry Entry, int Record, Instant At, LocalDate On);

/// <summary>The entries of a line that are taken, by instant, ties in record order; and what became of the others.</summary>
internal sealed class Timeline
{
    private static readonly Comparison<TakenEntry> ByInstant = (a, b) =>
        a.At.CompareTo(b.At) is var order and not 0 ? order : a.Record.CompareTo(b.Record);

    private Timeline(TakenEntry[] taken, Outcome?[] setAside, Instant? nextLater, decimal?[] balanceKnown) =>
        (Taken, SetAside, NextLater, BalanceKnown) = (taken, setAside, nextLater, balanceKnown);

    public TakenEntry[] Taken { get; }

    /// <summary>By record order: why the entry is not taken; null for one that is.</summary>
    public Outcome?[] SetAside { get; }

    /// <summary>When the first of the entries that are still to come comes due.</summary>
    public Instant? NextLater { get; }

    /// <summary>The last known balance as it was after each entry taken so far; a cumulative filter asks for it again.</summary>
    public decimal?[] BalanceKnown { get; }

    public static Timeline Of(IReadOnlyList<Entry> history, Instant asOf, LocalCalendar calendar, DateTimeZone zone)
    {
        var instants = new Instant[history.Count];
        var setAside = new Outcome?[history.Count];
        for (var i = 0; i < instants.Length; i++) instants[i] = history[i].At.ToInstant(zone);

        for (var i = 0; i < instants.Length; i++)
        {
            if (history[i].Type is not EntryType.Voided) continue;

            // Its own outcome is none even when it is still to come: a void is in no case taken, so it is not set aside either.
            setAside[i] = Outcome.None;
            if (instants[i] <= asOf && history[i].Voids is { } cancelled) Cancel(history, cancelled, setAside);
        }

        Instant? nextLater = null;
        var taken = new TakenEntry[history.Count];
        var count = 0;
        var inOrder = true;
        for (var i = 0; i < instants.Length; i++)
        {
            if (instants[i] > asOf && setAside[i] is not Outcome.Voided)
            {
                setAside[i] ??= Outcome.Later;
                if (nextLater is null || instants[i] < nextLater) nextLater = instants[i];
            }

            if (setAside[i] is not null) continue;

            taken[count++] = new TakenEntry(history[i], i, instants[i], history[i].At.Date ?? calendar.DateOf(instants[i]));
            inOrder &= count == 1 || taken[count - 2].At <= instants[i];
        }

        if (count < taken.Length) Array.Resize(ref taken, count);
        if (!inOrder) Array.Sort(taken, ByInstant);

        return new Timeline(taken, setAside, nextLater, new decimal?[taken.Length]);
    }

    /// <summary>One more entry after some that were taken before.</summary>
    /// <param name="earlier">With the balance known after each.</param>
    public static Timeline Continued(IReadOnlyList<(TakenEntry Taken, decimal? Balance)> earlier, in TakenEntry next)
    {
        var taken = new TakenEntry[earlier.Count + 1];
        var balances = new decimal?[taken.Length];
        for (var i = 0; i < earlier.Count; i++) (taken[i], balances[i]) = earlier[i];
        taken[^1] = next;
        return new Timeline(taken, [], null, balances);
    }

    /// <summary>The date of the first activation; null if none is known.</summary>
    public LocalDate? FirstActivation()
    {
        foreach (ref readonly var taken in Taken.AsSpan())
        {
            if (taken.Entry.Type is EntryType.Activated) return taken.On;
        }

        return null;
    }

    // A void cannot be cancelled; it was or will be given its own outcome.
    private static void Cancel(IReadOnlyList<Entry> history, string id, Outcome?[] setAside)
    {
        for (var i = 0; i < setAside.Length; i++)
        {
            if (history[i].Type is not EntryType.Voided && history[i].Id == id) setAside[i] = Outcome.Voided;
        }
    }
}
