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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(99)]
    public void Only_entries_can_be_voided(int version) =>
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(version))).ThenRefused(Refusal.EntryUnknown);

    [Fact]
    public void A_void_in_the_future_is_refused() =>
        Given(OneLine(ToppedUp)).When(new CardCommand.Void(Id(4), On("2026-11-23"))).ThenRefused(Refusal.AtInTheFuture);
}
