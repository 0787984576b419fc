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

    /// <summary>Something happened to a line at a time.</summary>
    /// <param name="LineId">May be null where the card has one line.</param>
    public abstract record LineEntry(Guid? LineId, EntryTime At) : CardCommand
    {
        /// <summary>Tells a repetition from a second one. Null: none is known.</summary>
        public string? OrderNumber { get; init; }

        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    public sealed record Activate(Guid? LineId, EntryTime At) : LineEntry(LineId, At);

    public abstract record Pay(Guid? LineId, EntryTime At) : LineEntry(LineId, At)
    {
        public string? Offer { get; init; }

        public string? Promotion { get; init; }

        public Term? Period { get; init; }
    }

    /// <param name="Amount">Face value; above zero.</param>
    /// <param name="Currency">Null: the product's.</param>
    public sealed record TopUp(Guid? LineId, EntryTime At, decimal Amount, string? Currency) : Pay(LineId, At)
    {
        public Money? PricePaid { get; init; }

        /// <summary>In the currency of the amount.</summary>
        public decimal? BalanceAfter { get; init; }
    }

    public sealed record Renew(Guid? LineId, EntryTime At) : Pay(LineId, At)
    {
        public decimal? Amount { get; init; }

        /// <summary>Null where there is an amount: the product's.</summary>
        public string? Currency { get; init; }
    }

    public sealed record StateExpiry(Guid? LineId, EntryTime At, LocalDate EndsOn) : LineEntry(LineId, At)
    {
        public string? Clock { get; init; }
    }

    /// <param name="Amount">Below zero in arrears.</param>
    /// <param name="Currency">Null: the product's.</param>
    public sealed record ObserveBalance(Guid? LineId, EntryTime At, decimal Amount, string? Currency) : LineEntry(LineId, At);

    public sealed record RecordUsage(Guid? LineId, EntryTime At, UsageKind Kind) : LineEntry(LineId, At)
    {
        public Direction? Direction { get; init; }

        public bool? Chargeable { get; init; }

        public Money? Cost { get; init; }

        public bool? Roaming { get; init; }
    }

    public sealed record RegisterIdentity(Guid? LineId, EntryTime At) : LineEntry(LineId, At)
    {
        public string? Method { get; init; }
    }

    /// <summary>At least one of the members says what was seen. An end date and a balance become facts of their own.</summary>
    public sealed record CheckStatus(Guid? LineId, EntryTime At) : LineEntry(LineId, At)
    {
        public Stage? State { get; init; }

        public LocalDate? EndsOn { get; init; }

        public decimal? Balance { get; init; }

        /// <summary>Of the balance; null: the product's.</summary>
        public string? Currency { get; init; }

        public string? Observed { get; init; }
    }

    /// <summary>A state of the card or a line holds from a time on. Repeats silently where it held at that time already.</summary>
    public abstract record Change : CardCommand
    {
        /// <summary>Null: now.</summary>
        public EntryTime? At { get; init; }

        public string? OrderNumber { get; init; }

        public string? Channel { get; init; }

        public string? Source { get; init; }
    }

    /// <param name="Number">E.164, or as it is dialled in the carrier's country.</param>
    public sealed record ChangeNumber(Guid? LineId, string Number) : Change;

    public sealed record ReplaceSim(string Iccid) : Change
    {
        public string? Eid { get; init; }

        public FormFactor? FormFactor { get; init; }
    }

    public sealed record ReportSim(SimCondition Condition) : Change;

    /// <param name="Device">Empty: the SIM is in none.</param>
    public sealed record ChangeDevice(string Device) : Change
    {
        public string? Imei { get; init; }
    }

    /// <param name="Plan">Empty: none.</param>
    public sealed record ChangePlan(Guid? LineId, string Plan) : Change;

    public sealed record ChangeProduct(Guid? LineId, string Product) : Change
    {
        public string? Region { get; init; }
    }

    public sealed record IdentifyCarrier(string Carrier) : Change;

    public sealed record SwitchCarrier(string Carrier) : Change
    {
        public string? Product { get; init; }
    }

    public sealed record DetachLine(Guid? LineId) : Change;

    public sealed record Issue(string Holder) : Change
    {
        public string? Document { get; init; }

        public string? Contact { get; init; }
    }

    public sealed record Return : Change;

    public sealed record Retire : Change;

    public sealed record Reopen : Change;

    /// <param name="Entry">Event id of the entry or change.</param>
    /// <param name="At">When it was found wrong; null: now.</param>
    public sealed record Void(Guid Entry, EntryTime? At = null) : CardCommand;

    /// <summary>Members that are null stay as they are; an empty text or list clears.</summary>
    public sealed record Describe : Change
    {
        public string? Purpose { get; init; }

        public Importance? Importance { get; init; }

        public string? Location { get; init; }

        public IReadOnlyList<string>? Tags { get; init; }
    }

    /// <summary>Members that are null stay as they are; an empty text clears.</summary>
    public sealed record AssignPeople : Change
    {
        public string? Owner { get; init; }

        public string? Custodian { get; init; }
    }

    /// <summary>Replaces the notes; an empty text clears them.</summary>
    public sealed record WriteNotes(string Notes) : Change;

    /// <summary>Description, people and notes in one command; null members stay as they are.</summary>
    public sealed record Amend(Describe Description, AssignPeople People, string? Notes) : Change;
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
