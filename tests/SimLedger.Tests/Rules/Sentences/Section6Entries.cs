using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section6Entries
{
    private static readonly RulePack ByTopUp = Pack(Version(Clock(extends: Extend("topUp", "30 day"))));

    // "Those whose instant is after the instant asked (outcome later)" are set aside: one at that very instant is not.
    [Theory]
    [InlineData("2026-01-20T10:00:00+08:00", Outcome.Counted, "2026-02-19")]
    [InlineData("2026-01-20T10:00:00.000000001+08:00", Outcome.Later, "2026-01-31")]
    public void An_entry_at_the_instant_asked_counts_and_one_after_it_is_later(string at, Outcome outcome, string endsOn)
    {
        var standing = Ask(ByTopUp, "2026-01-20T10:00:00+08:00", Activated("2026-01-01"), TopUp(at));

        Assert.Equal((outcome, Date(endsOn)), (standing.Entry("t").Outcome, standing.EndsOn));
    }

    // "A later voided entry cancels nothing": one at the instant asked does.
    [Theory]
    [InlineData("2026-01-21T00:00:00+08:00", Outcome.Voided)]
    [InlineData("2026-01-21T00:00:01+08:00", Outcome.Counted)]
    public void A_void_cancels_from_its_instant_on(string voidedAt, Outcome outcome) =>
        Assert.Equal(outcome, Ask(ByTopUp, "2026-01-21", Activated("2026-01-01"), TopUp("2026-01-20"), Voided(voidedAt, "t")).Entry("t").Outcome);

    // "A voided entry itself takes no part in what follows."
    [Fact]
    public void A_void_takes_no_part_whatever_it_holds()
    {
        var pack = Pack(Version(Clock(starts: "voided", extends: Extend("voided", "5 day")), effective: Effective("2026-01-01")));
        var voided = Voided("2025-12-31", "t") with { Amount = 5, BalanceAfter = -5 };

        var standing = Ask(pack, "2026-02-01", voided, voided with { Id = "w", At = At("2026-01-02"), Currency = "USD" });

        Assert.Equal([Outcome.None, Outcome.None], standing.Entries.Select(entry => entry.Outcome));
        Assert.Equal([Flag.NotStarted], standing.Flags);
        Assert.Equal((null, 0), (standing.Balance, standing.Clocks.Count));
    }

    // "The rest are taken in the order of their instants, ties in record order, so a backdated entry changes the result as if it had been recorded in time."
    [Fact]
    public void A_backdated_entry_changes_what_the_ones_after_it_found()
    {
        var standing = Ask(ByTopUp, "2026-03-01", Activated("2026-01-01"), TopUp("2026-02-05", id: "late"), TopUp("2026-01-20", id: "backdated"));

        Assert.Equal((Date("2026-02-19"), Date("2026-03-07")), (standing.Change("late").Before, standing.Change("late").After));
        Assert.Equal(["a", "late", "backdated"], standing.Entries.Select(entry => entry.Id)); // Told in the order of the record.
    }

    // "Ties in record order": of many entries at one instant too.
    [Fact]
    public void Entries_of_one_instant_keep_the_order_of_the_record()
    {
        Entry[] tied = [.. Enumerable.Range(1, 40).Select(i => TopUp("2026-01-20", i, $"t{i}") with { BalanceAfter = i })];

        Assert.Equal(40m, Ask(ByTopUp, "2026-03-01", [TopUp("2026-01-21", id: "last"), .. tied]).Balance?.Amount);
    }
}
