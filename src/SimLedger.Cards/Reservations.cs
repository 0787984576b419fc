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
    /// <summary>Compares what the card held before with what it holds after the new events. The order follows lines and kinds.</summary>
    public static Reservations Of(Card before, IReadOnlyList<CardEvent> events)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(events);

        var (iccid, eid) = (before.Iccid, before.Eid);
        var numbers = before.Lines.Where(line => line.Number is not null).Select(line => (line.Id, Number: line.Number!)).ToList();
        var held = Held(iccid, eid, numbers.Select(line => line.Number));

        foreach (var happened in events)
        {
            if (happened is CardEvent.CardRegistered registered) (iccid, eid) = (registered.Iccid, registered.Eid);
            if (happened is CardEvent.NumberAssigned assigned)
            {
                numbers.RemoveAll(line => line.Id == assigned.LineId);
                numbers.Add((assigned.LineId, assigned.Number));
            }
        }

        var holds = Held(iccid, eid, numbers.Select(line => line.Number));
        return new([.. holds.Except(held)], [.. held.Except(holds)]);
    }

    private static List<Reservation> Held(string? iccid, string? eid, IEnumerable<string> numbers)
    {
        var held = numbers.Select(number => new Reservation(Reservation.Number, number)).ToList();
        if (iccid is not null) held.Add(new(Reservation.Iccid, iccid));
        if (eid is not null) held.Add(new(Reservation.Eid, eid));

        return held;
    }
}
