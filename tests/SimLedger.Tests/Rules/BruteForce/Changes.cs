using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>What is told of one entry: each clock that it started or moved, once, by what it did last.</summary>
/// <param name="version">Null: none governs the day.</param>
internal sealed class Changes(RuleVersion? version)
{
    private readonly List<ClockChange> told = [];

    public IReadOnlyList<ClockChange> Told => told;

    /// <param name="before">The line before the entry, automatic moves made.</param>
    /// <param name="after">The line as soon as the clock has moved.</param>
    public void Note(string id, Line before, Line after, int? wasted = null, int? shortened = null, int? drift = null)
    {
        var change = new ClockChange(
            id,
            before.Find(id) is { } old ? before.EndOf(old) : null,
            after.EndOf(after.Find(id)!),
            wasted,
            shortened,
            drift,
            version?.Version);
        var place = told.FindIndex(each => each.Clock == id);
        if (place < 0) told.Add(change);
        else told[place] = change;
    }
}
