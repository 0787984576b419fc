using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section7Automatic
{
    // "While the last known balance was observed not after the clock's deadline."
    [Theory]
    [InlineData("2026-01-31T23:59:59+08:00", "2026-03-02")]
    [InlineData("2026-02-01T00:00:00+08:00", "2026-03-02")] // At the deadline.
    [InlineData("2026-02-01T00:00:01+08:00", "2026-01-31")]
    public void A_balance_pays_if_it_was_seen_not_after_the_deadline(string seenAt, string endsOn) =>
        Assert.Equal(Date(endsOn), Ask(Pack(Version(Clock(more: Auto()))), "2026-02-10", Activated("2026-01-01"), Balance(seenAt, 20)).EndsOn);

    // "And, less the line's deductions so far, is at least balanceAtLeast ... and deduct is deducted."
    [Theory]
    [InlineData(19.99, "2026-01-31", 19.99)]
    [InlineData(20, "2026-03-02", 15)]
    [InlineData(24.99, "2026-03-02", 19.99)]
    [InlineData(25, "2026-04-01", 15)]
    public void It_moves_while_the_balance_less_what_was_deducted_is_enough(double balance, string endsOn, double left)
    {
        var standing = Ask(Pack(Version(Clock(more: Auto(deduct: "5")))), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", (decimal)balance));

        Assert.Equal((Date(endsOn), (decimal)left), (standing.EndsOn, standing.Balance!.Amount));
    }

    // A move may take more than is needed: the balance told goes below zero, and what was seen was no arrears.
    [Fact]
    public void A_move_may_deduct_more_than_is_left()
    {
        var pack = Pack(Version(Clock(more: Auto(atLeast: "5", deduct: "20"))));

        var standing = Ask(pack, "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 10));

        Assert.Equal((Date("2026-03-02"), -10m), (standing.EndsOn, standing.Balance!.Amount));
        Assert.Equal([Flag.DependsOnBalance], standing.Flags);
    }

    // "And maxTimes moves since its last other move are not used up."
    [Theory]
    [InlineData(0, "2026-01-31")]
    [InlineData(1, "2026-03-02")]
    [InlineData(2, "2026-04-01")]
    public void It_moves_no_more_often_than_allowed(int most, string endsOn) =>
        Assert.Equal(
            Date(endsOn),
            Ask(Pack(Version(Clock(more: Auto(more: $",'maxTimes':{most}")))), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 999)).EndsOn);

    // "... since its last other move": of steps 3 and 7 together, until the rule moves it.
    [Fact]
    public void Moves_at_an_entry_are_counted_with_those_after_it()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "1 day", "max"), more: Auto(more: ",'maxTimes':2"))));
        Entry[] history = [Activated("2026-01-01"), Balance("2026-01-02", 999), Used("2026-02-10")];

        Assert.Equal(Date("2026-04-01"), Ask(pack, "2026-02-12", history).EndsOn);

        // A max that changes nothing is a move as well: from 2 March on it is twice again.
        Assert.Equal(Date("2026-05-01"), Ask(pack, "2026-02-12", [.. history, TopUp("2026-02-11")]).EndsOn);
    }

    // "Its end becomes C + by": month by month, each clamped.
    [Fact]
    public void Each_move_starts_from_the_end_before_it() =>
        Assert.Equal(
            Date("2026-03-28"),
            Ask(Pack(Version(Clock(more: Auto("1 month")))), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 40)).EndsOn);

    // "C + by", where C is the end as it is looked at; "observed not after the clock's deadline", the same.
    [Theory]
    [InlineData("2026-01-02", "2026-02-05")]
    [InlineData("2026-01-20", "2026-02-05")]
    [InlineData("2026-02-02", "2026-01-31")]
    public void A_held_clock_moves_from_where_it_is_held(string seenAt, string endsOn)
    {
        var clocks = Clock(length: "10 day", more: Auto("5 day") + ",'notBefore':'plan'") + "," + Clock("plan", "plan");

        Assert.Equal(Date(endsOn), Ask(Pack(Version(clocks)), "2026-02-03", Activated("2026-01-01"), Balance(seenAt, 20)).Clock("c").EndsOn);
    }

    // "Clocks with autoExtend, in the order they first started": that of the line, not that of the version.
    [Fact]
    public void The_clock_that_first_started_is_paid_for_first()
    {
        var clocks = Clock("late", starts: "renewed", more: Auto()) + "," + Clock("early", more: Auto());

        var standing = Ask(Pack(Version(clocks)), "2026-01-05", Activated("2026-01-01"), Renewed("2026-01-02"), Balance("2026-01-03", 20));

        Assert.Equal((Date("2026-03-02"), Date("2026-02-01")), (standing.Clock("early").EndsOn, standing.Clock("late").EndsOn));
    }

    // A clock that stopped is none that is looked at: it neither moves nor costs.
    [Fact]
    public void A_stopped_clock_does_not_move()
    {
        var pack = Pack(Version(Clock(more: Auto() + Stops("registered"))));

        var standing = Ask(pack, "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 100), Registered("2026-01-03"));

        Assert.Equal((Date("2026-01-31"), 100m), (standing.Clock("c").EndsOn, standing.Balance!.Amount));
        Assert.Equal([Flag.NotStarted], standing.Flags);
    }

    // "When the binding clock's end rests on automatic moves (here or in step 3) since its last other move, the standing is flagged dependsOnBalance."
    [Fact]
    public void An_end_that_rests_on_moves_at_an_entry_depends_on_the_balance()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "1 day", "max"), more: Auto())));
        Entry[] history = [Activated("2026-01-01"), Balance("2026-01-02", 20), Balance("2026-02-10", 0, "b2")];

        Assert.Equal([Flag.DependsOnBalance], Ask(pack, "2026-02-12", history).Flags);
        Assert.Empty(Ask(pack, "2026-02-12", [.. history, TopUp("2026-02-11")]).Flags);
        Assert.Empty(Ask(pack, "2026-02-12", [.. history, Stated("2026-02-11", "2026-03-02")]).Flags);
    }

    // "At HH:mm" a move keeps the hour of the clock.
    [Fact]
    public void A_move_keeps_the_hour() =>
        Assert.Equal(
            Instant("2026-03-02T04:00:00Z"),
            Ask(Pack(Version(Clock(more: Auto() + Ends("12:00")))), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 20)).DeadlineAt);

    // "The binding clock is, of those started and not stopped, the one with the earliest deadline": an instant, not a date.
    [Theory]
    [InlineData("12:00", "18:00", "a")]
    [InlineData("18:00", "12:00", "b")]
    [InlineData("12:00", "12:00", "a")] // "A tie goes to the one that first started first, within one entry to the first in its version."
    public void The_earliest_deadline_binds(string a, string b, string binding) =>
        Assert.Equal(binding, Ask(Pack(Version(Clock("a", more: Ends(a)) + "," + Clock("b", more: Ends(b)))), "2026-01-05", Activated("2026-01-01")).Clock);

    // "... to the one that first started first": a restart does not change the order.
    [Fact]
    public void A_clock_started_anew_keeps_its_place()
    {
        var clocks = Clock("b", starts: "activated,renewed", more: Stops("registered")) + "," + Clock("a", extends: Extend("renewed", "30 day"));

        var standing = Ask(Pack(Version(clocks)), "2026-01-05", Activated("2026-01-01"), Registered("2026-01-02"), Renewed("2026-01-03"));

        Assert.Equal((Date("2026-02-02"), "b"), (standing.EndsOn, standing.Clock));
    }
}
