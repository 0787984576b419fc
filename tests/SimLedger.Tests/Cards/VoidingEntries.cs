using SimLedger.Cards;
using SimLedger.Rules;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

public class VoidingEntries
{
    private static readonly CardEvent ToppedUp = new CardEvent.ToppedUp(First, Yesterday, 100m, "HKD");
    private static readonly CardEvent Voided = new CardEvent.EntryVoided(Id(4), EntryTime.At(Now));

    [Fact]
    public void An_entry_is_voided_now_unless_another_time_is_given()
    {
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(4))).Then(Voided);
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(4), Today)).Then(new CardEvent.EntryVoided(Id(4), Today));
    }

    [Fact]
    public void Voiding_again_changes_nothing() => Given(OneLine(ToppedUp, Voided)).When(new CardCommand.Void(Id(4))).ThenNothing(repeatOf: 5);

    [Fact]
    public void A_void_is_not_voided() => Given(OneLine(ToppedUp, Voided)).When(new CardCommand.Void(Id(5))).ThenRefused(Refusal.EntryIsAVoid);

    [Fact]
    public void A_change_is_voided_like_an_entry()
    {
        Given(OneLine(new CardEvent.NotesWritten("n"))).When(new CardCommand.Void(Id(4))).Then(Voided);
        Given(OneLine(new CardEvent.NotesWritten("n"), Voided)).When(new CardCommand.Void(Id(4))).ThenNothing(repeatOf: 5);
        Given(OneLine()).When(new CardCommand.Void(Id(3))).Then(new CardEvent.EntryVoided(Id(3), EntryTime.At(Now)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_the_card_is_made_of_is_not_voided(int version) =>
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(version))).ThenRefused(Refusal.FactNotVoidable);

    [Fact]
    public void Our_own_notes_are_not_voided() =>
        Given(OneLine(new CardEvent.Lapsed(First, "validity", Now))).When(new CardCommand.Void(Id(4))).ThenRefused(Refusal.FactNotVoidable);

    [Fact]
    public void A_fact_that_is_not_the_cards_cannot_be_voided() =>
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(99))).ThenRefused(Refusal.EntryUnknown);

    [Fact]
    public void A_void_that_would_bring_a_number_back_twice_is_refused() => Given(OneLine(
            SecondLine,
            new CardEvent.NumberAssigned(First, "+85200000004") { At = Yesterday },
            new CardEvent.NumberAssigned(Second, "+85200000003")))
        .When(new CardCommand.Void(Id(5)))
        .ThenRefused(Refusal.NumberOnTwoLines);

    [Fact]
    public void A_void_in_the_future_is_refused() =>
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(4), On("2026-11-23"))).ThenRefused(Refusal.AtInTheFuture);
}
