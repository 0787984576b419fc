using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

public class ObservingLines
{
    [Fact]
    public void Uses_add_up_and_an_equal_one_on_the_same_day_is_pointed_out()
    {
        var use = new CardCommand.RecordUsage(First, Yesterday, UsageKind.Sms) { Chargeable = true, Cost = new(0.5m, "HKD"), Direction = Direction.Out, Roaming = true };
        var recorded = new CardEvent.UsageRecorded(First, Yesterday, UsageKind.Sms) { Chargeable = true, Cost = new(0.5m, "HKD"), Direction = Direction.Out, Roaming = true };

        Given(OneLine()).When(use).Then(recorded).WithoutWarning();
        Given(OneLine(recorded)).When(use).Then(recorded).Warning(WarningKind.PossibleDuplicate, entry: 4);
        Given(OneLine(recorded with { OrderNumber = "A-1" })).When(use with { OrderNumber = "A-1" }).ThenNothing(repeatOf: 4);
        Given(OneLine(recorded with { OrderNumber = "A-1" })).When(use with { OrderNumber = "A-1", Kind = UsageKind.Call }).ThenRefused(Refusal.OrderNumberTaken);
        Given(OneLine()).When(use with { Cost = new(-1m, "hkd") }).ThenMalformed(("/cost/amount", "amount-negative"), ("/cost/currency", "currency-not-iso"));
    }

    [Fact]
    public void A_registration_repeats_silently_on_its_day()
    {
        var registered = new CardEvent.IdentityRegistered(First, Yesterday, "store");

        Given(OneLine()).When(new CardCommand.RegisterIdentity(First, Yesterday) { Method = "store" }).Then(registered);
        Given(OneLine(registered)).When(new CardCommand.RegisterIdentity(First, At("2026-11-21T15:00:00+08:00"))).ThenNothing(repeatOf: 4);
        Given(OneLine(registered)).When(new CardCommand.RegisterIdentity(First, Today)).Then(new CardEvent.IdentityRegistered(First, Today, null));
    }

    [Fact]
    public void A_check_records_what_was_seen_and_the_end_date_and_balance_as_such() => Given(OneLine())
        .When(new CardCommand.CheckStatus(First, Yesterday) { State = Stage.Active, EndsOn = Date("2027-05-01"), Balance = 12m, Currency = "HKD", Observed = "正常", Channel = "hotline" })
        .Then(
            new CardEvent.StatusChecked(First, Yesterday, Stage.Active, "正常") { Channel = "hotline" },
            new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01")) { Channel = "hotline" },
            new CardEvent.BalanceObserved(First, Yesterday, 12m, "HKD") { Channel = "hotline" });

    [Fact]
    public void Only_what_a_check_saw_anew_is_recorded()
    {
        var seen = new CardEvent.StatusChecked(First, Yesterday, Stage.Active, null);

        Given(OneLine(seen)).When(new CardCommand.CheckStatus(First, Yesterday) { State = Stage.Active }).ThenNothing(repeatOf: 4);
        Given(OneLine(seen)).When(new CardCommand.CheckStatus(First, Yesterday) { State = Stage.Grace }).Then(seen with { State = Stage.Grace });
        Given(OneLine(seen)).When(new CardCommand.CheckStatus(First, Yesterday) { State = Stage.Active, Balance = 3m, Currency = "HKD" })
            .Then(new CardEvent.BalanceObserved(First, Yesterday, 3m, "HKD"));
    }

    [Fact]
    public void A_check_that_saw_nothing_is_refused()
    {
        Given(OneLine()).When(new CardCommand.CheckStatus(First, Yesterday) { Observed = " " }).ThenRefused(Refusal.NothingToRecord);
        Given(OneLine()).When(new CardCommand.CheckStatus(First, Yesterday) { Currency = "HKD", State = Stage.Active }).ThenMalformed(("/currency", "currency-without-amount"));
        Given(OneLine()).When(new CardCommand.CheckStatus(First, Yesterday) { Balance = 1m }).ThenRefused(Refusal.CurrencyMissing);
    }

    [Fact]
    public void Rules_hear_of_uses_and_registrations_not_of_checks()
    {
        var card = Given(OneLine(
            new CardEvent.UsageRecorded(First, Yesterday, UsageKind.Call) { Direction = Direction.Out, Chargeable = true },
            new CardEvent.IdentityRegistered(First, Yesterday, null),
            new CardEvent.StatusChecked(First, Yesterday, Stage.Grace, null),
            new CardEvent.EntryVoided(Id(6), Today))).Card;

        Assert.Equal(
            [
                new Entry(Id(4).ToString(), EntryType.Usage, Yesterday, UsageKind: UsageKind.Call, Direction: Direction.Out, Chargeable: true),
                new Entry(Id(5).ToString(), EntryType.Registered, Yesterday),
            ],
            History.Of(card, card.Lines[0], Hongkong));
    }
}
