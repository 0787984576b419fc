namespace SimLedger.Cards;

/// <summary>An identifier that only one live card of the organisation may hold.</summary>
/// <param name="Kind">One of the names below; stored.</param>
public sealed record Reservation(string Kind, string Value)
{
    public const string Number = "number";
    public const string Iccid = "iccid";
    public const string Eid = "eid";
}

/// <summary>What an append must reserve and set free along with its events.</summary>
public sealed record Reservations(IReadOnlyList<Reservation> Taken, IReadOnlyList<Reservation> GivenBack)
{
    /// <summary>Compares what the card held before its new facts with what it holds after them. The order follows kinds and lines.</summary>
    public static Reservations Of(Card before, Card after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);

        var (held, holds) = (HeldBy(before), HeldBy(after));
        return new([.. holds.Except(held)], [.. held.Except(holds)]);
    }

    /// <summary>A retired card holds nothing, a detached line not its number: both are free for another card.</summary>
    private static List<Reservation> HeldBy(Card card)
    {
        List<Reservation> held = [];
        if (card.IsRetired) return held;

        foreach (var line in card.Lines)
        {
            if (!line.IsDetached && line.Number is { } number) held.Add(new(Reservation.Number, number));
        }

        if (card.Iccid is { } iccid) held.Add(new(Reservation.Iccid, iccid));
        if (card.Eid is { } eid) held.Add(new(Reservation.Eid, eid));
        return held;
    }
}
