using NodaTime;
using SimLedger.Cards;
using static SimLedger.Tests.Cards.CardSpec;
using static SimLedger.Tests.Cards.Example;

namespace SimLedger.Tests.Cards;

public class NotingLapses
{
    private static readonly Instant Deadline = Instant.FromUtc(2026, 11, 10, 16, 0);
    private static readonly Lapse Lapse = new("validity", Deadline, Lost: false);
    private static readonly CardEvent Lapsed = new CardEvent.Lapsed(First, "validity", Deadline);
    private static readonly CardEvent Lost = new CardEvent.Lost(First, "validity", Deadline);

    [Fact]
    public void A_lapse_is_noted_once() => Notes([], [Lapse], Lapsed);

    [Fact]
    public void A_lapse_that_is_noted_is_not_noted_again() => Notes([Lapsed], [Lapse]);

    [Fact]
    public void A_loss_is_noted_after_its_lapse()
    {
        Notes([], [Lapse with { Lost = true }], Lapsed, Lost);
        Notes([Lapsed], [Lapse with { Lost = true }], Lost);
        Notes([Lapsed, Lost], [Lapse with { Lost = true }]);
    }

    [Fact]
    public void Another_deadline_is_another_lapse() =>
        Notes([Lapsed], [Lapse, Lapse with { DeadlineAt = Now }], new CardEvent.Lapsed(First, "validity", Now));

    [Fact]
    public void What_turns_out_not_to_have_been_is_withdrawn()
    {
        Notes([Lapsed], [], new CardEvent.LapseWithdrawn(First, "validity", Deadline));
        Notes([Lapsed, Lost], [], new CardEvent.LapseWithdrawn(First, "validity", Deadline), new CardEvent.LossWithdrawn(First, "validity", Deadline));
        Notes([Lapsed, Lost], [Lapse], new CardEvent.LossWithdrawn(First, "validity", Deadline));
    }

    [Fact]
    public void A_withdrawn_lapse_can_be_noted_anew()
    {
        CardEvent[] withdrawn = [Lapsed, new CardEvent.LapseWithdrawn(First, "validity", Deadline)];

        Notes(withdrawn, []);
        Notes(withdrawn, [Lapse], Lapsed);
    }

    private static void Notes(CardEvent[] noted, Lapse[] lapses, params CardEvent[] expected) =>
        Assert.Equal(expected, LapseNotes.Decide(Given(OneLine(noted)).Card.Lines[0], lapses));
}
