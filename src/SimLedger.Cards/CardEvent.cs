using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>
/// What has happened to one card: one stream per card. The nested names and members are the stored format
/// (<see cref="CardEventJson"/>): add members as optional, never rename or remove; every type has stored samples in the tests.
/// </summary>
/// <remarks>Facts as observed or done, never results: no computed end date, no balance summed by us. A reason travels in the event's envelope.</remarks>
public abstract record CardEvent
{
    // Private: the nested types are all there are.
    private CardEvent() { }

    /// <param name="Carrier">Code of a carrier, or its name as it was given; null: unknown.</param>
    /// <param name="FormFactor">Null: unknown.</param>
    public sealed record CardRegistered(string? Carrier, FormFactor? FormFactor, string? Iccid, string? Eid) : CardEvent;

    /// <param name="LineId">Unique within the organisation; entries name their line by it.</param>
    /// <param name="ActivatedOn">As stated for the line, in the carrier's zone; null: the first activation among its entries serves.</param>
    public sealed record LineAttached(Guid LineId, string? Product, string? Region, LocalDate? ActivatedOn) : CardEvent;

    /// <summary>The line's first number, or the one that replaces it from then on.</summary>
    /// <remarks>Personal data lives in types of its own, so that it can be erased without touching other facts.</remarks>
    /// <param name="Number">E.164.</param>
    public sealed record NumberAssigned(Guid LineId, string Number) : CardEvent;

    /// <summary>A fact of one line's history that rules look at. Its id is the id of the stored event.</summary>
    public abstract record LineEntry(Guid LineId, EntryTime At) : CardEvent
    {
        /// <summary>Code of the carrier's channel, or its name as it was given.</summary>
        public string? Channel { get; init; }

        /// <summary>Where we know it from: "sms", "portal", a file's name.</summary>
        public string? Source { get; init; }
    }

    public sealed record Activated(Guid LineId, EntryTime At) : LineEntry(LineId, At);

    /// <summary>Payments add up: two equal ones are two. What makes one a repetition of another is its order number.</summary>
    public abstract record Payment(Guid LineId, EntryTime At) : LineEntry(LineId, At)
    {
        public string? Offer { get; init; }

        public string? Promotion { get; init; }

        /// <summary>The time that was bought, if the payment says so.</summary>
        public Term? Period { get; init; }

        public string? OrderNumber { get; init; }
    }

    /// <param name="Amount">Face value, credited at the carrier.</param>
    public sealed record ToppedUp(Guid LineId, EntryTime At, decimal Amount, string Currency) : Payment(LineId, At)
    {
        /// <summary>What was paid for it, where that is not the face value: discounts, fees, another currency.</summary>
        public Money? PricePaid { get; init; }

        /// <summary>As the carrier told, in the currency of the face value; below zero in arrears.</summary>
        public decimal? BalanceAfter { get; init; }
    }

    public sealed record Renewed(Guid LineId, EntryTime At) : Payment(LineId, At)
    {
        /// <summary>Null, like <see cref="Currency"/>, where only the fact is known.</summary>
        public decimal? Amount { get; init; }

        public string? Currency { get; init; }
    }

    /// <summary>The carrier's own word on the end date.</summary>
    /// <param name="EndsOn">Last day, in the carrier's zone.</param>
    public sealed record CarrierStatedExpiry(Guid LineId, EntryTime At, LocalDate EndsOn) : LineEntry(LineId, At)
    {
        /// <summary>Id of the clock of the carrier's rules that is meant; null: its main one.</summary>
        public string? Clock { get; init; }
    }

    /// <param name="Amount">Below zero in arrears.</param>
    public sealed record BalanceObserved(Guid LineId, EntryTime At, decimal Amount, string Currency) : LineEntry(LineId, At);

    /// <summary>The entry never happened, or not so. A void is not voided: who voided by mistake enters the entry again.</summary>
    /// <param name="Entry">Event id of the entry.</param>
    /// <param name="At">When it was found wrong. The entry counts at no time, before or after.</param>
    public sealed record EntryVoided(Guid Entry, EntryTime At) : CardEvent;

    /// <summary>Members that are null stay as they were; an empty text or list clears.</summary>
    public sealed record CardDescribed : CardEvent
    {
        public string? Purpose { get; init; }

        public Importance? Importance { get; init; }

        public string? Location { get; init; }

        /// <summary>All tags the card has from now on.</summary>
        public IReadOnlyList<string>? Tags { get; init; }

        public bool Equals(CardDescribed? other) =>
            other is not null && (Purpose, Importance, Location) == (other.Purpose, other.Importance, other.Location) &&
            (Tags is null ? other.Tags is null : other.Tags is not null && Tags.SequenceEqual(other.Tags));

        public override int GetHashCode() => HashCode.Combine(Purpose, Importance, Location, Tags?.Count);
    }

    /// <summary>Personal. Members that are null stay as they were; an empty text clears.</summary>
    public sealed record PeopleAssigned : CardEvent
    {
        /// <summary>Who must act.</summary>
        public string? Owner { get; init; }

        /// <summary>Who has the card.</summary>
        public string? Custodian { get; init; }
    }

    /// <summary>Personal, because people write names into notes. Replaces the notes before; empty clears.</summary>
    public sealed record NotesWritten(string Notes) : CardEvent;
}

public enum FormFactor { Physical, Esim }

/// <summary>Orders the due list. A card of which nobody said anything is <see cref="Normal"/>.</summary>
public enum Importance { Normal, High, Critical }

/// <summary>An event with what its envelope says of it: the id by which it is voided and explained, and its place in the card's stream.</summary>
/// <param name="Version">1, 2, 3 … within the stream.</param>
public sealed record RecordedFact(Guid EventId, int Version, CardEvent Event);
