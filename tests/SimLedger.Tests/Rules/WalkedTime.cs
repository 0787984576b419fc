using NodaTime;

namespace SimLedger.Tests.Rules;

/// <summary>
/// What the clocks on the wall of a zone show, minute by minute over some days around an instant. Found by walking, with nothing of the zone but its
/// offset at an instant, so that it can stand against any arithmetic of dates.
/// </summary>
internal sealed class WalkedTime
{
    private readonly Instant start;
    private readonly LocalDateTime[] shown;

    /// <param name="days">Before the instant and after it.</param>
    public WalkedTime(DateTimeZone zone, Instant around, int days = 5)
    {
        start = around - Duration.FromDays(days);
        shown = new LocalDateTime[2 * days * 24 * 60];
        for (var i = 0; i < shown.Length; i++) shown[i] = Shown(zone, start + Duration.FromMinutes(i));
    }

    public static LocalDateTime Shown(DateTimeZone zone, Instant instant) => instant.WithOffset(zone.GetUtcOffset(instant)).LocalDateTime;

    /// <summary>Instants from which on another offset holds.</summary>
    public static IEnumerable<Instant> Changes(DateTimeZone zone, Instant from, Instant to)
    {
        for (var hour = from; hour < to; hour += Duration.FromHours(1))
        {
            if (zone.GetUtcOffset(hour) == zone.GetUtcOffset(hour + Duration.FromHours(1))) continue;

            var minute = hour;
            while (zone.GetUtcOffset(minute) == zone.GetUtcOffset(hour)) minute += Duration.FromMinutes(1);
            yield return minute;
        }
    }

    /// <summary>The first minute that shows this time or, where it is never shown, a later one.</summary>
    public Instant First(LocalDateTime time) => Minute(Array.FindIndex(shown, minute => minute >= time));

    public Instant StartOf(LocalDate date) => Minute(Array.FindIndex(shown, minute => minute.Date == date));

    /// <summary>The minute after the last one that shows this date.</summary>
    public Instant EndOf(LocalDate date) => Minute(Array.FindLastIndex(shown, minute => minute.Date == date) + 1);

    // Neither the first nor the last minute: what is looked for there may lie outside.
    private Instant Minute(int index) =>
        index > 0 && index < shown.Length ? start + Duration.FromMinutes(index) : throw new InvalidOperationException("Not within these days.");
}
