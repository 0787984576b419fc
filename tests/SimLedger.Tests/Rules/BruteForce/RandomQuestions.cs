using System.Globalization;
using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Histories of a few weeks to months, recorded in no order, and an instant to ask about.</summary>
internal sealed class RandomQuestions(Draw draw, Season season)
{
    private static readonly IReadOnlyList<EntryType> Types =
    [
        EntryType.Activated, EntryType.TopUp, EntryType.TopUp, EntryType.TopUp, EntryType.TopUp, EntryType.Renewed, EntryType.Renewed, EntryType.Usage,
        EntryType.Usage, EntryType.Balance, EntryType.CarrierStated, EntryType.Registered, EntryType.Extended, EntryType.Extended, EntryType.Voided,
    ];

    private static readonly IReadOnlyList<LocalTime> Times =
    [
        LocalTime.Midnight, new LocalTime(0, 0, 30), new LocalTime(0, 30), new LocalTime(1, 59, 59), new LocalTime(2, 30), new LocalTime(12, 0),
        new LocalTime(18, 0), new LocalTime(23, 0), new LocalTime(23, 30), LocalTime.MaxValue,
    ];

    private readonly DateTimeZone zone = DateTimeZoneProviders.Tzdb[season.Zone];

    public Question Question()
    {
        var day = draw.Near(season.Day, 150, -10);
        var first = day;
        var history = new List<Entry>();
        var count = draw.Between(0, 14);
        for (var i = 0; i < count; i++)
        {
            var at = i > 0 && draw.Chance(8) ? history[^1].At : Time(day);
            history.Add(i == 0 && draw.Chance(70) ? new Entry("e0", EntryType.Activated, at) : Entry(i, at, day, count));
            day = draw.Chance(3) ? draw.Near(day.PlusYears(1), 10, 10) : draw.Near(day, draw.One(0, 0, 0, 0, 0, 20), draw.One(0, 3, 10, 30));
        }

        if (draw.Chance(40)) history = [.. history.OrderBy(_ => draw.Between(0, 1_000))];
        var asked = draw.Chance(10) ? draw.Near(first, 5, 60) : draw.Near(day, draw.One(0, 0, 10), draw.One(3, 30, 120));
        return new Question(
            RandomPacks.Product,
            history,
            At(asked, draw.One(Times)),
            draw.Chance(35) ? draw.Near(first, 40, 20) : null,
            draw.One(null, "north", "south"),
            draw.One(0, 3, 7, 14),
            draw.One(0, 7, 10),
            draw.One(null, "web", "shop", "agent", "unheard-of"));
    }

    private Entry Entry(int number, EntryTime at, LocalDate day, int count)
    {
        var type = draw.One(Types);
        var hasAmount = type is not EntryType.Voided && draw.Chance(type is EntryType.TopUp or EntryType.Balance ? 90 : 40);
        return new Entry(
            $"e{number}",
            type,
            at,
            hasAmount ? Amount() : null,
            draw.Chance(8) ? "USD" : draw.Chance(30) ? RandomPacks.Currency : null,
            draw.One(null, "web", "shop", "agent", "elsewhere"),
            draw.One(null, null, "o1", "o2", "gone"),
            draw.One(null, "PLUS", "PLUS", "MORE", "OTHER"),
            type is EntryType.Usage || draw.Chance(5) ? draw.One<UsageKind?>(null, UsageKind.Call, UsageKind.Sms, UsageKind.Mms, UsageKind.Data) : null,
            type is EntryType.Usage || draw.Chance(5) ? draw.One<Direction?>(null, Direction.Out, Direction.Out, Direction.In) : null,
            type is EntryType.Usage || draw.Chance(5) ? draw.One<bool?>(null, true, true, false) : null,
            draw.Chance(20) ? Amount() : null,
            type is EntryType.CarrierStated || draw.Chance(25) ? draw.Near(day, 20, 60) : null,
            type is EntryType.CarrierStated && draw.Chance(50) ? draw.One("load", "credit", "idle", "plan", "empty", "stated", "unheard-of") : null,
            draw.Chance(50) ? Period() : null,
            type is EntryType.Voided ? $"e{draw.Between(0, count)}" : null);
    }

    private decimal Amount() => draw.Chance(10) ? -5 : decimal.Parse(draw.One(RandomTerms.Amounts), CultureInfo.InvariantCulture);

    private Term Period() => draw.Chance(15)
        ? new Term(draw.One(0, 5, 24, 100), TermUnit.Hour)
        : new Term(draw.One(0, 1, 3, 7, 30), draw.One(TermUnit.Day, TermUnit.Day, TermUnit.Day, TermUnit.Month));

    private EntryTime Time(LocalDate day)
    {
        if (draw.Chance(40)) return EntryTime.On(day);

        var instant = At(day, draw.One(Times));
        return EntryTime.At(instant.WithOffset(draw.One(zone.GetUtcOffset(instant), Offset.Zero, Offset.FromHours(8), Offset.FromHoursAndMinutes(-9, -30))));
    }

    private Instant At(LocalDate day, LocalTime time) => draw.One(zone.AtLeniently(day.At(time)).ToInstant(), day.At(time).InUtc().ToInstant());
}
