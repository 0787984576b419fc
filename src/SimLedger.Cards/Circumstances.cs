using NodaTime;

namespace SimLedger.Cards;

/// <summary>What a decision needs to know besides the card and the command.</summary>
/// <param name="Now">The clock is an argument.</param>
/// <param name="CarrierZone">Dates are local dates of this zone. Null: the carrier is unknown, and UTC serves.</param>
/// <param name="ProductCurrency">Serves where a command names no currency. Null: the line's product is unknown, and the command must name one.</param>
/// <param name="Country">The carrier's, ISO 3166-1 alpha-2, for numbers as they are dialled there. Null: only E.164 is taken.</param>
public sealed record Circumstances(Instant Now, DateTimeZone? CarrierZone = null, string? ProductCurrency = null, string? Country = null)
{
    public DateTimeZone Zone => CarrierZone ?? DateTimeZone.Utc;

    public LocalDate Today => Now.InZone(Zone).Date;
}
