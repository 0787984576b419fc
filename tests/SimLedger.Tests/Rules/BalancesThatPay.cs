using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class BalancesThatPay
{
    private static RulePack Auto(string auto = "'balanceAtLeast':'20','deduct':'20','by':{'n':30,'unit':'day'}", string extension = "") =>
        Pack(Version(Validity(extension, $",'autoExtend':{{{auto}}}")));

    [Fact]
    public void The_end_moves_as_often_as_the_balance_pays()
    {
        var standing = Ask(Auto(), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 45));

        Assert.Equal((Date("2026-04-01"), new ObservedBalance(5, Date("2026-01-02"))), (standing.EndsOn, standing.Balance));
        Assert.Equal([Flag.DependsOnBalance], standing.Flags);
    }

    [Fact]
    public void No_more_often_in_a_row_than_the_rule_allows()
    {
        var pack = Auto("'balanceAtLeast':'20','deduct':'20','by':{'n':30,'unit':'day'},'maxTimes':1",
            $"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset'}}");

        Assert.Equal(Date("2026-03-02"), Ask(pack, "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 1000)).EndsOn);
        Assert.Equal(Date("2026-04-09"), Ask(pack, "2026-02-10", Activated("2026-01-01"), Balance("2026-01-02", 1000), TopUp("2026-02-08")).EndsOn);
    }

    [Fact]
    public void A_balance_seen_after_the_deadline_pays_for_nothing()
    {
        Assert.Empty(Ask(Auto(), "2026-02-05", Activated("2026-01-01"), Balance("2026-02-02", 1000)).Flags);
        Assert.Equal([Flag.DependsOnBalance], Ask(Auto(), "2026-02-05", Activated("2026-01-01"), Balance("2026-02-01T00:00:00+08:00", 1000)).Flags);
    }

    [Fact]
    public void A_new_balance_forgets_what_was_deducted()
    {
        // By 5 February one move had been made out of the first balance; the new one starts from what it says.
        var standing = Ask(Auto(), "2026-02-06", Activated("2026-01-01"), Balance("2026-01-02", 25), Balance("2026-02-05", 25, "b2"));

        Assert.Equal((Date("2026-04-01"), 5m), (standing.EndsOn, standing.Balance!.Amount));
    }

    [Fact]
    public void An_automatic_move_is_nobodys_change_and_what_follows_starts_from_it()
    {
        var pack = Auto(extension: $"{{'on':'topUp','by':{{'n':10,{Days}}},'combine':'add'}}");

        var standing = Ask(pack, "2026-02-10", Activated("2026-01-01"), Balance("2026-01-02", 20), TopUp("2026-02-08"));

        Assert.Equal(Outcome.None, standing.Entry("b").Outcome);
        Assert.Equal((Date("2026-03-02"), Date("2026-03-12")), (standing.Entry("t").Changes.Single().Before, standing.Entry("t").Changes.Single().After));
        Assert.Empty(standing.Flags); // The end rests on the top-up now.
    }

    [Fact]
    public void A_balance_with_digits_too_many_is_counted_to_the_last_move_and_keeps_nobody_waiting()
    {
        var pack = Auto("'balanceAtLeast':'0','deduct':'0.01','by':{'n':1,'unit':'day'}");
        var timer = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 100; i++)
        {
            // At a balance of nothing one move more is allowed.
            var much = Ask(pack, "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 10_000));
            Assert.Equal((Date("2026-01-31").PlusDays(1_000_001), -0.01m), (much.EndsOn, much.Balance!.Amount));

            Assert.Equal(Date("9999-12-31"), Ask(pack, "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 99_999_999)).EndsOn);
        }

        Assert.InRange(timer.Elapsed.TotalSeconds, 0, 20); // One by one it were minutes.
    }

    [Fact]
    public void Clocks_share_one_balance_in_the_order_they_started()
    {
        var first = Validity("", ",'autoExtend':{'balanceAtLeast':'20','deduct':'20','by':{'n':30,'unit':'day'}}");
        var second = first.Replace("'id':'validity'", "'id':'second'", StringComparison.Ordinal);

        var standing = Ask(Pack(Version(first + "," + second)), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 50));

        Assert.Equal((Date("2026-04-01"), Date("2026-01-31")), (standing.Clock("validity").EndsOn, standing.Clock("second").EndsOn));
        Assert.Empty(standing.Flags); // The second binds, and it was not moved.
    }

    [Fact]
    public void A_balance_in_another_currency_is_not_known()
    {
        var standing = Ask(Auto(), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", 45) with { Currency = "USD" });

        Assert.Equal((Date("2026-01-31"), null), (standing.EndsOn, standing.Balance));
        Assert.Equal([Flag.CurrencyMismatch], standing.Flags);
    }

    [Fact]
    public void A_balance_below_zero_is_arrears() =>
        Assert.Equal([Flag.Arrears], Ask(Auto(), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", -0.01m)).Flags);

    [Fact]
    public void A_balance_that_never_ends_stops_at_the_end_of_the_calendar() =>
        Assert.Equal(
            NodaTime.LocalDate.MaxIsoValue,
            Ask(Auto("'balanceAtLeast':'0','deduct':'0.000001','by':{'n':100,'unit':'year'}"), "2026-01-05", Activated("2026-01-01"),
                Balance("2026-01-02", decimal.MaxValue)).EndsOn);
}
