using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;
using static SimLedger.Tests.Rules.Sentences.RuleText;

namespace SimLedger.Tests.Rules.Sentences;

/// <summary>The clock runs from 1 to 31 January; the top-up comes on 10 January, or on 10 February when it no longer runs.</summary>
public class Section6Combine
{
    private const string Running = "2026-01-10";
    private const string RunOut = "2026-02-10";

    private static ClockChange Moved(string extension, Entry topUp, string limits = "", string promotions = "", string kind = "validity") =>
        Ask(
            RuleSpec.Pack(
                Version(Clock(kind: kind, extends: extension), limits), promotions: promotions, offers: "{'code':'BIG','kind':'topUp','amount':'100'}",
                channels: "{'code':'web','kind':'site','online':true,'trust':'carrier'}"),
            "2027-01-01", Activated("2026-01-01"), topUp).Change("t");

    // The table of modes; "for one that does not run add and max are reset".
    [Theory]
    [InlineData("reset", Running, "2026-02-19")]
    [InlineData("add", Running, "2026-03-12")]
    [InlineData("max", Running, "2026-02-19")]
    [InlineData("afterPlan", Running, "2026-02-19")]
    [InlineData("endOfMonth", Running, "2026-02-28")]
    [InlineData("reset", RunOut, "2026-03-22")]
    [InlineData("add", RunOut, "2026-03-22")]
    [InlineData("max", RunOut, "2026-03-22")]
    [InlineData("afterPlan", RunOut, "2026-03-22")]
    [InlineData("endOfMonth", RunOut, "2026-03-31")]
    public void Each_mode_has_its_sum(string combine, string at, string after) =>
        Assert.Equal(Date(after), Moved(Extend("topUp", "40 day", combine), TopUp(at)).After);

    // "max: the later of C and D + N."
    [Theory]
    [InlineData(20, "2026-01-31", 20)]
    [InlineData(21, "2026-01-31", 21)] // The same day: it leaves C as it was.
    [InlineData(22, "2026-02-01", null)]
    public void A_max_keeps_the_later_end_and_says_what_it_left(int n, string after, int? wasted)
    {
        var change = Moved(Extend("topUp", $"{n} day", "max"), TopUp(Running));

        Assert.Equal((Date(after), wasted, null), (change.After, change.WastedDays, change.ShortenedDays));
    }

    // "For a max that leaves C as it was the whole of N": another mode that comes to the same day wastes nothing.
    [Fact]
    public void A_reset_to_the_same_day_wastes_nothing()
    {
        var change = Moved(Extend("topUp", "21 day"), TopUp(Running));

        Assert.Equal((Date("2026-01-31"), null, null), (change.After, change.WastedDays, change.ShortenedDays));
    }

    // "set: the entry's endsOn", earlier or later, running or not; "shortenedDays, C - result, when a running clock's end moves earlier."
    [Theory]
    [InlineData(Running, "2026-01-20", 11)]
    [InlineData(Running, "2026-12-31", null)]
    [InlineData(RunOut, "2026-01-20", null)]
    public void A_set_takes_the_end_of_the_entry(string at, string endsOn, int? shortened)
    {
        var change = Moved(Extend("topUp", "", "set"), TopUp(at) with { EndsOn = Date(endsOn) });

        Assert.Equal((Date(endsOn), shortened), (change.After, change.ShortenedDays));
    }

    // "afterPlan: end date of the first clock of kind plan that ever started, else D, + N": first to start, not first in the version or last to end.
    [Fact]
    public void After_a_plan_means_the_plan_that_first_started()
    {
        var plans = Clock("one", "plan", "registered", "50 day") + "," + Clock("two", "plan", "renewed", "5 day");
        var pack = Pack(Version(plans + "," + Clock(extends: Extend("topUp", "10 day", "afterPlan"))));

        var standing = Ask(pack, "2026-02-01", Activated("2026-01-01"), Renewed("2026-01-02"), Registered("2026-01-03"), TopUp("2026-01-04"));

        Assert.Equal(Date("2026-01-17"), standing.Change("t").After);
    }

    // "shortenedDays ... when a running clock's end moves earlier": one that ran out is not shortened.
    [Theory]
    [InlineData("2026-01-30", 14)]
    [InlineData("2026-02-01", null)]
    public void Only_a_running_clock_is_shortened(string at, int? shortened)
    {
        var pack = Pack(Version(Clock(extends: Extend("topUp", "10 day", "afterPlan")) + "," + Clock("plan", "plan", length: "6 day")));

        var change = Ask(pack, "2026-02-02", Activated("2026-01-01"), TopUp(at)).Change("t");

        Assert.Equal((Date("2026-01-17"), shortened), (change.After, change.ShortenedDays));
    }

    // "endOfMonth: last day of the month of D + N."
    [Theory]
    [InlineData("21 day", "2026-01-31")]
    [InlineData("22 day", "2026-02-28")]
    [InlineData("0 day", "2026-01-31")]
    [InlineData("25 month", "2028-02-29")]
    public void The_end_of_the_month_is_that_of_the_day_reached(string by, string after) =>
        Assert.Equal(Date(after), Moved(Extend("topUp", by, "endOfMonth"), TopUp(Running)).After);

    // "A promotion's bonusDays are added if the extension says bonus: true and the entry names a promotion of the product": to every mode's result.
    [Theory]
    [InlineData("reset", ",'bonus':true", "PLUS", "2026-02-26")]
    [InlineData("add", ",'bonus':true", "PLUS", "2026-03-19")]
    [InlineData("max", ",'bonus':true", "PLUS", "2026-02-26")]
    [InlineData("endOfMonth", ",'bonus':true", "PLUS", "2026-03-07")]
    [InlineData("reset", ",'bonus':false", "PLUS", "2026-02-19")]
    [InlineData("reset", "", "PLUS", "2026-02-19")]
    [InlineData("reset", ",'bonus':true", "GIFT", "2026-02-19")]
    [InlineData("reset", ",'bonus':true", null, "2026-02-19")]
    public void Bonus_days_need_a_rule_and_an_entry_that_say_so(string combine, string bonus, string? promotion, string after) =>
        Assert.Equal(Date(after), Moved(Extend("topUp", "40 day", combine, bonus), TopUp(Running) with { Promotion = promotion }, promotions: Plus()).After);

    // "... that is open on D for its channel (code or kind) and offer."
    [Theory]
    [InlineData("", "2026-01-10", "2026-01-10", null, null, true)]
    [InlineData("", "2026-01-11", "2026-01-12", null, null, false)]
    [InlineData("", "2026-01-08", "2026-01-09", null, null, false)]
    [InlineData(",'channels':['web']", "2026-01-01", "2026-01-31", "web", null, true)]
    [InlineData(",'channels':['site']", "2026-01-01", "2026-01-31", "web", null, true)]
    [InlineData(",'channels':['store']", "2026-01-01", "2026-01-31", "web", null, false)]
    [InlineData(",'channels':['web']", "2026-01-01", "2026-01-31", null, null, false)]
    [InlineData(",'offers':['BIG']", "2026-01-01", "2026-01-31", null, "BIG", true)]
    [InlineData(",'offers':['BIG']", "2026-01-01", "2026-01-31", null, "SMALL", false)]
    [InlineData(",'offers':['BIG']", "2026-01-01", "2026-01-31", null, null, false)]
    public void A_promotion_must_be_open_on_the_day_for_channel_and_offer(string more, string from, string to, string? channel, string? offer, bool open)
    {
        var topUp = TopUp(Running) with { Promotion = "PLUS", Channel = channel, Offer = offer };

        var change = Moved(Extend("topUp", "40 day", more: ",'bonus':true"), topUp, promotions: Plus(more, from, to));

        Assert.Equal(open ? Date("2026-02-26") : Date("2026-02-19"), change.After);
    }

    // "The result is cut to D + cap and, for kind validity, to D + maxRemaining": the shorter of the two. "wastedDays, the days cut off."
    [Theory]
    [InlineData("validity", 20, 30, "2026-01-30", 20)]
    [InlineData("validity", 30, 20, "2026-01-30", 20)]
    [InlineData("plan", 30, 20, "2026-02-09", 10)]
    [InlineData("validity", 40, 40, "2026-02-19", null)] // Reached, not cut.
    [InlineData("validity", 39, 40, "2026-02-18", 1)]
    [InlineData("validity", 50, 60, "2026-02-19", null)] // Far from either.
    public void The_shorter_cut_counts(string kind, int cap, int most, string after, int? wasted)
    {
        var extension = Extend("topUp", "40 day", more: $",'cap':{TermOf($"{cap} day")}");

        var change = Moved(extension, TopUp(Running), $",'limits':{{'maxRemaining':{TermOf($"{most} day")}}}", kind: kind);

        Assert.Equal((Date(after), wasted), (change.After, change.WastedDays));
    }

    // "But with add and max on a running clock never below C." C is 31 January; 10 days from the entry would be the 20th.
    [Theory]
    [InlineData("add", ",'cap':{'n':10,'unit':'day'}", "", Running, "2026-01-31", 40)]
    [InlineData("max", ",'cap':{'n':10,'unit':'day'}", "", Running, "2026-01-31", 40)]
    [InlineData("reset", ",'cap':{'n':10,'unit':'day'}", "", Running, "2026-01-20", 30)]
    [InlineData("endOfMonth", ",'cap':{'n':10,'unit':'day'}", "", Running, "2026-01-20", 39)]
    [InlineData("add", "", ",'limits':{'maxRemaining':{'n':10,'unit':'day'}}", Running, "2026-01-31", 40)]
    [InlineData("max", "", ",'limits':{'maxRemaining':{'n':10,'unit':'day'}}", Running, "2026-01-31", 40)]
    [InlineData("add", ",'cap':{'n':10,'unit':'day'}", "", RunOut, "2026-02-20", 30)]
    [InlineData("max", "", ",'limits':{'maxRemaining':{'n':10,'unit':'day'}}", RunOut, "2026-02-20", 30)]
    public void A_cut_never_takes_an_addition_or_a_max_on_a_running_clock_below_its_end(
        string combine, string cap, string limits, string at, string after, int wasted)
    {
        var change = Moved(Extend("topUp", "40 day", combine, cap), TopUp(at), limits);

        Assert.Equal((Date(after), wasted), (change.After, change.WastedDays));
    }

    // "In this order": the bonus is in the result when it is cut, so it is among the days cut off.
    [Fact]
    public void The_bonus_is_added_before_the_cut()
    {
        var extension = Extend("topUp", "40 day", more: $",'bonus':true,'cap':{TermOf("42 day")}");

        var change = Moved(extension, TopUp(Running) with { Promotion = "PLUS" }, promotions: Plus());

        Assert.Equal((Date("2026-02-21"), 5), (change.After, change.WastedDays));
    }

    // "set gets neither bonus nor cut."
    [Fact]
    public void A_set_gets_neither_bonus_nor_cut()
    {
        var extension = Extend("topUp", "", "set", ",'bonus':true,'cap':{'n':1,'unit':'day'}");

        var change = Moved(extension, TopUp(Running) with { EndsOn = Date("2026-06-30"), Promotion = "PLUS" }, promotions: Plus());

        Assert.Equal((Date("2026-06-30"), null), (change.After, change.WastedDays));
    }

    // "For a max that leaves C as it was the whole of N in days from D": by the calendar, and a bonus that moves the end is no waste.
    [Theory]
    [InlineData("1 month", "2026-01-31", null, "2026-12-31", 28)] // From 31 January to 28 February.
    [InlineData("1 month", "2026-01-31", "PLUS", "2027-01-07", null)]
    public void A_max_that_leaves_the_end_wastes_its_whole_term(string by, string at, string? promotion, string after, int? wasted)
    {
        var pack = RuleSpec.Pack(Version(Clock(extends: Extend("topUp", by, "max", ",'bonus':true"))), promotions: Plus());

        var change = Ask(pack, "2026-02-01", Activated("2026-01-01"), Stated("2026-01-02", "2026-12-31"), TopUp(at) with { Promotion = promotion }).Change("t");

        Assert.Equal((Date(after), wasted), (change.After, change.WastedDays));
    }
}
