using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

/// <summary>What holds for every entry: which line, which time; and the entries that state rather than add.</summary>
public class RecordingEntries
{
    [Fact]
    public void The_only_line_need_not_be_named() => Given(OneLine())
        .When(new CardCommand.Activate(null, Yesterday) { Channel = "store", Source = "receipt" })
        .Then(new CardEvent.Activated(First, Yesterday) { Channel = "store", Source = "receipt" });

    [Fact]
    public void Of_several_lines_one_must_be_named()
    {
        Given(OneLine(SecondLine)).When(new CardCommand.Activate(null, Yesterday)).ThenRefused(Refusal.LineNotNamed);
        Given(OneLine(SecondLine)).When(new CardCommand.Activate(Second, Yesterday)).Then(new CardEvent.Activated(Second, Yesterday));
    }

    [Fact]
    public void A_line_of_another_card_is_unknown() =>
        Given(OneLine()).When(new CardCommand.Activate(Second, Yesterday)).ThenRefused(Refusal.LineUnknown);

    [Theory]
    [MemberData(nameof(EveryEntry))]
    public void Every_entry_needs_a_registered_card(CardCommand command) => Given().When(command).ThenRefused(Refusal.CardNotRegistered);

    [Theory]
    [InlineData("2026-11-22")]
    [InlineData("1990-01-01")]
    [InlineData("2026-11-21T18:05:00Z")]
    [InlineData("2026-11-22T02:05:00+08:00")]
    public void Anything_since_1990_up_to_now_and_five_minutes_may_be_recorded(string at) =>
        Given(OneLine()).When(new CardCommand.Activate(First, Time(at))).Then(new CardEvent.Activated(First, Time(at)));

    [Theory]
    [InlineData("2026-11-23")]
    [InlineData("9999-12-31")]
    [InlineData("2026-11-21T18:05:01Z")]
    [InlineData("9999-12-31T23:59:59-18:00")]
    public void The_future_is_refused(string at) => Assert.Equal(
        "/at", Given(OneLine()).When(new CardCommand.Activate(First, Time(at))).ThenRefused(Refusal.AtInTheFuture).Values.Single().Member);

    [Theory]
    [InlineData("1989-12-31")]
    [InlineData("0001-01-01")]
    [InlineData("1989-12-31T15:59:59Z")]
    [InlineData("0001-01-01T00:00:00+18:00")]
    public void Times_before_1990_are_refused(string at) =>
        Given(OneLine()).When(new CardCommand.Activate(First, Time(at))).ThenRefused(Refusal.AtTooLongAgo);

    [Fact]
    public void A_time_that_says_nothing_is_refused() =>
        Given(OneLine()).When(new CardCommand.Activate(First, default)).ThenRefused(Refusal.AtTooLongAgo);

    [Fact]
    public void A_day_begins_in_the_zone_of_the_carrier()
    {
        Given(OneLine()).InZone("Asia/Hong_Kong").When(new CardCommand.Activate(First, Today)).Then(new CardEvent.Activated(First, Today));
        Given(OneLine()).InZone("Europe/London").When(new CardCommand.Activate(First, Today)).ThenRefused(Refusal.AtInTheFuture);
        Given(OneLine()).InZone(null).When(new CardCommand.Activate(First, Today)).ThenRefused(Refusal.AtInTheFuture);
    }

    [Fact]
    public void An_activation_repeats_silently_on_its_day_in_the_zone_of_the_carrier()
    {
        var past = OneLine(new CardEvent.Activated(First, Yesterday));

        Given(past).When(new CardCommand.Activate(First, At("2026-11-20T16:00:00Z"))).ThenNothing(repeatOf: 4);
        Given(past).When(new CardCommand.Activate(First, At("2026-11-20T15:59:59Z")))
            .Then(new CardEvent.Activated(First, At("2026-11-20T15:59:59Z")));
    }

    [Fact]
    public void An_activation_that_was_voided_can_be_recorded_again() =>
        Given(OneLine(new CardEvent.Activated(First, Yesterday), new CardEvent.EntryVoided(Id(4), Yesterday)))
            .When(new CardCommand.Activate(First, Yesterday))
            .Then(new CardEvent.Activated(First, Yesterday));

    [Fact]
    public void The_word_of_the_carrier_is_recorded_as_it_was_given() => Given(OneLine())
        .When(new CardCommand.StateExpiry(First, Yesterday, Date("2027-05-01")) { Clock = "validity", Channel = "ivr", Source = "sms" })
        .Then(new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01")) { Clock = "validity", Channel = "ivr", Source = "sms" });

    [Fact]
    public void The_carrier_saying_the_same_again_on_that_day_is_no_news() =>
        Given(OneLine(new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01"))))
            .When(new CardCommand.StateExpiry(First, At("2026-11-21T20:00:00+08:00"), Date("2027-05-01")))
            .ThenNothing(repeatOf: 4);

    [Fact]
    public void The_carrier_saying_the_same_on_another_day_or_of_another_clock_is_news()
    {
        var past = Given(OneLine(new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01"))));

        past.When(new CardCommand.StateExpiry(First, Today, Date("2027-05-01")))
            .Then(new CardEvent.CarrierStatedExpiry(First, Today, Date("2027-05-01")));
        past.When(new CardCommand.StateExpiry(First, Yesterday, Date("2027-05-01")) { Clock = "plan" })
            .Then(new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01")) { Clock = "plan" });
    }

    [Fact]
    public void The_carrier_going_back_to_an_earlier_word_is_news() => Given(OneLine(
            new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01")),
            new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-06-01"))))
        .When(new CardCommand.StateExpiry(First, Yesterday, Date("2027-05-01")))
        .Then(new CardEvent.CarrierStatedExpiry(First, Yesterday, Date("2027-05-01")));

    [Theory]
    [InlineData("1989-12-31")]
    [InlineData("2200-01-01")]
    [InlineData("9999-12-31")]
    public void An_end_date_that_no_carrier_means_is_refused(string endsOn) => Given(OneLine())
        .When(new CardCommand.StateExpiry(First, Yesterday, Date(endsOn)))
        .ThenMalformed(("/endsOn", "date-out-of-range"));

    [Fact]
    public void A_balance_may_be_below_zero() => Given(OneLine())
        .When(new CardCommand.ObserveBalance(First, Yesterday, -3.20m, "HKD") { Channel = "app", Source = "portal" })
        .Then(new CardEvent.BalanceObserved(First, Yesterday, -3.20m, "HKD") { Channel = "app", Source = "portal" });

    [Fact]
    public void The_same_balance_on_that_day_is_no_news_on_another_it_is()
    {
        var past = Given(OneLine(new CardEvent.BalanceObserved(First, Yesterday, 50m, "HKD")));

        past.When(new CardCommand.ObserveBalance(First, Yesterday, 50.00m, "HKD")).ThenNothing(repeatOf: 4);
        past.When(new CardCommand.ObserveBalance(First, Today, 50m, "HKD")).Then(new CardEvent.BalanceObserved(First, Today, 50m, "HKD"));
        past.When(new CardCommand.ObserveBalance(First, Yesterday, 50m, "CNY")).Then(new CardEvent.BalanceObserved(First, Yesterday, 50m, "CNY"));
    }

    [Fact]
    public void The_same_balance_after_a_payment_or_another_balance_is_news()
    {
        var morning = new CardEvent.BalanceObserved(First, At("2026-11-21T08:00:00+08:00"), 50m, "HKD");
        var noon = At("2026-11-21T12:00:00+08:00");
        var evening = new CardCommand.ObserveBalance(First, At("2026-11-21T20:00:00+08:00"), 50m, "HKD");
        var recorded = new CardEvent.BalanceObserved(First, evening.At, 50m, "HKD");

        Given(OneLine(morning, new CardEvent.ToppedUp(First, noon, 100m, "HKD"))).When(evening).Then(recorded);
        Given(OneLine(morning, new CardEvent.BalanceObserved(First, noon, 70m, "HKD"))).When(evening).Then(recorded);
        Given(OneLine(morning, new CardEvent.Activated(First, noon))).When(evening).ThenNothing(repeatOf: 4);
    }

    [Fact]
    public void Without_a_currency_that_of_the_product_serves()
    {
        Given(OneLine()).OfAProductIn("HKD").When(new CardCommand.ObserveBalance(First, Yesterday, 5m, null))
            .Then(new CardEvent.BalanceObserved(First, Yesterday, 5m, "HKD"));
        Given(OneLine()).When(new CardCommand.ObserveBalance(First, Yesterday, 5m, " ")).ThenRefused(Refusal.CurrencyMissing);
        Given(OneLine()).When(new CardCommand.TopUp(First, Yesterday, 5m, null)).ThenRefused(Refusal.CurrencyMissing);
        Given(OneLine()).When(new CardCommand.Renew(First, Yesterday) { Amount = 5m }).ThenRefused(Refusal.CurrencyMissing);
    }

    [Fact]
    public void Malformed_values_are_named_whatever_the_card() => Given()
        .When(new CardCommand.ObserveBalance(First, Yesterday, 0.0000001m, "hkd") { Channel = new string('c', 65), Source = "\0" })
        .ThenMalformed(
            ("/channel", "text-too-long"), ("/source", "text-with-nul"), ("/amount", "amount-out-of-range"), ("/currency", "currency-not-iso"));

    [Fact]
    public void An_offset_of_odd_seconds_is_refused() => Given(OneLine())
        .When(new CardCommand.Activate(First, EntryTime.At(Now.WithOffset(NodaTime.Offset.FromSeconds(1)))))
        .ThenMalformed(("/at", "offset-not-minutes"));

    public static TheoryData<CardCommand> EveryEntry() =>
    [
        new CardCommand.Activate(null, Yesterday),
        new CardCommand.TopUp(null, Yesterday, 1, "HKD"),
        new CardCommand.Renew(null, Yesterday),
        new CardCommand.StateExpiry(null, Yesterday, Date("2027-05-01")),
        new CardCommand.ObserveBalance(null, Yesterday, 1, "HKD"),
        new CardCommand.Void(First),
    ];

    private static EntryTime Time(string at) => at.Length == 10 ? On(at) : At(at);
}
