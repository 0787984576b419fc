using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Sums
{
    private const string First = ",'firstDayCounts':true";

    private static ClockChange Moved(string extension, string clock = First, string version = "") =>
        Ask(Pack(Version(Clock(extends: extension, more: clock), version)), "2027-01-01", Activated("2026-01-01"), TopUp("2026-01-10")).Change("t");

    // "D + n days; months and years by the calendar, the day clamped to the last of the month."
    [Theory]
    [InlineData("2026-01-31", "1 month", "2026-02-28")]
    [InlineData("2028-01-31", "1 month", "2028-02-29")]
    [InlineData("2028-02-29", "1 year", "2029-02-28")]
    [InlineData("2028-02-29", "4 year", "2032-02-29")]
    [InlineData("2026-10-31", "6 month", "2027-04-30")]
    [InlineData("2026-12-31", "1 day", "2027-01-01")]
    [InlineData("2026-12-31", "2 month", "2027-02-28")]
    [InlineData("2026-11-30", "0 month", "2026-11-30")]
    public void A_term_is_added_by_the_calendar(string on, string length, string endsOn) =>
        Assert.Equal(Date(endsOn), Ask(Pack(Version(Clock(length: length))), "2030-01-01", Activated(on)).EndsOn);

    // "With firstDayCounts every sum from D is one day earlier: length ..."
    [Theory]
    [InlineData("30 day", "2026-01-30")]
    [InlineData("1 month", "2026-01-31")]
    [InlineData("0 day", "2025-12-31")]
    public void With_the_first_day_a_length_ends_a_day_earlier(string length, string endsOn) =>
        Assert.Equal(Date(endsOn), Ask(Pack(Version(Clock(length: length, more: First))), "2026-02-01", Activated("2026-01-01")).EndsOn);

    // "... N ...; C + N is not." The clock ends on 30 January.
    [Theory]
    [InlineData("reset", "2026-02-08")]
    [InlineData("add", "2026-03-01")]
    [InlineData("max", "2026-02-08")]
    [InlineData("afterPlan", "2026-02-08")] // No plan: D + N.
    public void With_the_first_day_a_term_from_the_entry_ends_a_day_earlier(string combine, string after) =>
        Assert.Equal(Date(after), Moved(Extend("topUp", "30 day", combine)).After);

    // "wastedDays: ... the whole of N in days from D": a term of ten days that changes nothing wastes ten, whatever the first day counts for.
    [Fact]
    public void With_the_first_day_a_max_wastes_no_less()
    {
        var change = Moved(Extend("topUp", "10 day", "max"));

        Assert.Equal((Date("2026-01-30"), 10), (change.After, change.WastedDays));
    }

    // "C + N is not", nor is the end of a plan + N: it is no sum from D.
    [Fact]
    public void With_the_first_day_a_term_after_a_plan_does_not_end_earlier()
    {
        var pack = Pack(Version(Clock("plan", "plan", length: "30 day") + "," + Clock(extends: Extend("topUp", "10 day", "afterPlan"), more: First)));

        Assert.Equal(Date("2026-02-10"), Ask(pack, "2026-01-11", Activated("2026-01-01"), TopUp("2026-01-10")).Change("t").After);
    }

    // The same: the month that D + N is in may be the one before.
    [Theory]
    [InlineData(First, "2026-01-31")]
    [InlineData("", "2026-02-28")]
    public void With_the_first_day_a_month_can_end_earlier(string clock, string after) =>
        Assert.Equal(Date(after), Moved(Extend("topUp", "22 day", "endOfMonth"), clock).After);

    // "... cap ..."
    [Theory]
    [InlineData(First, "2026-01-29", 10)] // Cut from 8 February to 29 January.
    [InlineData("", "2026-01-30", 10)]
    public void With_the_first_day_a_cap_cuts_a_day_earlier(string clock, string after, int wasted)
    {
        var change = Moved(Extend("topUp", "30 day", more: $",'cap':{TermOf("20 day")}"), clock);

        Assert.Equal((Date(after), wasted), (change.After, change.WastedDays));
    }

    // "... maxRemaining."
    [Theory]
    [InlineData(First, "2026-01-29")]
    [InlineData("", "2026-01-30")]
    public void With_the_first_day_what_may_remain_is_a_day_less(string clock, string after) =>
        Assert.Equal(Date(after), Moved(Extend("topUp", "30 day"), clock, $",'limits':{{'maxRemaining':{TermOf("20 day")}}}").After);

    // "firstDayCounts (of the version that governs)": not of the one that started the clock.
    [Theory]
    [InlineData("", First, "2026-02-11")]
    [InlineData(First, "", "2026-02-12")]
    public void Whether_the_first_day_counts_is_said_by_the_version_that_governs(string of1, string of2, string after)
    {
        var pack = Pack(
            Version(Clock(more: of1), version: "1", effective: Effective("2020-01-01", "2026-01-31")) + "," +
            Version(Clock(extends: Extend("topUp", "10 day"), more: of2), version: "2", effective: Effective("2026-02-01")));

        Assert.Equal(Date(after), Ask(pack, "2026-03-01", Activated("2026-01-20"), TopUp("2026-02-02")).EndsOn);
    }

    // "exact: elapsed time from the entry's instant, or from C's deadline instant (a day is 24 hours; months and years by the calendar at the same
    // local time)."
    [Theory]
    [InlineData("reset", "36 hour", "2026-01-10T18:00:00Z")]
    [InlineData("add", "36 hour", "2026-02-01T14:00:00Z")]
    [InlineData("add", "1 day", "2026-02-01T02:00:00Z")]
    [InlineData("add", "1 month", "2026-02-28T02:00:00Z")]
    [InlineData("add", "1 year", "2027-01-31T02:00:00Z")]
    [InlineData("max", "22 day", "2026-01-31T06:00:00Z")]
    public void An_exact_clock_counts_from_the_instant_of_the_entry_or_of_its_deadline(string combine, string by, string deadline)
    {
        var pack = Pack(Version(Clock(length: "30 day", extends: Extend("topUp", by, combine), more: Ends("exact"))));

        // From 1 January 10:00 to 31 January 10:00 local time; the top-up on 9 January 14:00.
        var standing = Ask(pack, "2026-01-10", Activated("2026-01-01T10:00:00+08:00"), TopUp("2026-01-09T14:00:00+08:00"));

        Assert.Equal(Instant(deadline), standing.DeadlineAt);
    }

    // "hour terms only with exact": then N may be a period in hours too.
    [Theory]
    [InlineData("exact", "2026-01-10T06:00:00Z")]
    [InlineData("endOfDay", null)]
    public void A_period_in_hours_is_a_term_of_an_exact_clock_only(string ends, string? deadline)
    {
        var topUp = TopUp("2026-01-09T14:00:00+08:00") with { Period = new Term(24, TermUnit.Hour) };

        var standing = Ask(Pack(Version(Clock(extends: Extend("topUp", ""), more: Ends(ends)))), "2026-01-09T15:00:00+08:00", topUp);

        Assert.Equal(deadline is null ? null : Instant(deadline), standing.DeadlineAt);
    }

    // "The end date is the local date of the moment before the result."
    [Theory]
    [InlineData("13 hour", "2026-01-01")]
    [InlineData("14 hour", "2026-01-01")] // Midnight.
    [InlineData("15 hour", "2026-01-02")]
    public void An_exact_clock_ends_on_the_date_of_the_moment_before(string length, string endsOn) =>
        Assert.Equal(Date(endsOn), Ask(Pack(Version(Clock(length: length, more: Ends("exact")))), "2026-01-05", Activated("2026-01-01T10:00:00+08:00")).EndsOn);

    // "Instants are compared, not dates": a max that is later by a second on the same date moves the clock.
    [Theory]
    [InlineData("2026-01-30T09:59:59+08:00", "2026-01-31T02:00:00Z", 1)]
    [InlineData("2026-01-30T10:00:00+08:00", "2026-01-31T02:00:00Z", 1)]
    [InlineData("2026-01-30T10:00:01+08:00", "2026-01-31T02:00:01Z", null)]
    public void Exact_ends_are_compared_as_instants(string at, string deadline, int? wasted)
    {
        var pack = Pack(Version(Clock(length: "30 day", extends: Extend("topUp", "24 hour", "max"), more: Ends("exact"))));

        var standing = Ask(pack, "2026-01-30T12:00:00+08:00", Activated("2026-01-01T10:00:00+08:00"), TopUp(at));

        Assert.Equal((Instant(deadline), wasted), (standing.DeadlineAt, standing.Change("t").WastedDays));
    }

    // "maxRemaining passes it by."
    [Fact]
    public void What_may_remain_does_not_cut_an_exact_clock()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "30 day"), more: Ends("exact")), $",'limits':{{'maxRemaining':{TermOf("5 day")}}}"));

        Assert.Equal(Date("2026-02-08"), Ask(pack, "2026-02-01", Activated("2026-01-01"), TopUp("2026-01-10")).EndsOn); // Until midnight after it.
    }
}
