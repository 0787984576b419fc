using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Cards;

/// <summary>
/// What somebody wants recorded. Values are as they were sent: the decider checks them all, and names a member at fault by its
/// camel-case path. Blank texts count as not sent, except where an empty one clears.
/// </summary>
public abstract record CardCommand
{
    private CardCommand() { }

    /// <summary>A card with its lines, one to eight. With a number, an ICCID or an EID at least.</summary>
    public sealed record Register(IReadOnlyList<NewLine> Lines) : CardCommand
    {
        /// <summary>Code of a carrier, or its name as it was given.</summary>
        public string? Carrier { get; init; }

        public FormFactor? FormFactor { get; init; }

        public string? Iccid { get; init; }

        public string? Eid { get; init; }

        public Describe Description { get; init; } = new();

        public AssignPeople People { get; init; } = new();

        public string? Notes { get; init; }
    }

    public sealed record AttachLine(NewLine Line) : CardCommand;

    public sealed record Activate(Guid? LineId, EntryTime At) : CardCommand
    {
        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    /// <param name="LineId">May be null where the card has one line.</param>
    /// <param name="Amount">Face value; above zero.</param>
    /// <param name="Currency">Null: the product's.</param>
    public sealed record TopUp(Guid? LineId, EntryTime At, decimal Amount, string? Currency) : CardCommand
    {
        public Money? PricePaid { get; init; }

        /// <summary>In the currency of the amount.</summary>
        public decimal? BalanceAfter { get; init; }

        public string? Offer { get; init; }

        public string? Promotion { get; init; }

        public Term? Period { get; init; }

        public string? OrderNumber { get; init; }

        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    public sealed record Renew(Guid? LineId, EntryTime At) : CardCommand
    {
        public decimal? Amount { get; init; }

        /// <summary>Null where there is an amount: the product's.</summary>
        public string? Currency { get; init; }

        public string? Offer { get; init; }

        public string? Promotion { get; init; }

        public Term? Period { get; init; }

        public string? OrderNumber { get; init; }

        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    public sealed record StateExpiry(Guid? LineId, EntryTime At, LocalDate EndsOn) : CardCommand
    {
        public string? Clock { get; init; }

        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    /// <param name="Amount">Below zero in arrears.</param>
    /// <param name="Currency">Null: the product's.</param>
    public sealed record ObserveBalance(Guid? LineId, EntryTime At, decimal Amount, string? Currency) : CardCommand
    {
        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    /// <param name="Entry">Event id of the entry.</param>
    /// <param name="At">When it was found wrong; null: now.</param>
    public sealed record Void(Guid Entry, EntryTime? At = null) : CardCommand;

    /// <summary>Members that are null stay as they are; an empty text or list clears.</summary>
    public sealed record Describe : CardCommand
    {
        public string? Purpose { get; init; }

        public Importance? Importance { get; init; }

        public string? Location { get; init; }

        public IReadOnlyList<string>? Tags { get; init; }
    }

    /// <summary>Members that are null stay as they are; an empty text clears.</summary>
    public sealed record AssignPeople : CardCommand
    {
        public string? Owner { get; init; }

        public string? Custodian { get; init; }
    }

    /// <summary>Replaces the notes; an empty text clears them.</summary>
    public sealed record WriteNotes(string Notes) : CardCommand;
}

/// <summary>A number to be on a card. Its id is made by the caller.</summary>
public sealed record NewLine(Guid LineId)
{
    public string? Number { get; init; }

    public string? Product { get; init; }

    public string? Region { get; init; }

    /// <summary>In the carrier's zone.</summary>
    public LocalDate? ActivatedOn { get; init; }
}
