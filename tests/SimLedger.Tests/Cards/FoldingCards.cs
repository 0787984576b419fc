using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;
using FormFactor = SimLedger.Cards.FormFactor;

namespace SimLedger.Tests.Cards;

public class FoldingCards
{
    [Fact]
    public void A_card_is_what_its_facts_leave()
    {
        var card = Given(OneLine(
            new CardEvent.NumberAssigned(First, "+85200000004"),
            new CardEvent.CardDescribed { Purpose = "spare", Importance = Importance.High, Location = "A3", Tags = ["otp"] },
            new CardEvent.CardDescribed { Purpose = "", Tags = [] },
            new CardEvent.PeopleAssigned { Owner = "Ana", Custodian = "Kevin" },
            new CardEvent.PeopleAssigned { Owner = "Maria" },
            new CardEvent.NotesWritten("n"))).Card;

        Assert.Equal(9, card.Version);
        Assert.Equal(("hk-cmhk", FormFactor.Physical, "8985200000000000036", null), (card.Carrier, card.FormFactor, card.Iccid, card.Eid));
        Assert.Equal(("+85200000004", "prepaid"), (card.Lines[0].Number, card.Lines[0].Product));
        Assert.Equal(("", Importance.High, "A3"), (card.Purpose, card.Importance, card.Location));
        Assert.Equal(("Maria", "Kevin", "n"), (card.Owner, card.Custodian, card.Notes));
        Assert.Empty(card.Tags);
    }

    [Fact]
    public void A_fact_out_of_place_is_a_bug() => Assert.Throws<InvalidOperationException>(() => Given(Registered, FirstNumber));

    [Fact]
    public void A_void_of_a_fact_that_was_erased_since_does_not_matter() =>
        Assert.Equal("+85200000003", Given(OneLine(new CardEvent.EntryVoided(Id(99), Yesterday))).Card.Lines[0].Number);

    [Fact]
    public void History_speaks_the_words_of_the_rules_line_by_line_in_record_order()
    {
        var card = Given(OneLine(
            SecondLine,
            new CardEvent.ToppedUp(First, Today, 100m, "HKD")
            {
                Channel = "app", Offer = "O", Promotion = "P", BalanceAfter = 120m, Period = new Term(1, TermUnit.Month), OrderNumber = "A-1",
            },
            new CardEvent.Activated(Second, Yesterday),
            new CardEvent.Activated(First, Yesterday) { Channel = "store" },
            new CardEvent.Renewed(First, Today) { Amount = 48m, Currency = "HKD", Offer = "Y", Period = new Term(1, TermUnit.Year) },
            new CardEvent.CarrierStatedExpiry(First, Today, Date("2027-05-01")) { Clock = "validity" },
            new CardEvent.BalanceObserved(First, Today, -1m, "HKD"))).Card;

        Assert.Equal(
        [
            new Entry(Id(5).ToString(), EntryType.TopUp, Today, 100m, "HKD", "app", "O", "P", BalanceAfter: 120m, Period: new Term(1, TermUnit.Month)),
            new Entry(Id(7).ToString(), EntryType.Activated, Yesterday, Channel: "store"),
            new Entry(Id(8).ToString(), EntryType.Renewed, Today, 48m, "HKD", Offer: "Y", Period: new Term(1, TermUnit.Year)),
            new Entry(Id(9).ToString(), EntryType.CarrierStated, Today, EndsOn: Date("2027-05-01"), Clock: "validity"),
            new Entry(Id(10).ToString(), EntryType.Balance, Today, -1m, "HKD"),
        ],
        History.Of(card, card.Lines[0], Hongkong));
        Assert.Equal([new Entry(Id(6).ToString(), EntryType.Activated, Yesterday)], History.Of(card, card.Lines[1], Hongkong));
    }

    [Fact]
    public void A_void_stands_in_the_history_at_the_time_of_what_it_cancels()
    {
        var card = Given(OneLine(new CardEvent.Activated(First, Yesterday), new CardEvent.EntryVoided(Id(4), Today))).Card;

        Assert.Equal(
            [new Entry(Id(4).ToString(), EntryType.Activated, Yesterday), new Entry(Id(5).ToString(), EntryType.Voided, Yesterday, Voids: Id(4).ToString())],
            History.Of(card, card.Lines[0], Hongkong));
        Assert.Empty(card.Lines[0].EntriesInForce);
    }

    [Fact]
    public void A_new_card_takes_its_identifiers()
    {
        var reservations = Reservations.Of(
            Card.Initial,
            Given(new CardEvent.CardRegistered(null, null, "8985200000000000036", "89049032000000000000000000000066"), FirstLine, FirstNumber, SecondLine).Card);

        Assert.Equal([new("number", "+85200000003"), new("iccid", "8985200000000000036"), new("eid", "89049032000000000000000000000066")], reservations.Taken);
        Assert.Empty(reservations.GivenBack);
    }

    [Fact]
    public void A_change_of_number_gives_the_old_one_back()
    {
        var reservations = Reservations.Of(Given(OneLine()).Card, Given(OneLine(new CardEvent.NumberAssigned(First, "+85200000004"))).Card);

        Assert.Equal([new("number", "+85200000004")], reservations.Taken);
        Assert.Equal([new("number", "+85200000003")], reservations.GivenBack);
    }

    [Fact]
    public void Entries_and_the_number_held_already_reserve_nothing()
    {
        var reservations = Reservations.Of(Given(OneLine()).Card, Given(OneLine(FirstNumber, new CardEvent.Activated(First, Yesterday))).Card);

        Assert.Empty(reservations.Taken);
        Assert.Empty(reservations.GivenBack);
    }
}
