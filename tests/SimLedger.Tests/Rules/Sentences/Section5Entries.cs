using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

public class Section5Entries
{
    private static Outcome OfLast(string extension, params Entry[] history) =>
        Ask(Pack(Version(Clock(starts: "", extends: extension))), "2027-01-01", history).Entries[^1].Outcome;

    private static string Sum(string atLeast, string within) => $",'where':{{'cumulativeAtLeast':'{atLeast}','within':{TermOf(within)}}}";

    // "at (instant with offset, or a plain local date: the start of that day)."
    [Theory]
    [InlineData("2026-01-19T23:59:59+08:00", "2026-01-25")]
    [InlineData("2026-01-20T00:00:00+08:00", "2026-01-29")] // The same instant: the order of the record.
    [InlineData("2026-01-20T00:00:01+08:00", "2026-01-29")]
    public void A_plain_date_is_the_start_of_that_day(string renewedAt, string endsOn)
    {
        var pack = Pack(Version(Clock(extends: $"{Extend("topUp", "5 day")},{Extend("renewed", "9 day")}")));

        Assert.Equal(Date(endsOn), Ask(pack, "2026-02-01", Activated("2026-01-01"), TopUp("2026-01-20"), Renewed(renewedAt)).EndsOn);
    }

    // "currency (absent: the product's)."
    [Theory]
    [InlineData(null, Outcome.Counted)]
    [InlineData("PHP", Outcome.Counted)]
    [InlineData("USD", Outcome.None)]
    public void An_absent_currency_is_the_products(string? currency, Outcome outcome) =>
        Assert.Equal(outcome, OfLast(Extend("topUp", "5 day", more: ",'where':{'minAmount':'50'}"), TopUp("2026-01-02", 50) with { Currency = currency }));

    // "balanceAfter (of a balance entry: amount serves too)."
    [Fact]
    public void A_balance_entry_may_tell_it_as_its_amount_and_no_other_entry_does()
    {
        var pack = Pack(Version(Clock()));

        Assert.Equal(5m, Ask(pack, "2026-01-05", Balance("2026-01-02", 5)).Balance?.Amount);
        Assert.Equal(7m, Ask(pack, "2026-01-05", Balance("2026-01-02", 5) with { BalanceAfter = 7 }).Balance?.Amount);
        Assert.Equal(8m, Ask(pack, "2026-01-05", TopUp("2026-01-02", 9) with { BalanceAfter = 8 }).Balance?.Amount);
        Assert.Null(Ask(pack, "2026-01-05", TopUp("2026-01-02", 9)).Balance);
    }

    // "balanceAtMost, balanceAtLeast (this entry's balance, else the last known)": one in another currency is none.
    [Fact]
    public void A_balance_in_another_currency_leaves_the_last_known_to_look_at()
    {
        var extension = Extend("topUp", "5 day", more: ",'where':{'balanceAtMost':'0'}");
        var foreign = TopUp("2026-01-03") with { BalanceAfter = 0, Currency = "USD" };

        Assert.Equal(Outcome.None, OfLast(extension, Balance("2026-01-02", 50), foreign));
        Assert.Equal(Outcome.Counted, OfLast(extension, Balance("2026-01-02", 0), foreign with { BalanceAfter = 50 }));
    }

    // "cumulativeAtLeast + within: the amounts of the entries so far, this one included ... add up to it."
    [Fact]
    public void A_sum_holds_this_entry_and_those_before_it_and_none_after()
    {
        var pack = Pack(Version(Clock(starts: "", extends: Extend("topUp", "5 day", more: Sum("100", "30 day")))));

        var standing = Ask(pack, "2027-01-01", TopUp("2026-01-20", 60, "second"), TopUp("2026-01-10", 40, "first"), TopUp("2026-01-10", 100, "alone"));

        Assert.Equal([Outcome.Counted, Outcome.None, Outcome.Counted], standing.Entries.Select(entry => entry.Outcome));
    }

    // "... add up to it."
    [Theory]
    [InlineData(39.99, Outcome.None)]
    [InlineData(40.0, Outcome.Counted)]
    public void A_sum_must_reach_the_whole_of_it(double earlier, Outcome outcome) =>
        Assert.Equal(
            outcome, OfLast(Extend("topUp", "5 day", more: Sum("100", "30 day")), TopUp("2026-01-10", (decimal)earlier, "t0"), TopUp("2026-01-20", 60)));

    // "... that match the trigger's other members": its type is one of them.
    [Fact]
    public void A_sum_holds_only_entries_of_the_triggers_type() =>
        Assert.Equal(Outcome.None, OfLast(Extend("topUp", "5 day", more: Sum("100", "30 day")), Used("2026-01-10", 60), TopUp("2026-01-20", 60)));

    // "... and whose local date is after D - within."
    [Theory]
    [InlineData("2026-02-28", "1 month", Outcome.None)] // 31 March less a month is the last of February.
    [InlineData("2026-03-01", "1 month", Outcome.Counted)]
    [InlineData("2025-03-31", "1 year", Outcome.None)]
    [InlineData("2025-04-01", "1 year", Outcome.Counted)]
    [InlineData("2026-03-31", "0 day", Outcome.None)] // Not even this entry's own day is after it.
    public void A_sum_reaches_back_to_the_day_after_the_term(string earlier, string within, Outcome outcome) =>
        Assert.Equal(outcome, OfLast(Extend("topUp", "5 day", more: Sum("100", within)), TopUp(earlier, 40, "t0"), TopUp("2026-03-31", 60)));

    // "An amount in another currency than the product's matches no minAmount, maxAmount, cumulativeAtLeast, tiers or perUnit."
    [Theory]
    [InlineData(",'where':{'minAmount':'1'},'by':{'n':5,'unit':'day'}")]
    [InlineData(",'where':{'maxAmount':'1000'},'by':{'n':5,'unit':'day'}")]
    [InlineData(",'where':{'cumulativeAtLeast':'1','within':{'n':5,'unit':'day'}},'by':{'n':5,'unit':'day'}")]
    [InlineData(",'tiers':[{'from':'1','by':{'n':5,'unit':'day'}}]")]
    [InlineData(",'perUnit':{'amount':'1','by':{'n':5,'unit':'day'}}")]
    public void An_amount_in_another_currency_matches_nothing_that_looks_at_one(string looks)
    {
        Assert.Equal(Outcome.None, OfLast(Extend("topUp", "", more: looks), TopUp("2026-01-02", 100) with { Currency = "USD" }));
        Assert.Equal(Outcome.Counted, OfLast(Extend("topUp", "", more: looks), TopUp("2026-01-02", 100)));
    }

    // "An extension that looks at no amount still applies."
    [Fact]
    public void An_extension_that_looks_at_no_amount_still_applies()
    {
        Assert.Equal(Outcome.Counted, OfLast(Extend("topUp", "5 day"), TopUp("2026-01-02", 100) with { Currency = "USD" }));
        Assert.Equal(
            Outcome.Counted,
            OfLast(Extend("topUp", ""), TopUp("2026-01-02", 100) with { Currency = "USD", Period = new Term(5, TermUnit.Day) }));
    }
}
