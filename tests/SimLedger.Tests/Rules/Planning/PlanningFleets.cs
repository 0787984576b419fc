using SimLedger.Rules;
using SimLedger.Rules.Planning;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>What holds for every plan of every fleet.</summary>
public class PlanningFleets
{
    public static TheoryData<int, int, int> Horizons => new()
    {
        { 0, 7, 1 }, { 1, 0, 2 }, { 1, 7, 3 }, { 12, 30, 4 }, { 36, 7, 5 }, { 36, 0, 6 }, { 36, 365, 7 },
    };

    // Goal: what a plan promises is so. Method: fleets of all shipped packs; every line is followed day by day with the plain evaluator.
    [Theory]
    [MemberData(nameof(Horizons))]
    public void Every_line_is_safe_as_long_as_the_plan_says(int months, int margin, int seed)
    {
        var lines = RandomFleet.Lines(60, seed);
        var request = new PlanRequest(RandomFleet.Now, new Term(months, TermUnit.Month), margin);

        var plan = Planner.Plan(lines, request);

        Assert.Equal(lines.Select(line => line.Id), plan.Lines.Select(line => line.LineId));
        for (var i = 0; i < lines.Count; i++)
        {
            var broken = Safety.Broken(lines[i], request, plan.Lines[i]);
            Assert.True(broken is null, $"{lines[i].Id} of {lines[i].Pack.Code}: {broken}");
        }
    }

    [Theory]
    [MemberData(nameof(Horizons))]
    public void No_line_vanishes_and_each_that_is_not_covered_says_why(int months, int margin, int seed)
    {
        var lines = RandomFleet.Lines(400, seed);

        var plan = Planner.Plan(lines, new PlanRequest(RandomFleet.Now, new Term(months, TermUnit.Month), margin));

        Assert.Equal(lines.Select(line => line.Id), plan.Lines.Select(line => line.LineId));
        Assert.Equal(plan.Lines.Where(line => !line.IsCovered).Select(line => line.LineId).Order(), plan.Uncovered.Select(line => line.LineId).Order());
        Assert.All(plan.Uncovered, line => Assert.Contains(line.Issues, issue => issue <= PlanIssue.NoUsableAction));
        Assert.All(plan.Lines.Where(line => line.IsCovered), line => Assert.DoesNotContain(line.Issues, issue => issue <= PlanIssue.NoUsableAction));
        Assert.All(plan.Lines, line => Assert.Equal(line.Issues.Contains(PlanIssue.PriceUnknown), line.Actions.Any(action => action.Price is null)));
        var ranks = lines.ToDictionary(line => line.Id, line => line.Rank);
        Assert.Equal(plan.Uncovered.Select(line => ranks[line.LineId]).Order(), plan.Uncovered.Select(line => ranks[line.LineId]));
    }

    [Fact]
    public void Months_add_up_to_the_totals_and_both_to_the_actions()
    {
        var lines = RandomFleet.Lines(500, 11);

        var plan = Planner.Plan(lines, new PlanRequest(RandomFleet.Now, new Term(24, TermUnit.Month)));

        var currencies = lines.Select(line => line.Pack.FindProduct(line.Question.Product)?.Currency).ToList();
        foreach (var total in plan.Totals)
        {
            var months = plan.Months.Where(month => month.Currency == total.Currency).ToList();
            var actions = plan.Lines.Where((_, i) => currencies[i] == total.Currency).SelectMany(line => line.Actions).ToList();
            Assert.Equal(total.Amount, months.Sum(month => month.Amount));
            Assert.Equal(total.Amount, actions.Sum(action => action.Price?.Total ?? 0));
            Assert.Equal((total.Unpriced, total.Unpriced), (months.Sum(month => month.Unpriced), actions.Count(action => action.Price is null)));
            Assert.All(months, month => Assert.Equal(month.Amount, actions.Where(action => action.Day.ToYearMonth() == month.Month).Sum(action => action.Price?.Total ?? 0)));
        }

        Assert.True(plan.Totals.Count >= 4);
        Assert.Equal(plan.Months.OrderBy(month => month.Month).ThenBy(month => month.Currency, StringComparer.Ordinal), plan.Months);
    }

    [Fact]
    public void Visits_hold_every_action_once()
    {
        var lines = RandomFleet.Lines(500, 12);

        var plan = Planner.Plan(lines, new PlanRequest(RandomFleet.Now, new Term(12, TermUnit.Month)));

        var carriers = lines.ToDictionary(line => line.Id, line => line.Pack.Code);
        var expected = plan.Lines.SelectMany(line => line.Actions.Select(action => (action.Day, carriers[line.LineId], action.Action.Channel?.Code, line.LineId)).Distinct());
        Assert.Equal(expected.Order(), plan.Visits.SelectMany(visit => visit.LineIds.Select(id => (visit.Day, visit.Carrier, visit.Channel, id))).Order());
        Assert.True(plan.Visits.Count < plan.VisitsUnbatched);
    }

    // Goal: the same answer for the same question, however it is put. Method: plan a fleet twice, the second time in another order.
    [Fact]
    public void The_order_of_the_lines_decides_nothing()
    {
        var lines = RandomFleet.Lines(400, 13);
        var request = new PlanRequest(RandomFleet.Now, new Term(36, TermUnit.Month));
        var shuffled = lines.ToArray();
        new Random(14).Shuffle(shuffled);

        var (one, other) = (Planner.Plan(lines, request), Planner.Plan(shuffled, request));

        var byId = other.Lines.ToDictionary(line => line.LineId);
        Assert.All(one.Lines, line => Assert.Equal(Told(line), Told(byId[line.LineId])));
        Assert.Equal(one.Months, other.Months);
        Assert.Equal((one.Visits.Count, one.VisitsUnbatched), (other.Visits.Count, other.VisitsUnbatched));
    }

    [Fact]
    public void A_plan_that_is_not_wanted_any_more_is_given_up() => Assert.Throws<OperationCanceledException>(() =>
        Planner.Plan(RandomFleet.Lines(100, 15), new PlanRequest(RandomFleet.Now, new Term(36, TermUnit.Month)), new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(-1, TermUnit.Month, 7, 30)]
    [InlineData(37, TermUnit.Month, 7, 30)]
    [InlineData(1, TermUnit.Year, 7, 30)]
    [InlineData(12, TermUnit.Month, -1, 30)]
    [InlineData(12, TermUnit.Month, 366, 30)]
    [InlineData(12, TermUnit.Month, 7, -1)]
    [InlineData(12, TermUnit.Month, 7, 367)]
    public void What_is_out_of_range_is_refused(int n, TermUnit unit, int margin, int batch) =>
        Assert.ThrowsAny<ArgumentException>(() => Planner.Plan([], new PlanRequest(RandomFleet.Now, new Term(n, unit), margin, BatchDays: batch)));

    private static string Told(LinePlan line) =>
        string.Join(';', line.Actions.Select(action => $"{action.Day} {action.LatestDay} {action.Action.Type} {action.Action.Amount} {action.Action.Channel?.Code} {action.EndsOn}"))
            + $"{line.SafeUntil} {string.Join(',', line.Issues)}";
}
