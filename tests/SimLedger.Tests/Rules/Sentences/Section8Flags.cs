using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section8Flags
{
    private static readonly string TopUps = Clock(starts: "topUp", extends: Extend("topUp", "30 day"));

    private static bool IsOutside(string limits, params Entry[] history) =>
        Ask(Pack(Version(TopUps, $",'limits':{{{limits}}}")), "2027-01-01", history).Flags.Contains(Flag.OutsideLimits);

    // "arrears (last known balance below zero)."
    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(5, -1, true)]
    [InlineData(-1, 5, false)]
    public void Arrears_are_a_last_known_balance_below_zero(int before, int last, bool flagged)
    {
        var standing = Ask(Pack(Version(Clock())), "2026-01-05", Activated("2026-01-01"), Balance("2026-01-02", before, "b1"), Balance("2026-01-03", last));

        Assert.Equal(flagged, standing.Flags.Contains(Flag.Arrears));
    }

    // "currencyMismatch (an entry not set aside holds an amount in another currency)": also where no rule governs; a currency without an amount holds none.
    [Fact]
    public void A_currency_mismatch_is_an_amount_in_another_currency_of_an_entry_not_set_aside()
    {
        var pack = Pack(Version(Clock(), effective: Effective("2026-01-01")));
        var foreign = TopUp("2026-01-02", 5) with { Currency = "USD" };
        bool Flagged(params Entry[] history) => Ask(pack, "2026-01-05", history).Flags.Contains(Flag.CurrencyMismatch);

        Assert.True(Flagged(foreign));
        Assert.True(Flagged(foreign with { At = At("2025-01-02") }));
        Assert.True(Flagged(foreign with { Amount = null, BalanceAfter = 5 }));
        Assert.False(Flagged(foreign with { Amount = null }));
        Assert.False(Flagged(foreign with { Currency = "PHP" }));
        Assert.False(Flagged(foreign, Voided("2026-01-03", "t")));
        Assert.False(Flagged(foreign with { At = At("2026-01-06") }));
    }

    // The same: of a product that the pack does not have nobody knows the currency, so none is another one.
    [Fact]
    public void Without_its_product_no_amount_of_a_line_is_in_another_currency()
    {
        var pack = Pack(Version(Clock()));
        var question = About(pack, "2026-01-05", TopUp("2026-01-02", 5) with { Currency = "USD", BalanceAfter = 7 }) with { Product = "none" };

        Assert.Equal([Flag.RuleUnknown], Evaluator.Evaluate(pack, question).Flags);
        Assert.Equal(7m, Evaluator.Evaluate(pack, question).Balance?.Amount);
    }

    // "outsideLimits (a top-up in the product's currency below minTopUp, above maxTopUp ...)": no other entry, no amount in another currency.
    [Theory]
    [InlineData(49.99, true)]
    [InlineData(50.0, false)]
    [InlineData(100.0, false)]
    [InlineData(100.01, true)]
    [InlineData(null, false)]
    public void A_top_up_outside_the_limits_is_flagged(double? amount, bool flagged)
    {
        const string Limits = "'minTopUp':'50','maxTopUp':'100'";

        Assert.Equal(flagged, IsOutside(Limits, TopUp("2026-01-02", (decimal?)amount)));
        Assert.False(IsOutside(Limits, TopUp("2026-01-02", (decimal?)amount) with { Currency = "USD" }));
        Assert.False(IsOutside(Limits, TopUp("2026-01-02", (decimal?)amount) with { Type = EntryType.Renewed }));
    }

    // "... or that brings its local calendar month's top-ups above maxPerMonth."
    [Theory]
    [InlineData("2026-01-31T15:59:59Z", 41, true)]
    [InlineData("2026-01-31T15:59:59Z", 40, false)] // Up to it is not above it.
    [InlineData("2026-01-31T16:00:00Z", 41, false)] // February at the carrier.
    [InlineData("2026-01-01T00:00:00+08:00", 41, true)]
    [InlineData("2025-12-31T23:59:59+08:00", 41, false)]
    [InlineData("2025-01-15", 41, false)] // The same month of another year.
    public void Top_ups_of_one_local_month_add_up(string other, int amount, bool flagged)
    {
        const string Limits = "'maxPerMonth':'100'";

        Assert.Equal(flagged, IsOutside(Limits, TopUp("2026-01-15", 60, "t1"), TopUp(other, amount)));
        Assert.False(IsOutside(Limits, TopUp("2026-01-15", 60, "t1"), TopUp(other, amount) with { Currency = "USD" }));
        Assert.False(IsOutside(Limits, Used("2026-01-15", 60), TopUp(other, amount)));
    }

    // "... by the version governing it": a top-up of the month counts whichever version it was under.
    [Theory]
    [InlineData("2026-01-31", false)]
    [InlineData("2026-02-02", true)]
    public void The_limits_are_those_of_the_version_that_governs_the_top_up(string at, bool flagged)
    {
        var pack = Pack(
            Version(TopUps, version: "1", effective: Effective("2020-01-01", "2026-02-01")) + "," +
            Version(TopUps, ",'limits':{'maxPerMonth':'100'}", "2", Effective("2026-02-02")));

        var standing = Ask(pack, "2026-03-01", TopUp("2026-02-01", 60, "t1"), TopUp(at, 60));

        Assert.Equal(flagged, standing.Flags.Contains(Flag.OutsideLimits));
    }

    // "... that brings its local calendar month's top-ups above maxPerMonth": those after it, here under a version without limits, are not its doing.
    [Fact]
    public void A_top_up_is_not_above_the_limit_on_account_of_one_after_it()
    {
        var pack = Pack(
            Version(TopUps, ",'limits':{'maxPerMonth':'100'}", "1", Effective("2020-01-01", "2026-01-15")) + "," +
            Version(TopUps, version: "2", effective: Effective("2026-01-16")));

        Assert.Empty(Ask(pack, "2026-02-01", TopUp("2026-01-10", 60, "t1"), TopUp("2026-01-20", 60)).Flags);
    }

    // "It counts all the same."
    [Fact]
    public void What_is_outside_the_limits_counts()
    {
        var standing = Ask(Pack(Version(TopUps, ",'limits':{'maxTopUp':'100'}")), "2026-01-05", TopUp("2026-01-02", 101));

        Assert.Equal((Outcome.Counted, Date("2026-02-01")), (standing.Entry("t").Outcome, standing.EndsOn));
        Assert.Equal([Flag.OutsideLimits], standing.Flags);
    }

    // "When no clock binds the standing is flagged ruleUnknown if no version governs the date asked or some entry was unknown, else notStarted."
    [Theory]
    [InlineData("2026-01-05", null, Flag.NotStarted)]
    [InlineData("2025-12-31", null, Flag.RuleUnknown)]
    [InlineData("2026-01-05", "2025-12-31", Flag.RuleUnknown)]
    [InlineData("2026-01-05", "2026-01-02", Flag.NotStarted)]
    [InlineData("2026-01-05", "2026-01-06", Flag.NotStarted)] // Still to come.
    public void A_line_that_nothing_binds_says_why(string asOf, string? usedAt, Flag flag)
    {
        Entry[] history = usedAt is null ? [] : [Used(usedAt)];

        Assert.Equal([flag], Ask(Pack(Version(Clock(), effective: Effective("2026-01-01"))), asOf, history).Flags);
    }

    // The same: where a clock binds neither is raised on account of the date asked.
    [Fact]
    public void A_line_that_a_clock_binds_has_started() =>
        Assert.Empty(Ask(Pack(Version(Clock(), effective: Effective("2026-01-01", "2026-01-10"))), "2026-01-20", Activated("2026-01-01")).Flags);

    // The same: an entry counted by the carrier's word alone was not unknown, and both flags are told of a line it started and a version then stopped.
    [Fact]
    public void The_carriers_word_without_a_rule_is_no_unknown_entry()
    {
        var pack = Pack(
            Version(Clock("old"), version: "1", effective: Effective("2026-01-01", "2026-01-10")) + "," +
            Version(Clock("new"), version: "2", effective: Effective("2026-02-01")));

        var standing = Ask(pack, "2026-02-05", Activated("2026-01-01"), Stated("2026-01-20", "2026-06-30"));

        Assert.Equal((Stage.Unstarted, Outcome.Counted), (standing.Stage, standing.Entry("s").Outcome));
        Assert.Equal([Flag.NotStarted, Flag.RuleUnknown], standing.Flags);
    }
}
