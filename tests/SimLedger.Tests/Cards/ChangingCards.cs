using NodaTime;
using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;
using FormFactor = SimLedger.Cards.FormFactor;

namespace SimLedger.Tests.Cards;

/// <summary>States that hold from a time on.</summary>
public class ChangingCards
{
    private const string OtherIccid = "8985200000000000044";

    // What is recorded of Today and Yesterday: the start of the day in the carrier's zone.
    private static readonly EntryTime FromToday = At("2026-11-22T00:00:00+08:00");
    private static readonly EntryTime FromYesterday = At("2026-11-21T00:00:00+08:00");

    private static readonly EntryTime RightNow = At("2026-11-22T02:00:00+08:00");

    public static TheoryData<CardCommand.Change, CardEvent.Change> Changes => new()
    {
        { new CardCommand.ChangeNumber(First, "+85200000004"), new CardEvent.NumberAssigned(First, "+85200000004") },
        { new CardCommand.ReplaceSim(OtherIccid) { FormFactor = FormFactor.Esim, Eid = "89049032000000000000000000000066" }, new CardEvent.SimReplaced(OtherIccid, "89049032000000000000000000000066", FormFactor.Esim) },
        { new CardCommand.ReportSim(SimCondition.Lost), new CardEvent.SimConditionReported(SimCondition.Lost) },
        { new CardCommand.ReportSim(SimCondition.Damaged), new CardEvent.SimConditionReported(SimCondition.Damaged) },
        { new CardCommand.ChangeDevice("Pixel 9") { Imei = "490154203237518" }, new CardEvent.DeviceAssigned("Pixel 9", "490154203237518") },
        { new CardCommand.ChangePlan(First, "MySIM 33"), new CardEvent.PlanChanged(First, "MySIM 33") },
        { new CardCommand.ChangeProduct(First, "postpaid") { Region = "hk" }, new CardEvent.ProductChanged(First, "postpaid", "hk") },
        { new CardCommand.IdentifyCarrier("hk-csl"), new CardEvent.CarrierIdentified("hk-csl") },
        { new CardCommand.SwitchCarrier("hk-csl") { Product = "prepaid" }, new CardEvent.CarrierSwitched("hk-csl", "prepaid") },
        { new CardCommand.DetachLine(First), new CardEvent.LineDetached(First) },
        { new CardCommand.Issue("陈伟") { Document = "folder 7" }, new CardEvent.CardIssued("陈伟", "folder 7", null) },
        { new CardCommand.Retire(), new CardEvent.CardRetired() },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_holds_from_now_in_the_carriers_zone_unless_a_time_is_given(CardCommand.Change command, CardEvent.Change expected)
    {
        Given(OneLine()).When(command).Then(expected with { At = RightNow });
        Given(OneLine()).When(command with { At = Yesterday }).Then(expected with { At = FromYesterday });
        Given(OneLine()).When(command with { At = At("2026-11-21T10:00:00Z") }).Then(expected with { At = At("2026-11-21T18:00:00+08:00") });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_keeps_how_it_is_known(CardCommand.Change command, CardEvent.Change expected) => Given(OneLine())
        .When(command with { At = Today, Channel = "store", Source = "slip", OrderNumber = "A-1" })
        .Then(expected with { At = FromToday, Channel = "store", Source = "slip", OrderNumber = "A-1" });

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_to_what_stands_already_changes_nothing(CardCommand.Change command, CardEvent.Change expected) =>
        Given(OneLine(expected with { At = FromYesterday })).When(command with { At = Today }).ThenNothing();

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_before_the_same_change_is_news(CardCommand.Change command, CardEvent.Change expected) =>
        Given(OneLine(expected with { At = FromToday })).When(command with { At = Yesterday }).Then(expected with { At = FromYesterday });

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_voided_change_has_never_been(CardCommand.Change command, CardEvent.Change expected)
    {
        var voided = Given(OneLine(expected with { At = FromYesterday }, new CardEvent.EntryVoided(Id(4), Today)));

        Assert.Equal(Shown(Given(OneLine()).Card), Shown(voided.Card));
        voided.When(command with { At = Yesterday }).Then(expected with { At = FromYesterday });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_in_the_future_or_long_ago_is_refused(CardCommand.Change command, CardEvent.Change expected)
    {
        Assert.NotNull(expected);
        Given(OneLine()).When(command with { At = On("2026-11-23") }).ThenRefused(Refusal.AtInTheFuture);
        Given(OneLine()).When(command with { At = On("1989-12-31") }).ThenRefused(Refusal.AtTooLongAgo);
        Given(OneLine()).When(command with { Channel = new string('c', 65) }).ThenMalformed(("/channel", "text-too-long"));
        Given().When(command).ThenRefused(Refusal.CardNotRegistered);
    }

    [Fact]
    public void What_is_entered_late_does_not_undo_what_came_after_it()
    {
        var card = Given(OneLine(
            new CardEvent.ProductChanged(First, "second", null) { At = FromToday },
            new CardEvent.ProductChanged(First, "first", null) { At = FromYesterday })).Card;

        Assert.Equal("second", card.Lines[0].Product);
        Assert.Equal("first", card.AsOf(Instant.FromUtc(2026, 11, 21, 9, 0)).Lines[0].Product);
        Assert.Equal("prepaid", card.AsOf(Instant.FromUtc(2026, 11, 20, 15, 0)).Lines[0].Product);
    }

    [Fact]
    public void Changes_keep_their_order_when_the_carriers_zone_changes_between_them()
    {
        var card = Given(OneLine(
            new CardEvent.NumberAssigned(First, "+12025550122") { At = At("2026-03-01T20:00:00Z") },
            new CardEvent.CarrierIdentified("us-tello") { At = At("2026-03-01T20:00:00Z") },
            new CardEvent.NumberAssigned(First, "+12025550133") { At = At("2026-03-01T15:05:00-05:00") })).Card;

        Assert.Equal("+12025550133", card.Lines[0].Number);
    }

    [Fact]
    public void Of_two_changes_at_one_time_the_one_recorded_later_stands() => Assert.Equal("b", Given(OneLine(
        new CardEvent.NotesWritten("a") { At = FromToday }, new CardEvent.NotesWritten("b") { At = FromToday })).Card.Notes);

    [Fact]
    public void A_number_may_be_sent_as_it_is_dialled_in_the_carriers_country()
    {
        var manila = Given(OneLine()) with { Around = new(Now, Hongkong, Country: "PH") };

        manila.When(new CardCommand.ChangeNumber(First, "0917 123-4567") { At = Today }).Then(new CardEvent.NumberAssigned(First, "+639171234567") { At = FromToday });
        manila.When(new CardCommand.ChangeNumber(First, "0917 123 456")).ThenMalformed(("/number", "number-not-national"));
        manila.When(new CardCommand.ChangeNumber(First, "0917x1234567")).ThenMalformed(("/number", "number-not-digits"));
        Given(OneLine()).When(new CardCommand.ChangeNumber(First, "09171234567")).ThenMalformed(("/number", "number-without-plus"));
        (manila with { Around = new(Now, Hongkong, Country: "ID") }).When(new CardCommand.ChangeNumber(First, "628123456789")).ThenMalformed(("/number", "number-not-national"));
    }

    [Fact]
    public void A_number_of_another_line_of_the_card_is_refused() => Given(OneLine(SecondLine))
        .When(new CardCommand.ChangeNumber(Second, "+85200000003"))
        .ThenRefused(Refusal.NumberOnTwoLines);

    [Fact]
    public void Identifiers_are_checked()
    {
        Given(OneLine()).When(new CardCommand.ReplaceSim("8985200000000000045")).ThenMalformed(("/iccid", "iccid-check-digit"));
        Given(OneLine()).When(new CardCommand.ChangeDevice("d") { Imei = "490154203237519" }).ThenMalformed(("/imei", "imei-check-digit"));
        Given(OneLine()).When(new CardCommand.ChangeDevice("d") { Imei = "4901542032375" }).ThenMalformed(("/imei", "imei-length"));
        Given(OneLine()).When(new CardCommand.SwitchCarrier(" ")).ThenMalformed(("/carrier", "text-missing"));
    }

    [Fact]
    public void With_another_carrier_a_new_contract_begins()
    {
        var card = Given(OneLine(
            new CardEvent.Activated(First, On("2026-01-01")),
            new CardEvent.CarrierSwitched("hk-csl", "other") { At = At("2026-06-01T00:00:00+08:00") },
            new CardEvent.Activated(First, On("2026-06-01")))).Card;

        Assert.Equal(("hk-csl", "other"), (card.Carrier, card.Lines[0].Product));
        Assert.Equal([Id(6).ToString()], History.Of(card, card.Lines[0], Hongkong).Select(entry => entry.Id));
        Assert.Equal([Id(4).ToString(), Id(6).ToString()], History.Of(card.AsOf(Instant.FromUtc(2026, 5, 1, 0, 0)), card.Lines[0], Hongkong).Select(entry => entry.Id));
    }

    [Fact]
    public void A_replaced_sim_is_in_order() => Assert.Equal(SimCondition.InOrder, Given(OneLine(
        new CardEvent.SimConditionReported(SimCondition.Lost) { At = FromYesterday }, new CardEvent.SimReplaced(OtherIccid, null, null) { At = FromToday })).Card.SimCondition);

    [Fact]
    public void A_card_that_came_back_is_held_by_nobody()
    {
        var issued = new CardEvent.CardIssued("Ana", null, null) { At = FromYesterday };

        Given(OneLine()).When(new CardCommand.Return()).ThenNothing();
        Given(OneLine(issued)).When(new CardCommand.Return { At = Today }).Then(new CardEvent.CardReturned { At = FromToday });
        Assert.Null(Given(OneLine(issued, new CardEvent.CardReturned { At = FromToday })).Card.Issued);
    }

    [Fact]
    public void A_retired_card_gives_its_identifiers_back_and_takes_them_again_when_it_is_reopened()
    {
        var live = Given(OneLine()).Card;
        var retired = Given(OneLine(new CardEvent.CardRetired { At = FromYesterday })).Card;

        Assert.Equal([new("number", "+85200000003"), new("iccid", "8985200000000000036")], Reservations.Of(live, retired).GivenBack);
        Assert.Equal([new("number", "+85200000003"), new("iccid", "8985200000000000036")], Reservations.Of(retired, Given(OneLine(new CardEvent.CardRetired { At = FromYesterday }, new CardEvent.CardReopened { At = FromToday })).Card).Taken);
        Given(OneLine()).When(new CardCommand.Reopen()).ThenNothing();
    }

    [Fact]
    public void Nothing_is_recorded_of_a_time_when_the_card_was_retired()
    {
        var retired = Given(OneLine(new CardEvent.CardRetired { At = FromToday }));

        retired.When(new CardCommand.TopUp(First, Today, 10m, "HKD")).ThenRefused(Refusal.CardIsRetired);
        retired.When(new CardCommand.ChangeNumber(First, "+85200000004")).ThenRefused(Refusal.CardIsRetired);
        retired.When(new CardCommand.AttachLine(new NewLine(Second))).ThenRefused(Refusal.CardIsRetired);
        retired.When(new CardCommand.TopUp(First, Yesterday, 10m, "HKD")).Then(new CardEvent.ToppedUp(First, Yesterday, 10m, "HKD"));
        retired.When(new CardCommand.WriteNotes("n") { At = Today }).Then(new CardEvent.NotesWritten("n") { At = FromToday });
    }

    [Fact]
    public void A_detached_line_gives_its_number_back_and_takes_no_entries()
    {
        var detached = Given(OneLine(SecondLine, new CardEvent.LineDetached(First) { At = FromToday }));

        Assert.Equal([new("number", "+85200000003")], Reservations.Of(Given(OneLine(SecondLine)).Card, detached.Card).GivenBack);
        detached.When(new CardCommand.Activate(First, Today)).ThenRefused(Refusal.LineIsDetached);
        detached.When(new CardCommand.Activate(First, Yesterday)).Then(new CardEvent.Activated(First, Yesterday));
        detached.When(new CardCommand.Activate(null, Today)).Then(new CardEvent.Activated(Second, Today));
        detached.When(new CardCommand.DetachLine(First)).ThenNothing();
    }

    [Fact]
    public void A_line_attached_after_a_switch_of_carrier_keeps_its_product_whatever_is_recorded_then()
    {
        CardEvent[] past = OneLine(new CardEvent.CarrierSwitched("hk-csl", "prepaid") { At = FromYesterday }, new CardEvent.LineAttached(Second, "data", null, null));
        var number = new CardEvent.NumberAssigned(Second, "+85200000004"); // Since ever: all changes are folded anew.

        Assert.Equal(["prepaid", "data"], Given(past).Card.Lines.Select(line => line.Product));
        Assert.Equal(["prepaid", "data"], Given([.. past, number]).Card.Lines.Select(line => line.Product));
        Assert.Equal(["prepaid", "data"], Given([.. past, number, new CardEvent.EntryVoided(Id(6), Today)]).Card.Lines.Select(line => line.Product));
    }

    [Fact]
    public void A_description_is_amended_in_one_command()
    {
        Given(OneLine())
            .When(new CardCommand.Amend(new() { Tags = ["otp"] }, new() { Owner = "Ana" }, "n") { At = Today })
            .Then(new CardEvent.CardDescribed { At = FromToday, Tags = ["otp"] }, new CardEvent.PeopleAssigned { At = FromToday, Owner = "Ana" }, new CardEvent.NotesWritten("n") { At = FromToday });
        Given(OneLine()).When(new CardCommand.Amend(new(), new(), null)).ThenRefused(Refusal.NothingToRecord);
    }

    private static object Shown(Card card) => (
        card.Carrier, card.CarrierSince, card.FormFactor, card.Iccid, card.Eid, card.SimCondition, card.Device, card.Imei, card.Issued, card.IsRetired,
        (card.Lines[0].Number, card.Lines[0].Product, card.Lines[0].Region, card.Lines[0].Plan, card.Lines[0].IsDetached));
}
