using System.Numerics;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>Lines brought together on days.</summary>
public class SharedVisits
{
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 20, 4, 0);
    private static readonly LocalDate Today = new(2026, 1, 20);

    // Goal: lines that act once, by one channel, cost as few visits as can be. Method: lines made by chance; all sets of days of a short horizon are tried.
    [Fact]
    public void Lines_with_one_action_each_share_as_few_visits_as_can_be()
    {
        var saved = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var chance = new Random(seed);
            var closed = new[] { "mon", "tue", "wed", "thu", "fri", "sat", "sun" }.Where(_ => chance.Next(4) == 0).Take(5);
            var pack = OneChannel($",'closedOn':[{string.Join(',', closed.Select(day => $"'{day}'"))}],'creditTakesDays':{chance.Next(0, 3)}");
            var request = new PlanRequest(Now, new Term(14, TermUnit.Day), chance.Next(0, 3), BatchDays: chance.Next(1, 15));
            var lines = Enumerable.Range(0, chance.Next(2, 7)).Select(i => Line($"{i}", pack, Today.PlusDays(-chance.Next(17, 27)))).ToList();

            var plan = Planner.Plan(lines, request);
            if (plan.Lines.Any(line => line.Actions is not [{ IsLate: false }])) continue;

            var windows = lines.Select((line, i) => Window(line, plan.Lines[i].Actions[0], request));
            Assert.Equal((seed, Fewest([.. windows])), (seed, plan.Visits.Count));
            Assert.True(plan.Visits.Count <= plan.VisitsUnbatched);
            saved += plan.VisitsUnbatched - plan.Visits.Count;
        }

        Assert.True(saved > 100);
    }

    [Fact]
    public void Nothing_is_moved_where_no_visit_is_saved()
    {
        var pack = OneChannel("");
        PlanLine[] lines = [Line("a", pack, Today.PlusDays(-20)), Line("b", pack, Today.PlusDays(-10))];

        var plan = Planner.Plan(lines, new PlanRequest(Now, new Term(14, TermUnit.Day), BatchDays: 2));

        Assert.All(plan.Lines, line => Assert.All(line.Actions, action => Assert.Equal(action.LatestDay, action.Day)));
        Assert.Equal((2, 2), (plan.Visits.Count, plan.VisitsUnbatched));
    }

    [Fact]
    public void Lines_come_together_without_any_of_them_paying_more()
    {
        var pack = OneChannel("");
        var lines = Enumerable.Range(0, 20).Select(i => Line($"{i}", pack, Today.PlusDays(-i))).ToList();
        var request = new PlanRequest(Now, new Term(24, TermUnit.Month));

        var (together, alone) = (Planner.Plan(lines, request), Planner.Plan(lines, request with { BatchDays = 0 }));

        Assert.True(together.Visits.Count < alone.Visits.Count / 4, $"{together.Visits.Count} of {alone.Visits.Count}");
        Assert.Equal(alone.Visits.Count, together.VisitsUnbatched);
        Assert.Equal(alone.Totals, together.Totals);
        for (var i = 0; i < lines.Count; i++)
        {
            Assert.Null(Safety.Broken(lines[i], request, together.Lines[i]));
            Assert.Equal(Paid(alone.Lines[i]), Paid(together.Lines[i]));
            Assert.All(together.Lines[i].Actions, action => Assert.InRange(Period.DaysBetween(action.Day, action.LatestDay), 0, request.BatchDays));
        }
    }

    [Fact]
    public void Among_channels_of_one_price_the_one_is_taken_by_which_most_lines_can_come_along()
    {
        var channels = "{'code':'c0','kind':'site','online':true,'trust':'carrier','needs':['physicalSim']},{'code':'c1','kind':'app','online':true,'trust':'carrier'}";
        var pack = RuleSpec.Pack(Rule, channels: channels);
        PlanLine[] lines =
        [
            Line("a", pack, Today.PlusDays(-20)),
            Line("b", pack, Today.PlusDays(-20)) with { FormFactor = FormFactor.Esim },
            Line("c", pack, Today.PlusDays(-20)) with { FormFactor = FormFactor.Esim },
        ];

        var plan = Planner.Plan(lines, new PlanRequest(Now, new Term(20, TermUnit.Day)));

        var visit = Assert.Single(plan.Visits);
        Assert.Equal(("xx-spec", "c1", 3), (visit.Carrier, visit.Channel, visit.LineIds.Count));
        Assert.Equal(2, plan.VisitsUnbatched);
    }

    private static readonly string Rule = RuleSpec.Version(RuleSpec.Validity("{'on':'topUp','where':{'minAmount':'50'},'by':{'n':30,'unit':'day'},'combine':'reset'}"));

    private static RulePack OneChannel(string more) => RuleSpec.Pack(Rule, channels: $"{{'code':'c0','kind':'site','online':true,'trust':'carrier'{more}}}");

    private static PlanLine Line(string id, RulePack pack, LocalDate activated) =>
        new(id, pack, new Question("p", [new Entry("a", EntryType.Activated, EntryTime.On(activated))], Now));

    private static decimal Paid(LinePlan plan) => plan.Actions.Sum(action => action.Price!.Total);

    /// <summary>The days of the horizon on which a line may act, as bits; reckoned without the planner.</summary>
    private static int Window(PlanLine line, PlannedAction action, PlanRequest request)
    {
        var channel = action.Action.Channel!;
        var standing = Evaluator.Evaluate(line.Pack, line.Question with { AsOf = Now, MarginDays = request.MarginDays, Channel = channel.Code });
        var (days, last) = (0, Period.DaysBetween(Today, standing.RenewBy!.Value));
        for (var day = Math.Max(0, last - request.BatchDays); day <= last; day++)
        {
            if (!channel.ClosedOn.Contains(Today.PlusDays(day).DayOfWeek)) days |= 1 << day;
        }

        return days;
    }

    private static int Fewest(IReadOnlyList<int> windows) =>
        Enumerable.Range(0, 1 << 15).Where(days => windows.All(window => (window & days) != 0)).Min(days => BitOperations.PopCount((uint)days));
}
