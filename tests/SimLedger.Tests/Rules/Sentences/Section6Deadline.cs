using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Deadline
{
    // "The end date is the last local day on which an action still counts. endOfDay: the instant that day ends. HH:mm: that local time on the end date."
    [Theory]
    [InlineData("endOfDay", "2026-01-31T16:00:00Z")]
    [InlineData("00:00", "2026-01-30T16:00:00Z")]
    [InlineData("12:34", "2026-01-31T04:34:00Z")]
    public void A_deadline_is_an_instant_of_the_end_date(string ends, string deadline)
    {
        var standing = Ask(Pack(Version(Clock(more: Ends(ends)))), "2026-01-05", Activated("2026-01-01"));

        Assert.Equal((Date("2026-01-31"), Instant(deadline)), (standing.EndsOn, standing.DeadlineAt));
    }

    // "A clock runs while it has started, not stopped, and the instant looked at is before its deadline": so an addition from there on is a reset.
    [Theory]
    [InlineData("2026-01-31T11:59:59+08:00", "2026-02-05")]
    [InlineData("2026-01-31T12:00:00+08:00", "2026-02-05")]
    [InlineData("2026-01-31T12:00:01+08:00", "2026-02-05")]
    [InlineData("2026-01-30T12:00:00+08:00", "2026-02-05")]
    public void An_addition_on_the_end_date_is_a_sum_from_that_day_either_way(string at, string endsOn)
    {
        // C and D are the same day from the deadline on, and C + N is that before it.
        var pack = Pack(Version(Clock(extends: Extend("topUp", "5 day", "add"), more: Ends("12:00"))));

        Assert.Equal(Date(endsOn), Ask(pack, "2026-02-02", Activated("2026-01-01"), TopUp(at)).EndsOn);
    }

    // The same, where it shows: with a cap of no days only a running clock is never cut below C.
    [Theory]
    [InlineData("add", "2026-01-31T11:59:59+08:00", "2026-01-31")]
    [InlineData("max", "2026-01-31T11:59:59+08:00", "2026-01-31")]
    [InlineData("add", "2026-01-31T12:00:00+08:00", "2026-01-30")] // No longer running, so it is cut to D, the first day counted.
    [InlineData("max", "2026-01-31T12:00:00+08:00", "2026-01-30")]
    public void A_clock_runs_until_its_deadline_and_not_at_it(string combine, string at, string endsOn)
    {
        var pack = Pack(Version(Clock(
            length: "31 day", extends: Extend("topUp", "5 day", combine, $",'cap':{TermOf("0 day")}"), more: Ends("12:00") + ",'firstDayCounts':true")));

        Assert.Equal(Date(endsOn), Ask(pack, "2026-02-02", Activated("2026-01-01"), TopUp(at)).EndsOn);
    }

    // "notBefore: wherever the clock's end or deadline is looked at, it is the later of its own and the named clock's own": each for itself.
    [Theory]
    [InlineData("12:00", "18:00", "2026-01-31T10:00:00Z")]
    [InlineData("18:00", "12:00", "2026-01-31T10:00:00Z")]
    public void A_held_clock_has_the_later_end_and_the_later_deadline(string held, string holder, string deadline)
    {
        var clocks = Clock("held", more: Ends(held) + ",'notBefore':'holder'") + "," + Clock("holder", "plan", more: Ends(holder));

        var standing = Ask(Pack(Version(clocks)), "2026-01-05", Activated("2026-01-01"));

        Assert.Equal((Date("2026-01-31"), Instant(deadline)), (standing.Clock("held").EndsOn, standing.Clock("held").DeadlineAt));
    }

    // "... of the named clock's own": a clock that is held up itself hands on no more than its own end.
    [Fact]
    public void What_holds_the_holder_up_does_not_hold_the_held_one()
    {
        var clocks = string.Join(
            ',',
            Clock("a", length: "10 day", more: ",'notBefore':'b'"),
            Clock("b", length: "20 day", more: ",'notBefore':'d'"),
            Clock("d", length: "40 day"));

        var standing = Ask(Pack(Version(clocks)), "2026-01-05", Activated("2026-01-01"));

        Assert.Equal([Date("2026-01-21"), Date("2026-02-10"), Date("2026-02-10")], standing.Clocks.Select(clock => clock.EndsOn));
        Assert.Equal(Instant("2026-01-21T16:00:00Z"), standing.Clock("a").DeadlineAt);
    }

    // "... if that has started and not stopped": it need not run any more.
    [Theory]
    [InlineData(1, "2026-01-31")] // Never started.
    [InlineData(2, "2026-02-10")]
    [InlineData(3, "2026-01-31")] // Stopped.
    public void Only_a_clock_that_started_and_did_not_stop_holds_another_up(int entries, string endsOn)
    {
        var clocks = Clock(more: ",'notBefore':'plan'") + "," + Clock("plan", "plan", "renewed", "36 day", more: Stops("registered"));
        Entry[] history = [Activated("2026-01-01"), Renewed("2026-01-05"), Registered("2026-01-06")];

        Assert.Equal(Date(endsOn), Ask(Pack(Version(clocks)), "2026-03-01", history[..entries]).Clock("c").EndsOn);
    }

    // "Wherever the clock's end or deadline is looked at": binding clock, what runs, the ladder, C.
    [Fact]
    public void A_held_clock_is_looked_at_as_held_wherever_it_is()
    {
        var held = Clock(length: "10 day", extends: Extend("topUp", "1 day", "add"), more: ",'notBefore':'plan'");
        var clocks = held + "," + Clock("plan", "plan", length: "36 day");
        var pack = Pack(Version(clocks, Ladder(Rung("grace", "5 day"))));

        var standing = Ask(pack, "2026-01-20", Activated("2026-01-01"));
        Assert.Equal((Stage.Active, true), (standing.Stage, standing.Clock("c").Running));
        Assert.Equal(new StagePeriod(Stage.Grace, Instant("2026-02-06T16:00:00Z"), Instant("2026-02-11T16:00:00Z"), Date("2026-02-11")), standing.Stages[0]);

        var later = Ask(pack, "2026-02-08", Activated("2026-01-01"));
        Assert.Equal((Stage.Grace, Date("2026-02-11")), (later.Stage, later.StageEndsOn));

        var change = Ask(pack, "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-15")).Change("t");
        Assert.Equal((Date("2026-02-06"), Date("2026-02-07")), (change.Before, change.After));
    }

    // "Wherever": the later of C and D + N is C as it is looked at, and that is what the clock has from then on.
    [Theory]
    [InlineData("exact", "2026-02-06T16:00:00Z")]
    [InlineData("endOfDay", "2026-02-06T16:00:00Z")]
    public void A_max_keeps_the_end_a_clock_was_held_at(string ends, string deadline)
    {
        var held = Clock(extends: Extend("topUp", "1 day", "max"), more: ",'notBefore':'plan'" + Ends(ends));
        var pack = Pack(Version(held + "," + Clock("plan", "plan", length: "36 day", more: Stops("registered"))));

        var standing = Ask(pack, "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-15"), Registered("2026-01-16"));

        Assert.Equal((Date("2026-02-06"), Instant(deadline)), (standing.EndsOn, standing.DeadlineAt));
    }

    // "Wherever": a change is told with the end as it is looked at afterwards.
    [Fact]
    public void A_held_clock_that_is_set_earlier_stays_where_it_is_held()
    {
        var clocks = Clock(more: ",'notBefore':'plan'", extends: Extend("topUp", "5 day")) + "," + Clock("plan", "plan", length: "36 day");

        var change = Ask(Pack(Version(clocks)), "2026-01-20", Activated("2026-01-01"), TopUp("2026-01-15")).Change("t");

        Assert.Equal((Date("2026-02-06"), Date("2026-02-06"), null), (change.Before, change.After, change.ShortenedDays));
    }
}
