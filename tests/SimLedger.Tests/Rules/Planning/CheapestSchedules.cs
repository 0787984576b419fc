using System.Globalization;
using SimLedger.Rules.Planning;
using Xunit.Abstractions;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>The planner against all schedules there are.</summary>
public class CheapestSchedules(ITestOutputHelper output)
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("SIMLEDGER_PLAN_CASES") ?? "250", CultureInfo.InvariantCulture);
    private static readonly int FirstSeed = int.Parse(Environment.GetEnvironmentVariable("SIMLEDGER_PLAN_SEED") ?? "0", CultureInfo.InvariantCulture);

    // Goal: no schedule is cheaper. Method: packs and lines made by chance; every day and action is tried for one that costs less or covers more.
    [Fact]
    public void No_schedule_is_cheaper_than_the_plan()
    {
        var (compared, withActions, givenUp, approximate) = (0, 0, 0, 0);
        for (var seed = FirstSeed; seed < FirstSeed + Cases; seed++)
        {
            var (line, request) = (TinyCase.Of(seed).Line, TinyCase.Of(seed).Request);
            var plan = Planner.Plan([line], request).Lines[0];
            if (plan.Issues.Any(issue => issue is PlanIssue.Late or PlanIssue.NotStarted or PlanIssue.RuleUnknown && plan.SafeUntil is null)) continue;

            Assert.True(Safety.Broken(line, request, plan) is null, $"{seed}: {Safety.Broken(line, request, plan)} in {Told(plan)}");

            if (plan.Issues.Contains(PlanIssue.Approximate))
            {
                approximate++;
                continue;
            }

            var search = new EverySchedule(line, request, mostTried: 2_000);
            var better = search.Better(CostOf(line, request, plan));
            Assert.True(better is null, $"{seed}: {string.Join("; ", better ?? [])} is better than {Told(plan)}");
            if (search.WasGivenUp) givenUp++;
            else if (plan.Actions.Count > 0) withActions++;
            compared++;
        }

        output.WriteLine($"{compared} compared, {withActions} with actions, {givenUp} given up, {approximate} approximate");
        Assert.True(withActions > Cases / 8);
    }

    private static PlanCost CostOf(PlanLine line, PlanRequest request, LinePlan plan)
    {
        var cost = PlanCost.Zero with { OpenDays = plan.SafeUntil is { } until ? NodaTime.Period.DaysBetween(until, plan.HorizonEnd) : 0 };
        foreach (var action in plan.Actions)
        {
            var isPreferred = request.PreferredChannels is null || action.Action.Channel?.Code is null or "c1";
            cost += PlanCost.Of(action.Price, line.Pack.FindProduct("p")!.Currency, isPreferred);
        }

        return cost;
    }

    private static string Told(LinePlan plan) => $"{string.Join("; ", plan.Actions.Select(action =>
        $"{action.Day} {action.Action.Type} {action.Action.Amount} {action.Action.Offer?.Code} {action.Action.Channel?.Code} {action.Action.Promotion?.Code} -> {action.EndsOn}"))}, safe until {plan.SafeUntil} of {plan.HorizonEnd}";
}
