using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Automatic
{
    private static readonly string Lost = Ladder(Rung("grace", "0 day"));

    // Step 3: "A clock with autoExtend whose deadline is not after that instant moves as in section 7 as long as that is so." Before the entry's own balance.
    [Theory]
    [InlineData("2026-01-31T23:59:59+08:00", "2026-01-31")]
    [InlineData("2026-02-01T00:00:00+08:00", "2026-03-02")] // The deadline itself.
    [InlineData("2026-03-02T23:59:59+08:00", "2026-03-02")]
    [InlineData("2026-03-03T00:00:00+08:00", "2026-04-01")] // Two moves at once.
    public void It_moves_as_long_as_its_deadline_is_not_after_the_entry(string emptiedAt, string endsOn)
    {
        var standing = Ask(Pack(Version(Clock(more: Auto()))), "2026-03-10", Activated("2026-01-01"), Balance("2026-01-02", 100, "b1"), Balance(emptiedAt, 0));

        Assert.Equal(Date(endsOn), standing.EndsOn);
    }

    // "Automatic moves are nobody's change: not reported, they make no entry counted and take nothing over."
    [Fact]
    public void A_move_by_itself_takes_nothing_over_from_the_version_of_the_entry()
    {
        var before = Version(Clock(more: Auto()), Ladder(Rung("grace", "9 day")), "1", Effective("2020-01-01", "2026-01-31"));
        var now = Version(Clock(more: Auto("5 day") + Ends("12:00")), Lost, "2", Effective("2026-02-01"));

        var standing = Ask(Pack(before + "," + now), "2026-02-11", Activated("2026-01-01"), Balance("2026-01-02", 20), Used("2026-02-10"));

        Assert.Equal((Outcome.None, 0), (standing.Entry("u").Outcome, standing.Entry("u").Changes.Count));
        Assert.Equal(("1", Instant("2026-03-02T16:00:00Z"), Stage.Grace), (standing.RuleVersion, standing.DeadlineAt, standing.Stages[0].Stage));
    }

    // "C below is the end after them": a clock that moved by itself runs, so an addition adds.
    [Fact]
    public void What_an_entry_finds_is_the_end_after_the_moves()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day", "add"), more: Auto())));

        var change = Ask(pack, "2026-02-11", Activated("2026-01-01"), Balance("2026-01-02", 20), TopUp("2026-02-10")).Change("t");

        Assert.Equal((Date("2026-03-02"), Date("2026-03-12")), (change.Before, change.After));
    }

    // Step 4: "Stage. That of the line at the entry's instant, from the clocks as they are now": after the moves.
    [Theory]
    [InlineData(20, Outcome.Counted)]
    [InlineData(19, Outcome.TooLate)]
    public void The_stage_is_looked_at_after_the_moves(int balance, Outcome outcome)
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day"), more: Auto()), Lost));

        Assert.Equal(outcome, Ask(pack, "2026-02-11", Activated("2026-01-01"), Balance("2026-01-02", balance), TopUp("2026-02-10")).Entry("t").Outcome);
    }

    // Step 4 again: "the stage at the entry's instant", before what the entry itself does.
    [Theory]
    [InlineData("2026-01-31T23:59:59+08:00", Outcome.Counted)]
    [InlineData("2026-02-01T00:00:00+08:00", Outcome.TooLate)]
    public void From_the_deadline_on_the_ladder_decides(string at, Outcome outcome)
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day")), Lost));

        Assert.Equal(outcome, Ask(pack, "2026-02-11", Activated("2026-01-01"), TopUp(at)).Entry("t").Outcome);
    }

    // Step 5: "A balance in the entry, in the product's currency, becomes the last known": it comes after step 3, too late to pay for what ran out.
    [Fact]
    public void The_balance_of_an_entry_comes_after_the_moves_it_would_have_paid_for()
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day", "add"), more: Auto())));

        var change = Ask(pack, "2026-02-11", Activated("2026-01-01"), TopUp("2026-02-10") with { BalanceAfter = 20 }).Change("t");

        Assert.Equal((Date("2026-01-31"), Date("2026-02-20")), (change.Before, change.After)); // It did not run: a reset.
    }

    // Step 5: "in the product's currency": another one neither becomes the last known nor makes deductions forgotten.
    [Fact]
    public void A_balance_in_another_currency_forgets_no_deduction()
    {
        var foreign = Balance("2026-02-10", 1000, "b2") with { Currency = "USD" };

        var standing = Ask(Pack(Version(Clock(more: Auto()))), "2026-02-11", Activated("2026-01-01"), Balance("2026-01-02", 50), foreign);

        Assert.Equal((Date("2026-04-01"), new ObservedBalance(10, Date("2026-01-02"))), (standing.EndsOn, standing.Balance));
    }

    // Step 5: "becomes the last known": filters of step 6 look at it.
    [Fact]
    public void The_balance_of_an_entry_is_known_to_its_own_filters()
    {
        var pack = Pack(Version(Clock(starts: "{'on':'topUp','where':{'balanceAtLeast':'50'}}")));

        Assert.Equal(Outcome.Counted, Ask(pack, "2026-02-11", Balance("2026-01-02", 1), TopUp("2026-02-10") with { BalanceAfter = 50 }).Entry("t").Outcome);
    }
}
