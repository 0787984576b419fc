using NodaTime;

namespace SimLedger.Rules.Evaluating;

/// <summary>What is known of a line after the entries taken so far.</summary>
internal sealed class LineState
{
    private RuleVersion? firstToGovern;
    private bool othersGovernedToo;

    /// <summary>Every clock that ever started, in the order they first did; within one entry in the order of the version.</summary>
    public List<ClockRun> Clocks { get; private init; } = [];

    /// <summary>As observed. Filters and arrears look at this one.</summary>
    public decimal? Balance { get; private set; }

    public LocalDate BalanceOn { get; private set; }

    public Instant BalanceAt { get; private set; }

    /// <summary>Taken by automatic extensions since the balance was observed.</summary>
    public decimal Deducted { get; set; }

    public LineState Copy()
    {
        var copy = new LineState
        {
            Balance = Balance,
            BalanceOn = BalanceOn,
            BalanceAt = BalanceAt,
            Deducted = Deducted,
            firstToGovern = firstToGovern,
            othersGovernedToo = othersGovernedToo,
        };
        foreach (var run in Clocks) copy.Clocks.Add(run.Copy());
        return copy;
    }

    public void ObserveBalance(decimal balance, in TakenEntry entry) =>
        (Balance, BalanceOn, BalanceAt, Deducted) = (balance, entry.On, entry.At, 0);

    public void GovernedBy(RuleVersion version)
    {
        firstToGovern ??= version;
        othersGovernedToo |= !ReferenceEquals(firstToGovern, version);
    }

    /// <summary>The version that governed first, and whether others did too: all that a change of version depends on.</summary>
    public (RuleVersion? First, bool OthersToo) Governed => (firstToGovern, othersGovernedToo);

    /// <summary>Whether a version other than this one governed an entry before.</summary>
    public bool GovernedByOtherThan(RuleVersion version) =>
        othersGovernedToo || (firstToGovern is not null && !ReferenceEquals(firstToGovern, version));

    public ClockRun? FindClock(string id)
    {
        foreach (var run in Clocks)
        {
            if (run.Id == id) return run;
        }

        return null;
    }

    /// <summary>The clock's end date wherever it is looked at: not before the end of the clock that holds it.</summary>
    public LocalDate EndOf(ClockRun run) =>
        HolderOf(run) is { } holder && holder.End > run.End ? holder.End : run.End;

    /// <summary>The clock's deadline wherever it is looked at. Its end may rest on one clock and its deadline on another: each is the later one.</summary>
    public Instant DeadlineOf(ClockRun run) =>
        HolderOf(run) is { } holder && holder.Deadline > run.Deadline ? holder.Deadline : run.Deadline;

    /// <summary>The clock with the earliest deadline of those started and not stopped; a tie goes to the one that first started first.</summary>
    public ClockRun? Binding()
    {
        ClockRun? binding = null;
        foreach (var run in Clocks)
        {
            if (!run.Stopped && (binding is null || DeadlineOf(run) < DeadlineOf(binding))) binding = run;
        }

        return binding;
    }

    /// <summary>Keeps what an entry finds, so that the order of its clocks cannot matter to what "before the entry" means.</summary>
    public void RememberEnds()
    {
        foreach (var run in Clocks) run.Remember(EndOf(run), DeadlineOf(run));
    }

    private ClockRun? HolderOf(ClockRun run) =>
        run.NotBefore is { } id && FindClock(id) is { Stopped: false } holder ? holder : null;
}
