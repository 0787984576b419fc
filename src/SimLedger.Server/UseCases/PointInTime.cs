using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>Which moment is asked about, and from which knowledge. What is null is now.</summary>
/// <param name="AsOf">Valid time: what had happened, or will have, by then.</param>
/// <param name="KnownAt">Recorded time: by the facts recorded and the rules in force then.</param>
internal sealed record PointInTime(EntryTime? AsOf, Instant? KnownAt)
{
    public bool IsNow => AsOf is null && KnownAt is null;

    /// <summary>The members asOf and knownAt of a query; what is wrong with them is noted there.</summary>
    /// <param name="zone">Whose day a date of asOf means, for people.</param>
    public static PointInTime Read(RequestQuery query, Instant now, string zone = "the carrier's zone")
    {
        var asOf = query.Time("asOf", zone);
        var knownAt = query.Moment("knownAt") is { } moment ? Instant.FromDateTimeOffset(moment) : (Instant?)null;
        if (knownAt > now) query.Wrong("knownAt", ValueCode.OutOfRange, "It is still to come: what will be known then is not known. Give a moment that is past; asOf may be one to come.");
        return new PointInTime(asOf, knownAt);
    }

    /// <summary>The instant asked about.</summary>
    public Instant InstantAt(DateTimeZone zone, Instant now) => AsOf?.ToInstant(zone) ?? now;
}
