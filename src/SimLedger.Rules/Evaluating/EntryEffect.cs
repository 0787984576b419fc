namespace SimLedger.Rules.Evaluating;

/// <summary>What one entry did, as it is found out step by step.</summary>
internal sealed class EntryEffect
{
    private List<ClockChange>? changes;

    public bool TooLate { get; set; }

    public bool OutsideLimits { get; set; }

    public bool HasChanges => changes is not null;

    public IReadOnlyList<ClockChange> Changes => changes ?? (IReadOnlyList<ClockChange>)[];

    /// <summary>One change a clock: a second one in the same entry keeps what the first found before it.</summary>
    public void Add(ClockChange change)
    {
        changes ??= [];
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Clock != change.Clock) continue;

            changes[i] = change with { Before = changes[i].Before };
            return;
        }

        changes.Add(change);
    }
}
