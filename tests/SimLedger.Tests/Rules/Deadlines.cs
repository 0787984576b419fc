using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class Deadlines
{
    private static Standing Ending(string ends, string zone, string activatedAt, string length, string asOf = "2030-01-01") =>
        Ask(Pack(Version(Validity("", $",'ends':'{ends}'", length)), zone), asOf, Activated(activatedAt));

    private const string OneDay = "{'n':1,'unit':'day'}";

    [Theory]
    [InlineData("Europe/London", "2026-03-28", "2026-03-29T23:00:00Z")] // The day on which summer time begins has 23 hours.
    [InlineData("Europe/London", "2026-10-24", "2026-10-26T00:00:00Z")]
    [InlineData("America/New_York", "2026-03-07", "2026-03-09T04:00:00Z")]
    [InlineData("Asia/Beirut", "2021-03-26", "2021-03-27T22:00:00Z")] // Midnight of the 28th was skipped: the day ends where the gap begins.
    public void The_end_of_a_day_is_the_instant_it_ends(string zone, string day, string deadline) =>
        Assert.Equal(Instant(deadline), Ending("endOfDay", zone, day, OneDay).DeadlineAt);

    [Theory]
    [InlineData("23:59", "2026-01-01", "2026-01-02T15:59:00Z")]
    [InlineData("00:00", "2026-01-01", "2026-01-01T16:00:00Z")]
    public void A_time_of_day_counts_on_the_end_date(string time, string day, string deadline) =>
        Assert.Equal(Instant(deadline), Ending(time, "Asia/Manila", day, OneDay).DeadlineAt);

    [Theory]
    [InlineData("01:30", "2026-03-28", "2026-03-29T01:00:00Z")] // Skipped: the first instant after the gap.
    [InlineData("01:30", "2026-10-24", "2026-10-25T00:30:00Z")] // Twice: the first of the two.
    public void A_time_that_a_clock_change_skips_or_repeats_is_settled(string time, string day, string deadline) =>
        Assert.Equal(Instant(deadline), Ending(time, "Europe/London", day, OneDay).DeadlineAt);

    [Theory]
    [InlineData("{'n':24,'unit':'hour'}", "2026-03-29T11:00:00Z", "2026-03-29")]
    [InlineData("{'n':1,'unit':'day'}", "2026-03-29T11:00:00Z", "2026-03-29")] // A day is 24 hours: noon becomes 12:00 by summer time.
    [InlineData("{'n':1,'unit':'month'}", "2026-04-28T10:00:00Z", "2026-04-28")] // A month keeps the local time.
    [InlineData("{'n':1,'unit':'year'}", "2027-03-28T10:00:00Z", "2027-03-28")]
    public void Exact_counts_elapsed_time_and_months_by_the_calendar(string length, string deadline, string endsOn)
    {
        var standing = Ending("exact", "Europe/London", "2026-03-28T11:00:00Z", length);

        // 28 March 11:00 is winter time; the same local time in April is an hour earlier in UTC.
        Assert.Equal((Instant(deadline), Date(endsOn)), (standing.DeadlineAt, standing.EndsOn));
    }

    [Fact]
    public void Exact_at_midnight_ends_on_the_day_before() =>
        Assert.Equal(Date("2026-01-03"), Ending("exact", "Asia/Manila", "2026-01-01", "{'n':72,'unit':'hour'}").EndsOn);

    [Fact]
    public void Exact_compares_instants_not_dates()
    {
        const string Clock = "{'id':'c','kind':'validity','startsOn':[{'on':'activated'}],'length':{'n':48,'unit':'hour'},'ends':'exact'," +
            "'extendedBy':[{'on':'topUp','by':{'n':24,'unit':'hour'},'combine':'max'}]}";
        var pack = Pack(Version(Clock, ",'limits':{'maxRemaining':{'n':0,'unit':'day'}}"));

        var shorter = Ask(pack, "2026-01-03", Activated("2026-01-01T10:00:00+08:00"), TopUp("2026-01-02T09:59:00+08:00"));
        Assert.Equal((Instant("2026-01-03T02:00:00Z"), 1), (shorter.DeadlineAt, shorter.Entry("t").Changes.Single().WastedDays));

        var longer = Ask(pack, "2026-01-03", Activated("2026-01-01T10:00:00+08:00"), TopUp("2026-01-02T10:01:00+08:00"));
        Assert.Equal((Instant("2026-01-03T02:01:00Z"), null), (longer.DeadlineAt, longer.Entry("t").Changes.Single().WastedDays));
    }

    [Fact]
    public void An_exact_end_at_the_same_instant_is_no_earlier_though_it_is_written_as_the_day_before()
    {
        static string Clock(string ends, string by) => "{'id':'c','kind':'plan','startsOn':[{'on':'activated'}],'length':{'n':9,'unit':'day'}," +
            $"'ends':'{ends}','extendedBy':[{{'on':'topUp','by':{by},'combine':'add'}}]}}";

        var pack = Pack(
            Version(Clock("00:00", "{'n':1,'unit':'day'}"), version: "1", effective: "{'from':'2026-01-01','to':'2026-01-04'}") + "," +
            Version(Clock("exact", "{'n':0,'unit':'hour'}"), version: "2", effective: "{'from':'2026-01-05'}"));

        var standing = Ask(pack, "2026-01-06", Activated("2026-01-01"), TopUp("2026-01-05"));

        Assert.Equal(new ClockChange("c", Date("2026-01-10"), Date("2026-01-09"), null, null, null, "2"), standing.Entry("t").Changes.Single());
        Assert.Equal(Instant("2026-01-09T16:00:00Z"), standing.DeadlineAt);
    }

    [Fact]
    public void What_an_exact_max_wastes_are_the_days_of_its_term_whatever_the_clocks_of_the_zone_do()
    {
        const string Clock = "{'id':'c','kind':'plan','startsOn':[{'on':'activated'}],'length':{'n':240,'unit':'hour'},'ends':'exact'," +
            "'extendedBy':[{'on':'topUp','by':{'n':2,'unit':'day'},'combine':'max'}]}";

        // 48 hours after 23:30 on the 28th it is 00:30 on the 31st: summer time began in between.
        var change = Ask(Pack(Version(Clock), zone: "Europe/London"), "2026-04-01", Activated("2026-03-28"), TopUp("2026-03-28T23:30:00Z"))
            .Entry("t").Changes.Single();

        Assert.Equal(2, change.WastedDays);
    }

    [Fact]
    public void A_clock_no_longer_runs_at_its_deadline()
    {
        var pack = Pack(Version(Validity($"{{'on':'topUp','by':{{'n':5,{Days}}},'combine':'add'}}")));

        Assert.Equal(Date("2026-02-05"), Ask(pack, "2026-03-01", Activated("2026-01-01"), TopUp("2026-01-31T23:59:59+08:00")).EndsOn);
        Assert.Equal(Date("2026-02-06"), Ask(pack, "2026-03-01", Activated("2026-01-01"), TopUp("2026-02-01T00:00:00+08:00")).EndsOn);
    }

    [Fact]
    public void A_whole_day_that_a_zone_skipped_stands_for_the_first_instant_after_it()
    {
        var pack = Pack(Version(Validity("")), zone: "Pacific/Apia");

        Assert.Equal(Date("2012-01-29"), Ask(pack, "2012-01-01", Activated("2011-12-30")).EndsOn);
        Assert.Equal(Instant("2011-12-30T10:00:00Z"), At("2011-12-30").ToInstant(pack.Zone));
    }
}
