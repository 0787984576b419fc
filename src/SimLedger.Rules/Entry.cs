using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules;

/// <summary>What one entry of a line's history is about (rule pack format 1, section 5).</summary>
public enum EntryType { Activated, TopUp, Renewed, Usage, Balance, CarrierStated, Registered, Extended, Voided }

public enum UsageKind { Call, Sms, Mms, Data }

public enum Direction { Out, In }

/// <summary>When something happened: an instant, or a plain local date, which stands for the start of that day in the carrier's zone.</summary>
/// <remarks>Exactly one of the two members is set. Dates are kept as dates: which instant one is depends on the pack's zone.</remarks>
public readonly record struct EntryTime
{
    private EntryTime(LocalDate? date, OffsetDateTime? instant) => (Date, Instant) = (date, instant);

    public LocalDate? Date { get; }

    /// <summary>With the offset as it was written; two writings of one instant are told apart, their order is not.</summary>
    public OffsetDateTime? Instant { get; }

    public static EntryTime On(LocalDate date) => new(date.WithCalendar(CalendarSystem.Iso), null);

    public static EntryTime At(OffsetDateTime instant) => new(null, instant);

    public static EntryTime At(Instant instant) => new(null, instant.WithOffset(Offset.Zero));

    /// <summary>The instant meant, in the zone of the carrier. A midnight, or a whole day, that a clock change skips: the first instant after it.</summary>
    /// <remarks>Never throws: the first and last day of the calendar, which some offset would carry beyond it, stand for its first and last instant.</remarks>
    public Instant ToInstant(DateTimeZone zone)
    {
        if (Date is { } date) return new LocalCalendar(zone).StartOf(date);

        var written = Instant.GetValueOrDefault();
        if (written.Year >= 9999 && written.WithCalendar(CalendarSystem.Iso).Date == LocalDate.MaxIsoValue) return NodaTime.Instant.MaxValue;
        if (written.Year <= -9998 && written.WithCalendar(CalendarSystem.Iso).Date == LocalDate.MinIsoValue) return NodaTime.Instant.MinValue;
        return written.ToInstant();
    }
}

/// <summary>A length of time: n hours, days, calendar months or years; n is 0 or more.</summary>
public readonly record struct Term(int N, TermUnit Unit);

public enum TermUnit { Hour, Day, Month, Year }

/// <summary>One fact of a line's history as the rules see it. Members a fact does not have are null.</summary>
/// <param name="Id">Unique in the history.</param>
/// <param name="Currency">ISO 4217; null means the product's own.</param>
/// <param name="Channel">Code of a channel of the pack.</param>
/// <param name="BalanceAfter">Balance at the carrier after this entry; of a <see cref="EntryType.Balance"/> entry the amount serves too.</param>
/// <param name="EndsOn">Of <see cref="EntryType.CarrierStated"/>, and what a <c>set</c> extension needs.</param>
/// <param name="Clock">Of <see cref="EntryType.CarrierStated"/>: the clock meant, if the carrier named one.</param>
/// <param name="Voids">Of <see cref="EntryType.Voided"/>: the id of the entry it cancels, wherever either stands.</param>
public sealed record Entry(
    string Id,
    EntryType Type,
    EntryTime At,
    decimal? Amount = null,
    string? Currency = null,
    string? Channel = null,
    string? Offer = null,
    string? Promotion = null,
    UsageKind? UsageKind = null,
    Direction? Direction = null,
    bool? Chargeable = null,
    decimal? BalanceAfter = null,
    LocalDate? EndsOn = null,
    string? Clock = null,
    Term? Period = null,
    string? Voids = null);

/// <summary>What is asked of the rules about one line.</summary>
/// <param name="Product">Code of a product of the pack.</param>
/// <param name="ActivatedOn">As stated for the line; null: the first activation of the history serves.</param>
/// <param name="History">In the order of recording; the evaluator sorts by instant itself.</param>
/// <param name="MarginDays">Days kept free before the end date. Default 7.</param>
/// <param name="PrepareDays">Days to prepare before the renew-by date. Default 7.</param>
/// <param name="Channel">Code of the channel that will be used; null: none in mind.</param>
public sealed record Question(
    string Product,
    IReadOnlyList<Entry> History,
    Instant AsOf,
    LocalDate? ActivatedOn = null,
    string? Region = null,
    int MarginDays = 7,
    int PrepareDays = 7,
    string? Channel = null);
