namespace SimLedger.Rules.Evaluating;

/// <summary>Flags raised so far, without repeats.</summary>
internal sealed class FlagSet
{
    private int raised;

    public void Raise(Flag flag) => raised |= 1 << (int)flag;

    /// <summary>Sorted by name: the enumeration is declared in that order, which a test keeps.</summary>
    public IReadOnlyList<Flag> ToList()
    {
        if (raised == 0) return [];

        var flags = new List<Flag>(4);
        for (var bit = 0; raised >> bit != 0; bit++)
        {
            if ((raised >> bit & 1) != 0) flags.Add((Flag)bit);
        }

        return flags;
    }
}
