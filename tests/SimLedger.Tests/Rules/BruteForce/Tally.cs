namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>How often each sentence of the format had a say: agreement about what never happened proves nothing.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    public void Note(string what) => counts[what] = Of(what) + 1;

    public int Of(string what) => counts.GetValueOrDefault(what);

    public override string ToString() => string.Join('\n', counts.Select(each => FormattableString.Invariant($"{each.Value,8} {each.Key}")));
}
