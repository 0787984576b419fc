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

    /// <summary>
    /// A state of the card or of one of its lines that holds from a time on. What stands at any time is the last one dated up to then, in
    /// whatever order they were recorded; <see cref="Card"/> folds them so.
    /// </summary>
    public abstract record Change : CardEvent
    {
        /// <summary>
        /// Since when: an instant with the offset of the carrier's zone, of a date its start there. Null: since ever, as of what a card is registered with
        /// and of facts that were stored before they had a time.
        /// </summary>
        public EntryTime? At { get; init; }

        /// <summary>Code of the carrier's channel by which it was done or learned, or its name as it was given.</summary>
        public string? Channel { get; init; }

        /// <summary>Where we know it from.</summary>
        public string? Source { get; init; }

        public string? OrderNumber { get; init; }
    }

    /// <summary>The line's first number, or the one that replaces it from then on.</summary>
    /// <remarks>Personal data lives in types of its own, so that it can be erased without touching other facts.</remarks>
    /// <param name="Number">E.164.</param>
    public sealed record NumberAssigned(Guid LineId, string Number) : Change;

    /// <summary>Another SIM or profile carries the card's lines from then on; what was reported of the old one is past.</summary>
    /// <param name="Eid">Of the chip that holds the profile; null: none, or unknown.</param>
    /// <param name="FormFactor">Null: as before.</param>
    public sealed record SimReplaced(string Iccid, string? Eid, FormFactor? FormFactor) : Change;

    /// <param name="Condition">Of the SIM, not of the number, which lives on.</param>
    public sealed record SimConditionReported(SimCondition Condition) : Change;

    /// <summary>The device that the SIM is in; an empty text: in none.</summary>
    /// <param name="Imei">Serial of the device, 15 digits.</param>
    public sealed record DeviceAssigned(string Device, string? Imei) : Change;

    /// <summary>The carrier's priced package, as it is called; an empty text: none. Rules go by the product.</summary>
    public sealed record PlanChanged(Guid LineId, string Plan) : Change;

    /// <summary>What the rules know the line as, from then on; its history goes with it.</summary>
    /// <param name="Region">Null: as before.</param>
    public sealed record ProductChanged(Guid LineId, string Product, string? Region) : Change;

    /// <summary>It was found out, or corrected, which carrier the card is of; all its history is that carrier's.</summary>
    public sealed record CarrierIdentified(string Carrier) : Change;

    /// <summary>The numbers were ported: a new contract begins, and what happened before moves no date any more.</summary>
    /// <param name="Product">Of all lines at the new carrier; null: unknown.</param>
    public sealed record CarrierSwitched(string Carrier, string? Product) : Change;

    /// <summary>The line is no longer on the card: ended, or moved to another card.</summary>
    public sealed record LineDetached(Guid LineId) : Change;

    /// <summary>The card was handed to its holder. Personal: a snapshot of who that is.</summary>
    /// <param name="Document">Reference of an identity document, never a copy of it.</param>
    public sealed record CardIssued(string Holder, string? Document, string? Contact) : Change;

    public sealed record CardReturned : Change;

    /// <summary>The organisation keeps the card no more: off the due list, its identifiers free for others.</summary>
    public sealed record CardRetired : Change;

    public sealed record CardReopened : Change;

    /// <summary>A fact of one line's history that rules look at. Its id is the id of the stored event.</summary>
    public abstract record LineEntry(Guid LineId, EntryTime At) : CardEvent
    {
        /// <summary>Code of the carrier's channel, or its name as it was given.</summary>
        public string? Channel { get; init; }

        /// <summary>Where we know it from: "sms", "portal", a file's name.</summary>
        public string? Source { get; init; }

        /// <summary>The carrier's or platform's reference: two reports with one are one.</summary>
        public string? OrderNumber { get; init; }
    }

    public sealed record Activated(Guid LineId, EntryTime At) : LineEntry(LineId, At);

    /// <summary>Payments add up: two equal ones are two. What makes one a repetition of another is its order number.</summary>
    public abstract record Payment(Guid LineId, EntryTime At) : LineEntry(LineId, At)
    {
        public string? Offer { get; init; }

        public string? Promotion { get; init; }

        /// <summary>The time that was bought, if the payment says so.</summary>
        public Term? Period { get; init; }
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

    /// <summary>The number was used.</summary>
    public sealed record UsageRecorded(Guid LineId, EntryTime At, UsageKind Kind) : LineEntry(LineId, At)
    {
        /// <summary>Null: not known, like the members below.</summary>
        public Direction? Direction { get; init; }

        /// <summary>It cost something: often only such use keeps a number.</summary>
        public bool? Chargeable { get; init; }

        public Money? Cost { get; init; }

        /// <summary>Used abroad.</summary>
        public bool? Roaming { get; init; }
    }

    /// <summary>The holder's identity was registered with the carrier.</summary>
    /// <param name="Method">How: "store", "video call".</param>
    public sealed record IdentityRegistered(Guid LineId, EntryTime At, string? Method) : LineEntry(LineId, At);

    /// <summary>Somebody looked at the carrier's side. An end date or a balance seen with it are facts of their own.</summary>
    /// <param name="State">The stage that the carrier shows; null: it shows none.</param>
    /// <param name="Observed">What was seen, in words.</param>
    public sealed record StatusChecked(Guid LineId, EntryTime At, Stage? State, string? Observed) : LineEntry(LineId, At);

    /// <summary>The entry never happened, or not so. A void is not voided: who voided by mistake enters the entry again.</summary>
    /// <param name="Entry">Event id of the entry or change.</param>
    /// <param name="At">When it was found wrong. The entry counts at no time, before or after.</param>
    public sealed record EntryVoided(Guid Entry, EntryTime At) : CardEvent;

    /// <summary>Members that are null stay as they were; an empty text or list clears.</summary>
    public sealed record CardDescribed : Change
    {
        public string? Purpose { get; init; }

        public Importance? Importance { get; init; }

        public string? Location { get; init; }

        /// <summary>All tags the card has from now on.</summary>
        public IReadOnlyList<string>? Tags { get; init; }

        public bool Equals(CardDescribed? other) =>
            base.Equals(other) && (Purpose, Importance, Location) == (other.Purpose, other.Importance, other.Location) &&
            (Tags is null ? other.Tags is null : other.Tags is not null && Tags.SequenceEqual(other.Tags));

        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Purpose, Importance, Location, Tags?.Count);
    }

    /// <summary>Personal. Members that are null stay as they were; an empty text clears.</summary>
    public sealed record PeopleAssigned : Change
    {
        /// <summary>Who must act.</summary>
        public string? Owner { get; init; }

        /// <summary>Who has the card.</summary>
        public string? Custodian { get; init; }
    }

    /// <summary>Personal, because people write names into notes. Replaces the notes before; empty clears.</summary>
    public sealed record NotesWritten(string Notes) : Change;

    /// <summary>What time alone brought about, noted by us for the audit. Rules and deciders ignore notes.</summary>
    /// <param name="Clock">Of the carrier's rules: the one whose end it was.</param>
    /// <param name="DeadlineAt">The instant after which nothing counted any more.</param>
    public abstract record Note(Guid LineId, string Clock, Instant DeadlineAt) : CardEvent;

    /// <summary>The deadline passed and nothing was done.</summary>
    public sealed record Lapsed(Guid LineId, string Clock, Instant DeadlineAt) : Note(LineId, Clock, DeadlineAt);

    /// <summary>What followed the deadline is over too: the number is gone.</summary>
    public sealed record Lost(Guid LineId, string Clock, Instant DeadlineAt) : Note(LineId, Clock, DeadlineAt);

    /// <summary>By what is known now, the lapse was none.</summary>
    public sealed record LapseWithdrawn(Guid LineId, string Clock, Instant DeadlineAt) : Note(LineId, Clock, DeadlineAt);

    /// <summary>By what is known now, the number was not lost.</summary>
    public sealed record LossWithdrawn(Guid LineId, string Clock, Instant DeadlineAt) : Note(LineId, Clock, DeadlineAt);
}

public enum FormFactor { Physical, Esim }

/// <summary>Of the SIM. One of which nobody said anything is in order.</summary>
public enum SimCondition { InOrder, Lost, Damaged }

/// <summary>Orders the due list. A card of which nobody said anything is <see cref="Normal"/>.</summary>
public enum Importance { Normal, High, Critical }

/// <summary>An event with what its envelope says of it: the id by which it is voided and explained, and its place in the card's stream.</summary>
/// <param name="Version">1, 2, 3 … within the stream.</param>
/// <param name="RecordedAt">Null: not recorded yet, but about to be.</param>
public sealed record RecordedFact(Guid EventId, int Version, CardEvent Event, Instant? RecordedAt = null);
