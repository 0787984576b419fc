using NodaTime;
using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

/// <summary>
/// Every change of the clocks on the wall from 2024 to 2030 in zones that differ in hour, size and hemisphere (three of them skip a midnight), and some
/// days of zones without any. Expected instants are walked minute by minute.
/// </summary>
public class DaylightSaving
{
    private static readonly Instant From = Instant(2024);
    private static readonly Instant To = Instant(2031);

    // Walking is what takes time here, and every test below looks at the same days; tests of one class run one after the other.
    private static readonly Dictionary<(string Zone, string Change), WalkedTime> Walked = [];

    private static readonly string[] Changing =
    [
        "Europe/London", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Pacific/Auckland",
    ];

    /// <summary>Zone and instant of each change; of zones without one, noon at its meridian on days when others change.</summary>
    public static TheoryData<string, string> Changes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var id in Changing)
            {
                foreach (var change in WalkedTime.Changes(Zone(id), From, To)) data.Add(id, change.ToString());
            }

            foreach (var id in new[] { "Asia/Manila", "Asia/Shanghai" })
            {
                for (var year = 2024; year <= 2030; year++)
                {
                    data.Add(id, $"{year}-03-31T04:00:00Z");
                    data.Add(id, $"{year}-10-27T04:00:00Z");
                }
            }

            return data;
        }
    }

    [Fact]
    public void The_zones_change_twice_a_year_and_skip_some_midnights()
    {
        foreach (var id in Changing) Assert.Equal(14, WalkedTime.Changes(Zone(id), From, To).Count());
        foreach (var id in new[] { "Asia/Manila", "Asia/Shanghai" }) Assert.Empty(WalkedTime.Changes(Zone(id), From, To));

        var skipping = Changing.Where(id => WalkedTime.Changes(Zone(id), From, To).Any(change => Around(Zone(id), change) is var (before, after) &&
            after > before && before.TimeOfDay == LocalTime.Midnight));
        Assert.Equal(["Africa/Cairo", "Asia/Beirut", "America/Santiago"], skipping);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_day_ends_when_its_last_minute_does(string zone, string change)
    {
        var (walked, days) = Walk(zone, change);

        foreach (var day in days)
        {
            var standing = Started(zone, "endOfDay", "1 day", EntryTime.On(day.PlusDays(-1)));

            Assert.Equal((day, walked.EndOf(day)), (standing.EndsOn, standing.DeadlineAt));
        }
    }

    // Before, in, and after a gap or an overlap: skipped, the first instant after the gap; twice, the first of the two.
    [Theory]
    [MemberData(nameof(Changes))]
    public void An_hour_of_the_day_is_the_first_minute_that_shows_it_or_a_later_one(string zone, string change)
    {
        var (walked, _) = Walk(zone, change);

        foreach (var time in Times(zone, change))
        {
            var standing = Started(zone, $"{time:HH:mm}", "1 day", EntryTime.On(time.Date.PlusDays(-1)));

            Assert.Equal((time.Date, walked.First(time)), (standing.EndsOn, standing.DeadlineAt));
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Exact_hours_and_days_are_elapsed_time(string zone, string change)
    {
        (int MinutesBefore, string Length, int Hours)[] terms = [(1, "1 hour", 1), (90, "3 hour", 3), (600, "1 day", 24), (600, "2 day", 48)];
        foreach (var (minutesBefore, length, hours) in terms)
        {
            var at = Instant(change) - Duration.FromMinutes(minutesBefore);
            var standing = Started(zone, "exact", length, EntryTime.At(at));

            var deadline = at + Duration.FromHours(hours);
            Assert.Equal((deadline, WalkedTime.Shown(Zone(zone), deadline - Duration.Epsilon).Date), (standing.DeadlineAt, standing.EndsOn));
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Exact_months_and_years_keep_the_local_time(string zone, string change)
    {
        var (walked, _) = Walk(zone, change);

        foreach (var time in Times(zone, change))
        {
            foreach (var (at, length) in SameTimeBefore(Zone(zone), time))
            {
                var standing = Started(zone, "exact", length, EntryTime.At(at));

                Assert.Equal(walked.First(time), standing.DeadlineAt);
                Assert.Equal(WalkedTime.Shown(Zone(zone), walked.First(time) - Duration.Epsilon).Date, standing.EndsOn);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_plain_date_is_the_first_minute_that_shows_it(string zone, string change)
    {
        var (walked, days) = Walk(zone, change);

        foreach (var day in days)
        {
            Assert.Equal(walked.StartOf(day), EntryTime.On(day).ToInstant(Zone(zone)));
            Assert.Equal(walked.StartOf(day) + Duration.FromHours(5), Started(zone, "exact", "5 hour", EntryTime.On(day)).DeadlineAt);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_stage_of_a_ladder_ends_when_its_last_day_does(string zone, string change)
    {
        const string Ladder = ",'ladder':[{'stage':'grace','length':{'n':1,'unit':'day'}},{'stage':'suspended','length':{'n':1,'unit':'day'}}," +
            "{'stage':'quarantine','length':{'n':2,'unit':'day'}}]";
        var (walked, days) = Walk(zone, change);
        var (end, day) = (days[0].PlusDays(-1), days[0]);

        var stages = Started(zone, "endOfDay", "1 day", EntryTime.On(end.PlusDays(-1)), Ladder).Stages;

        Assert.Equal(
            [
                new StagePeriod(Stage.Grace, walked.EndOf(end), walked.EndOf(day), day),
                new StagePeriod(Stage.Suspended, walked.EndOf(day), walked.EndOf(day.PlusDays(1)), day.PlusDays(1)),
                new StagePeriod(Stage.Quarantine, walked.EndOf(day.PlusDays(1)), walked.EndOf(day.PlusDays(3)), day.PlusDays(3)),
                new StagePeriod(Stage.Lost, walked.EndOf(day.PlusDays(3)), null, null),
            ],
            stages);
        foreach (var period in stages.Skip(1))
        {
            Assert.NotEqual(period.Stage, Started(zone, "endOfDay", "1 day", EntryTime.On(end.PlusDays(-1)), Ladder, period.From - Duration.Epsilon).Stage);
            Assert.Equal(period.Stage, Started(zone, "endOfDay", "1 day", EntryTime.On(end.PlusDays(-1)), Ladder, period.From).Stage);
        }
    }

    private static Standing Started(string zone, string ends, string length, EntryTime at, string more = "", Instant? asOf = null)
    {
        var (n, unit) = length.Split(' ') is [var number, var name] ? (number, name) : throw new ArgumentException(length);
        var pack = Pack(Version(Validity("", $",'ends':'{ends}'", $"{{'n':{n},'unit':'{unit}'}}"), more), zone);

        return Evaluator.Evaluate(pack, new Question("p", [new Entry("a", EntryType.Activated, at)], asOf ?? To));
    }

    /// <summary>What was shown last and what is shown first, as if the last minute went on to the change itself.</summary>
    private static (LocalDateTime Before, LocalDateTime After) Around(DateTimeZone zone, Instant change) =>
        (WalkedTime.Shown(zone, change - Duration.FromMinutes(1)).PlusMinutes(1), WalkedTime.Shown(zone, change));

    /// <summary>The walk around a change; the days on which it happens, in order, with the one before and the one after.</summary>
    private static (WalkedTime Walked, LocalDate[] Days) Walk(string zone, string change)
    {
        var (before, after) = Around(Zone(zone), Instant(change));
        var first = LocalDate.Min(before.Date, after.Date).PlusDays(-1);
        var last = LocalDate.Max(before.Date, after.Date).PlusDays(1);

        if (!Walked.TryGetValue((zone, change), out var walked)) Walked.Add((zone, change), walked = new WalkedTime(Zone(zone), Instant(change)));

        return (walked, [.. Enumerable.Range(0, Period.DaysBetween(first, last) + 1).Select(first.PlusDays)]);
    }

    /// <summary>Local times at both ends, on either side and in the middle of what a change skips or repeats.</summary>
    private static LocalDateTime[] Times(string zone, string change)
    {
        var (before, after) = Around(Zone(zone), Instant(change));
        var (low, high) = before < after ? (before, after) : (after, before);
        var middle = low.PlusMinutes(Period.Between(low, high, PeriodUnits.Minutes).Minutes / 2);

        return [low.PlusMinutes(-1), low, middle, high.PlusMinutes(-1), high, high.PlusMinutes(1)];
    }

    /// <summary>Instants that show the same time so many months or years before, where that day has the same number and shows it.</summary>
    private static IEnumerable<(Instant At, string Length)> SameTimeBefore(DateTimeZone zone, LocalDateTime time)
    {
        foreach (var (months, length) in new[] { (1, "1 month"), (2, "2 month"), (5, "5 month"), (12, "1 year"), (24, "2 year") })
        {
            var before = time.PlusMonths(-months);
            if (before.PlusMonths(months) != time) continue;

            var at = new WalkedTime(zone, before.InUtc().ToInstant(), days: 1).First(before);
            if (WalkedTime.Shown(zone, at) == before) yield return (at, length);
        }
    }

    private static Instant Instant(int year) => NodaTime.Instant.FromUtc(year, 1, 1, 0, 0);

    private static Instant Instant(string text) => RuleSpec.Instant(text);

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];
}
