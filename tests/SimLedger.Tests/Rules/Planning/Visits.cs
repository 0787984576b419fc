using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>Lines are brought together on days without paying more, and the sums of a plan are the sums of its parts.</summary>
public class Visits
{
    private static readonly LocalDate Today = new(2026, 11, 21);
    private static readonly Instant Now = Today.AtMidnight().InUtc().ToInstant();

    // Goal: no fewer visits are possible. Method: lines that need one visit each, by chance; every set of days is tried that stabs all their windows.
    [Fact]
    public void For_lines_with_one_action_each_the_visits_are_as_few_as_can_be()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var chance = new Random(seed);
            var pack = Pack();
            // Topped up so long ago that each ends within the next weeks; one top-up carries it past the horizon.
            var lines = Enumerable.Range(0, chance.Next(2, 7)).Select(i => Line($"{i}", pack, Today.PlusDays(-chance.Next(60, 90)))).ToList();
            var batchDays = chance.Next(1, 20);

            var plan = Planner.Plan(lines, new PlanRequest(Now, new Term(40, TermUnit.Day), 0, BatchDays: batchDays));

            Assert.All(plan.Lines, line => Assert.Single(line.Actions));
            var windows = plan.Lines.Select(line => line.Actions[0].LatestDay).Select(latest => (First: LocalDate.Max(latest.PlusDays(-batchDays), Today), Last: latest)).ToList();
            Assert.All(plan.Lines.Zip(windows), line => Assert.InRange(line.First.Actions[0].Day, line.Second.First, line.Second.Last));
            Assert.True(plan.Visits.Count == FewestDays(windows), $"{seed}: {plan.Visits.Count} visits");
            Assert.True(plan.Visits.Count <= plan.VisitsUnbatched);
        }
    }

    [Fact]
    public void Sums_of_months_lines_and_visits_agree_and_the_order_of_the_request_decides_nothing()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var lines = Enumerable.Range(seed * 7, 7).Select(i => TinyCase.Of(i).Line).ToList();
            var request = TinyCase.Of(seed).Request;
            var plan = Planner.Plan(lines, request);
            var turned = Planner.Plan([.. lines.AsEnumerable().Reverse()], request);

            var actions = plan.Lines.SelectMany(line => line.Actions).ToList();
            var paid = actions.Sum(action => (action.Price?.Total ?? 0) + (action.Price?.ChannelFee?.Amount ?? 0));
            Assert.Equal(paid, plan.Months.Sum(month => month.Amount));
            Assert.Equal(paid, plan.Totals.Sum(total => total.Amount));
            Assert.Equal(actions.Count(action => action.Price is null), plan.Totals.Sum(total => total.Unpriced));
            Assert.Equal(
                plan.Lines.Sum(line => line.Actions.Select(action => (action.Day, action.Action.Channel?.Code)).Distinct().Count()), plan.Visits.Sum(visit => visit.LineIds.Count));
            Assert.Equal(lines.Select(line => line.Id), plan.Lines.Select(line => line.LineId));
            Assert.Equal(plan.Lines.Where(line => !line.IsCovered).Select(line => line.LineId).Order(), plan.Uncovered.Select(line => line.LineId).Order());
            Assert.Equal(plan.Lines.Select(Told), turned.Lines.Reverse().Select(Told));
        }
    }

    [Fact]
    public void A_line_is_not_dearer_among_others_than_alone()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var request = TinyCase.Of(seed).Request;
            var lines = Enumerable.Range(seed * 5, 5).Select(i => TinyCase.Of(i).Line).ToList();
            var together = Planner.Plan(lines, request);

            foreach (var (line, among) in lines.Zip(together.Lines))
            {
                var alone = Planner.Plan([line], request with { BatchDays = 0 }).Lines[0];
                Assert.Equal((Paid(alone), alone.SafeUntil), (Paid(among), among.SafeUntil));
            }
        }
    }

    private static decimal Paid(LinePlan plan) => plan.Actions.Sum(action => action.Price?.Total ?? 0);

    private static string Told(LinePlan line) => $"{line.LineId} {line.SafeUntil} {string.Join(';', line.Actions.Select(a => $"{a.Day} {a.Action.Offer?.Code} {a.Action.Amount} {a.Action.Channel?.Code} {a.EndsOn}"))}";

    private static int FewestDays(List<(LocalDate First, LocalDate Last)> windows)
    {
        // A best set can be moved to last days of windows.
        var days = windows.Select(window => window.Last).Distinct().ToList();
        return Enumerable.Range(1, (1 << days.Count) - 1)
            .Where(set => windows.All(window => Enumerable.Range(0, days.Count).Any(i => (set & (1 << i)) != 0 && days[i] >= window.First && days[i] <= window.Last)))
            .Min(set => System.Numerics.BitOperations.PopCount((uint)set));
    }

    private static PlanLine Line(string id, RulePack pack, LocalDate toppedUp) =>
        new(id, pack, new Question("p", [new Entry("t", EntryType.TopUp, EntryTime.On(toppedUp), 10)], Now));

    private static RulePack Pack() => RuleSpec.Pack(
        RuleSpec.Version(
            "{'id':'v','kind':'validity','startsOn':[{'on':'topUp'}],'length':{'n':95,'unit':'day'},'extendedBy':[{'on':'topUp','combine':'reset','by':{'n':95,'unit':'day'}}]}",
            "", "1", "{'from':'2010-01-01'}"),
        zone: "Asia/Manila", channels: "{'code':'c0','kind':'site','online':true,'trust':'carrier'}", promotions: "", offers: "{'code':'o','kind':'topUp','amount':'10'}");
}
