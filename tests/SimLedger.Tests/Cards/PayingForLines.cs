using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

public class PayingForLines
{
    private static readonly CardCommand.TopUp Hundred = new(First, Yesterday, 100m, "HKD");
    private static readonly CardEvent.ToppedUp HundredPaid = new(First, Yesterday, 100m, "HKD");

    [Fact]
    public void A_top_up_is_recorded_with_all_that_is_known() => Given(OneLine())
        .When(Hundred with
        {
            PricePaid = new(85.5m, "CNY"),
            BalanceAfter = -2m,
            Offer = "TOP100",
            Promotion = "买一赠一",
            Period = new Term(180, TermUnit.Day),
            OrderNumber = "A-1",
            Channel = "app",
            Source = "portal",
        })
        .Then(HundredPaid with
        {
            PricePaid = new(85.5m, "CNY"),
            BalanceAfter = -2m,
            Offer = "TOP100",
            Promotion = "买一赠一",
            Period = new Term(180, TermUnit.Day),
            OrderNumber = "A-1",
            Channel = "app",
            Source = "portal",
        })
        .WithoutWarning();

    [Fact]
    public void A_renewal_needs_no_amount() => Given(OneLine())
        .When(new CardCommand.Renew(First, Yesterday) { Period = new Term(1, TermUnit.Year) })
        .Then(new CardEvent.Renewed(First, Yesterday) { Period = new Term(1, TermUnit.Year) })
        .WithoutWarning();

    [Fact]
    public void A_renewal_takes_its_currency_from_the_product_only_with_an_amount()
    {
        Given(OneLine()).OfAProductIn("HKD").When(new CardCommand.Renew(First, Yesterday) { Amount = 48m })
            .Then(new CardEvent.Renewed(First, Yesterday) { Amount = 48m, Currency = "HKD" });
        Given(OneLine()).OfAProductIn("HKD").When(new CardCommand.Renew(First, Yesterday)).Then(new CardEvent.Renewed(First, Yesterday));
    }

    [Fact]
    public void An_equal_one_on_the_same_day_is_recorded_and_pointed_out() =>
        Given(OneLine(HundredPaid)).When(Hundred with { At = At("2026-11-21T09:00:00+08:00") })
            .Then(HundredPaid with { At = At("2026-11-21T09:00:00+08:00") })
            .Warning(WarningKind.PossibleDuplicate, entry: 4);

    [Fact]
    public void An_equal_renewal_on_the_same_day_is_recorded_and_pointed_out() =>
        Given(OneLine(new CardEvent.Renewed(First, Yesterday))).When(new CardCommand.Renew(First, Yesterday))
            .Then(new CardEvent.Renewed(First, Yesterday))
            .Warning(WarningKind.PossibleDuplicate, entry: 4);

    [Fact]
    public void One_of_another_day_amount_currency_line_or_kind_is_not_pointed_out()
    {
        var past = Given(OneLine(SecondLine, HundredPaid));

        past.When(Hundred with { At = Today }).Then(HundredPaid with { At = Today }).WithoutWarning();
        past.When(Hundred with { Amount = 50m }).Then(HundredPaid with { Amount = 50m }).WithoutWarning();
        past.When(Hundred with { Currency = "CNY" }).Then(HundredPaid with { Currency = "CNY" }).WithoutWarning();
        past.When(Hundred with { LineId = Second }).Then(HundredPaid with { LineId = Second }).WithoutWarning();
        past.When(new CardCommand.Renew(First, Yesterday) { Amount = 100m, Currency = "HKD" })
            .Then(new CardEvent.Renewed(First, Yesterday) { Amount = 100m, Currency = "HKD" }).WithoutWarning();
    }

    [Fact]
    public void A_voided_one_is_not_pointed_out() =>
        Given(OneLine(HundredPaid, new CardEvent.EntryVoided(Id(4), Yesterday))).When(Hundred).Then(HundredPaid).WithoutWarning();

    [Fact]
    public void The_same_order_with_the_same_values_is_a_repetition_wherever_we_know_it_from() =>
        Given(OneLine(HundredPaid with { OrderNumber = "A-1", Source = "sms" }))
            .When(Hundred with { At = At("2026-11-21T09:00:00+08:00"), Amount = 100.00m, OrderNumber = "A-1", Source = "portal" })
            .ThenNothing(repeatOf: 4);

    [Fact]
    public void The_same_order_with_other_values_is_refused()
    {
        var past = Given(OneLine(HundredPaid with { OrderNumber = "A-1" }));

        var refused = past.When(Hundred with { Amount = 50m, OrderNumber = "A-1" }).ThenRefused(Refusal.OrderNumberTaken);
        Assert.Equal($"Order number A-1 stands on entry {Id(4)} of 2026-11-21, which has other values.", refused.Detail);

        past.When(Hundred with { At = Today, OrderNumber = "A-1" }).ThenRefused(Refusal.OrderNumberTaken);
        past.When(Hundred with { BalanceAfter = 1m, OrderNumber = "A-1" }).ThenRefused(Refusal.OrderNumberTaken);
    }

    [Fact]
    public void A_voided_entry_gives_its_order_number_back() =>
        Given(OneLine(HundredPaid with { OrderNumber = "A-1" }, new CardEvent.EntryVoided(Id(4), Yesterday)))
            .When(Hundred with { Amount = 50m, OrderNumber = "A-1" })
            .Then(HundredPaid with { Amount = 50m, OrderNumber = "A-1" });

    [Fact]
    public void One_order_may_pay_for_several_lines_and_for_a_renewal_as_well()
    {
        var past = Given(OneLine(SecondLine, HundredPaid with { OrderNumber = "A-1" }));

        past.When(Hundred with { LineId = Second, OrderNumber = "A-1" }).Then(HundredPaid with { LineId = Second, OrderNumber = "A-1" });
        past.When(new CardCommand.Renew(First, Yesterday) { OrderNumber = "A-1" }).Then(new CardEvent.Renewed(First, Yesterday) { OrderNumber = "A-1" });
    }

    [Fact]
    public void Two_order_numbers_are_two_payments_but_one_alone_may_be_the_same()
    {
        Given(OneLine(HundredPaid with { OrderNumber = "A-1" })).When(Hundred with { OrderNumber = "A-2" })
            .Then(HundredPaid with { OrderNumber = "A-2" }).WithoutWarning();
        Given(OneLine(HundredPaid)).When(Hundred with { OrderNumber = "A-2" })
            .Then(HundredPaid with { OrderNumber = "A-2" }).Warning(WarningKind.PossibleDuplicate, entry: 4);
    }

    [Fact]
    public void Blank_order_numbers_are_none() =>
        Given(OneLine(HundredPaid)).When(Hundred with { OrderNumber = " " }).Then(HundredPaid).Warning(WarningKind.PossibleDuplicate, entry: 4);

    [Fact]
    public void Malformed_payments_are_refused_with_every_member_named() => Given(OneLine())
        .When(new CardCommand.TopUp(First, Yesterday, 10_000_000_000_000m, "HK$")
        {
            PricePaid = new(-1m, "cny"),
            BalanceAfter = 1.1234567m,
            Offer = new string('o', 65),
            Promotion = "\0",
            Period = new Term(0, TermUnit.Day),
            OrderNumber = new string('n', 129),
        })
        .ThenMalformed(
            ("/orderNumber", "text-too-long"),
            ("/amount", "amount-out-of-range"),
            ("/currency", "currency-not-iso"),
            ("/pricePaid/amount", "amount-negative"),
            ("/pricePaid/currency", "currency-not-iso"),
            ("/balanceAfter", "amount-out-of-range"),
            ("/offer", "text-too-long"),
            ("/promotion", "text-with-nul"),
            ("/period", "period-out-of-range"));

    [Fact]
    public void A_top_up_of_nothing_or_less_is_refused()
    {
        Given(OneLine()).When(Hundred with { Amount = 0.00m }).ThenMalformed(("/amount", "amount-zero"));
        Given(OneLine()).When(Hundred with { Amount = -1m }).ThenMalformed(("/amount", "amount-negative"));
    }

    [Fact]
    public void A_renewal_with_a_currency_but_no_amount_is_refused() => Given(OneLine())
        .When(new CardCommand.Renew(First, Yesterday) { Currency = "HKD" })
        .ThenMalformed(("/currency", "currency-without-amount"));
}
