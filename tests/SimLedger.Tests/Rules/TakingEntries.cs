using SimLedger.Rules;
using static SimLedger.Tests.Rules.RuleSpec;

namespace SimLedger.Tests.Rules;

public class TakingEntries
{
    private static readonly string ResetBy30 = $"{{'on':'topUp','by':{{'n':30,{Days}}},'combine':'reset'}}";

    [Fact]
    public void A_void_cancels_wherever_either_stands()
    {
        var pack = Pack(Version(Validity(ResetBy30)));
        var before = new Entry("v", EntryType.Voided, At("2026-01-02"), Voids: "t");

        var standing = Ask(pack, "2026-02-01", before, Activated("2026-01-01"), TopUp("2026-01-20"));

        Assert.Equal((Outcome.None, Outcome.Voided), (standing.Entry("v").Outcome, standing.Entry("t").Outcome));
        Assert.Equal(Date("2026-01-31"), standing.EndsOn);
    }

    [Fact]
    public void A_void_that_is_still_to_come_cancels_nothing()
    {
        var pack = Pack(Version(Validity(ResetBy30)));

        var standing = Ask(pack, "2026-02-01", Activated("2026-01-01"), TopUp("2026-01-20"), new Entry("v", EntryType.Voided, At("2026-02-02"), Voids: "t"));

        Assert.Equal((Outcome.Counted, Outcome.None), (standing.Entry("t").Outcome, standing.Entry("v").Outcome));
        Assert.Equal(Instant("2026-02-01T16:00:00Z"), standing.HoldsUntil);
    }

    [Fact]
    public void A_void_cannot_be_cancelled()
    {
        var pack = Pack(Version(Validity(ResetBy30)));

        var standing = Ask(
            pack,
            "2026-02-01",
            Activated("2026-01-01"),
            TopUp("2026-01-20"),
            new Entry("v", EntryType.Voided, At("2026-01-21"), Voids: "t"),
            new Entry("w", EntryType.Voided, At("2026-01-22"), Voids: "v"),
            new Entry("x", EntryType.Voided, At("2026-01-22"), Voids: "x"));

        Assert.Equal([Outcome.Counted, Outcome.Voided, Outcome.None, Outcome.None, Outcome.None], standing.Entries.Select(entry => entry.Outcome));
    }

    [Fact]
    public void Cancelled_comes_before_later()
    {
        var pack = Pack(Version(Validity(ResetBy30)));

        var standing = Ask(pack, "2026-02-01", TopUp("2026-03-01"), new Entry("v", EntryType.Voided, At("2026-01-01"), Voids: "t"));

        Assert.Equal(Outcome.Voided, standing.Entry("t").Outcome);
        Assert.Null(standing.HoldsUntil);
    }

    [Fact]
    public void At_one_instant_the_order_of_the_record_counts()
    {
        var pack = Pack(Version(Validity(ResetBy30 + $",{{'on':'renewed','by':{{'n':5,{Days}}},'combine':'reset'}}")));
        var renewed = new Entry("r", EntryType.Renewed, At("2026-01-20"));

        Assert.Equal(Date("2026-01-25"), Ask(pack, "2026-02-01", TopUp("2026-01-20"), renewed).EndsOn);
        Assert.Equal(Date("2026-02-19"), Ask(pack, "2026-02-01", renewed, TopUp("2026-01-20")).EndsOn);
    }

    [Fact]
    public void A_local_date_is_that_of_the_carrier()
    {
        var pack = Pack(Version(Validity(ResetBy30)));

        Assert.Equal(Date("2026-02-20"), Ask(pack, "2026-02-01", TopUp("2026-01-20T17:00:00Z")).EndsOn);
        Assert.Equal(Date("2026-02-19"), Ask(pack, "2026-02-01", TopUp("2026-01-20T15:59:59Z")).EndsOn);
    }

    [Fact]
    public void A_stop_ends_the_matter_and_a_later_start_starts_anew()
    {
        const string Clock = "{'id':'c','kind':'balance','startsOn':[{'on':'activated'},{'on':'renewed'}],'stopsOn':[{'on':'renewed'}],'length':{'n':30," +
            "'unit':'day'},'extendedBy':[{'on':'renewed','by':{'n':1,'unit':'day'},'combine':'add'}]}";
        var pack = Pack(Version(Clock));
        var first = new Entry("r1", EntryType.Renewed, At("2026-01-10"));
        var second = new Entry("r2", EntryType.Renewed, At("2026-01-12"));

        var stopped = Ask(pack, "2026-02-01", Activated("2026-01-01"), first);
        Assert.Equal((Outcome.None, Stage.Unstarted, false), (stopped.Entry("r1").Outcome, stopped.Stage, stopped.Clock("c").Running));
        Assert.Equal([Flag.NotStarted], stopped.Flags);

        var again = Ask(pack, "2026-02-01", Activated("2026-01-01"), first, second);
        Assert.Equal(new ClockChange("c", Date("2026-01-31"), Date("2026-02-11"), null, null, null, "1"), again.Entry("r2").Changes.Single());
    }

    [Fact]
    public void A_running_clock_is_not_started_again()
    {
        var standing = Ask(Pack(Version(Validity(ResetBy30))), "2026-02-01", Activated("2026-01-01"), Activated("2026-01-20", "again"));

        Assert.Equal(Outcome.None, standing.Entry("again").Outcome);
        Assert.Equal(Date("2026-01-31"), standing.EndsOn);
    }

    [Fact]
    public void A_stopped_clock_is_not_extended()
    {
        var clock = Validity(ResetBy30, ",'stopsOn':[{'on':'registered'}]");

        var standing = Ask(Pack(Version(clock)), "2026-02-01", Activated("2026-01-01"), new Entry("r", EntryType.Registered, At("2026-01-02")),
            TopUp("2026-01-03"));

        Assert.Equal(Outcome.None, standing.Entry("t").Outcome);
    }

    [Fact]
    public void In_a_lost_line_nothing_starts_and_no_extension_is_taken()
    {
        const string Other = "{'id':'other','kind':'plan','startsOn':[{'on':'renewed'}],'length':{'n':9,'unit':'day'},'extendedBy':[{'on':'renewed'," +
            "'by':{'n':9,'unit':'day'},'combine':'add'}]}";
        const string Lost = ",'ladder':[{'stage':'grace','length':{'n':0,'unit':'day'}}]";
        var renewed = new Entry("r", EntryType.Renewed, At("2026-03-01"));

        var standing = Ask(Pack(Version(Validity(ResetBy30) + "," + Other, Lost)), "2026-03-02", Activated("2026-01-01"), renewed);

        Assert.Equal((Outcome.TooLate, Stage.Lost), (standing.Entry("r").Outcome, standing.Stage));
        Assert.Equal([Flag.TooLate], standing.Flags);
        Assert.Single(standing.Clocks);
    }

    [Fact]
    public void In_a_stage_a_new_clock_may_start_though_no_exit_names_the_entry()
    {
        const string Other = "{'id':'other','kind':'plan','startsOn':[{'on':'renewed'}],'length':{'n':9,'unit':'day'},'extendedBy':[]}";
        const string Closed = ",'ladder':[{'stage':'suspended','length':{'n':90,'unit':'day'},'exits':[]}]";

        var standing = Ask(
            Pack(Version(Validity(ResetBy30) + "," + Other, Closed)),
            "2026-02-15",
            Activated("2026-01-01"),
            new Entry("r", EntryType.Renewed, At("2026-02-10")),
            TopUp("2026-02-11"));

        Assert.Equal((Outcome.Counted, Outcome.TooLate), (standing.Entry("r").Outcome, standing.Entry("t").Outcome));
        Assert.Equal(("validity", Stage.Suspended), (standing.Clock, standing.Stage));
    }

    [Fact]
    public void One_clock_may_be_too_late_while_another_is_moved_and_the_entry_is_too_late()
    {
        const string Other = "{'id':'other','kind':'plan','startsOn':[{'on':'topUp'}],'length':{'n':9,'unit':'day'},'extendedBy':[]}";
        const string Closed = ",'ladder':[{'stage':'suspended','length':{'n':90,'unit':'day'},'exits':[]}]";

        var outcome = Ask(Pack(Version(Validity(ResetBy30) + "," + Other, Closed)), "2026-02-15", Activated("2026-01-01"), TopUp("2026-02-11")).Entry("t");

        Assert.Equal((Outcome.TooLate, "other"), (outcome.Outcome, outcome.Changes.Single().Clock));
    }

    [Fact]
    public void The_stage_of_an_entry_is_the_one_before_it_moves_anything()
    {
        // Both clocks are past their deadline; moving the first does not change what the second finds.
        var second = Validity(ResetBy30).Replace("'id':'validity'", "'id':'second'", StringComparison.Ordinal);
        const string Ladder = ",'ladder':[{'stage':'grace','length':{'n':90,'unit':'day'},'exits':[{'on':'topUp','where':{'minAmount':'5'}}]}]";
        var pack = Pack(Version(Validity(ResetBy30) + "," + second, Ladder));

        Assert.Equal(2, Ask(pack, "2026-03-02", Activated("2026-01-01"), TopUp("2026-03-01", 5)).Entry("t").Changes.Count);
        Assert.Empty(Ask(pack, "2026-03-02", Activated("2026-01-01"), TopUp("2026-03-01", 4)).Entry("t").Changes);
    }

    [Fact]
    public void What_moves_a_clock_gives_it_its_ladder_even_if_the_end_stays()
    {
        var old = Version(Validity($"{{'on':'topUp','by':{{'n':1,{Days}}},'combine':'max'}}"), version: "old",
            effective: "{'from':'2020-01-01','to':'2026-01-31'}");
        var now = Version(Validity($"{{'on':'topUp','by':{{'n':1,{Days}}},'combine':'max'}}"),
            ",'ladder':[{'stage':'grace','length':{'n':9,'unit':'day'}}]", "now", "{'from':'2026-02-01'}");
        var pack = Pack(old + "," + now);
        var history = new[] { Activated("2026-01-20"), TopUp("2026-02-02") };

        Assert.Equal(Stage.Lapsed, Ask(pack, "2026-02-25", history[..1]).Stage);
        var moved = Ask(pack, "2026-02-25", history);
        Assert.Equal((Stage.Grace, Date("2026-02-19"), "now"), (moved.Stage, moved.EndsOn, moved.RuleVersion));
    }

    [Fact]
    public void The_later_of_two_ends_counts_while_the_holder_has_not_stopped()
    {
        const string Plan = "{'id':'plan','kind':'plan','startsOn':[{'on':'renewed'}],'stopsOn':[{'on':'registered'}],'length':{'n':60,'unit':'day'}," +
            "'extendedBy':[]}";
        var held = Validity($"{{'on':'topUp','by':{{'n':10,{Days}}},'combine':'add'}}", ",'notBefore':'plan'");
        var pack = Pack(Version(Plan + "," + held));
        var plan = new Entry("r", EntryType.Renewed, At("2026-01-02"));
        var end = new Entry("x", EntryType.Registered, At("2026-01-05"));

        // Two clocks with one deadline: the one that started first binds.
        Assert.Equal(("validity", Date("2026-03-03")), (Ask(pack, "2026-01-03", Activated("2026-01-01"), plan).Clock,
            Ask(pack, "2026-01-03", Activated("2026-01-01"), plan).EndsOn));
        Assert.Equal(Date("2026-01-31"), Ask(pack, "2026-01-06", Activated("2026-01-01"), plan, end).EndsOn);

        var added = Ask(pack, "2026-01-06", Activated("2026-01-01"), plan, TopUp("2026-01-04")).Entry("t").Changes.Single();
        Assert.Equal((Date("2026-03-03"), Date("2026-03-13")), (added.Before, added.After));
    }

    [Fact]
    public void Every_entry_of_a_line_without_its_product_is_unknown()
    {
        var pack = Pack(Version(Validity(ResetBy30)));

        var standing = Evaluator.Evaluate(pack, About(pack, "2026-02-01", Activated("2026-01-01"),
            Stated("2026-01-02", "2026-12-31")) with { Product = "none" });

        Assert.Equal([Outcome.Unknown, Outcome.Counted], standing.Entries.Select(entry => entry.Outcome));
        Assert.Equal(("stated", Stage.Active), (standing.Clock, standing.Stage));
        Assert.Equal([Flag.RuleUnknown], standing.Flags);
    }

    [Fact]
    public void A_balance_is_remembered_even_where_no_rule_governs()
    {
        var pack = Pack(Version(Validity(ResetBy30), effective: "{'from':'2026-01-01'}"));

        Assert.Equal(new ObservedBalance(12, Date("2025-06-01")), Ask(pack, "2026-02-01", Balance("2025-06-01", 12)).Balance);
    }
}
