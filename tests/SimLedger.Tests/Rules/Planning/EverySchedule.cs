using NodaTime;
using SimLedger.Rules;
using SimLedger.Rules.Planning;
using SimLedger.Rules.Quoting;

namespace SimLedger.Tests.Rules.Planning;

/// <summary>Tries every day and action there is for one line, on the plain evaluator, with nothing of the planner's but the weighing of costs.</summary>
/// <param name="mostTried">Actions tried before it is given up.</param>
internal sealed class EverySchedule(PlanLine line, PlanRequest request, int mostTried)
{
    private readonly RulePack pack = line.Pack;
    private readonly Product product = line.Pack.FindProduct(line.Question.Product)!;
    private readonly LocalDate today = request.From.InZone(line.Pack.Zone).Date;
    private readonly Dictionary<LocalDate, IReadOnlyList<(KeepingAction Action, PlanCost Cost)>> actions = [];
    private PlanCost bound;
    private int tried;

    public bool WasGivenUp => tried > mostTried;

    private LocalDate Last => request.Horizon.Unit is TermUnit.Day ? today.PlusDays(request.Horizon.N) : today.PlusMonths(request.Horizon.N);

    /// <summary>A schedule that is better than the one given, however little.</summary>
    /// <returns>Null: there is none.</returns>
    public IReadOnlyList<string>? Better(PlanCost than)
    {
        bound = than;
        var found = new List<string>();
        return Try(today, line.Question.History, PlanCost.Zero, found, actedToday: 0) ? found : null;
    }

    private bool Try(LocalDate day, IReadOnlyList<Entry> history, PlanCost cost, List<string> done, int actedToday)
    {
        var standing = Ask(history, day);
        if (!IsSafe(standing, day)) return false;

        // Without doing any more.
        if (actedToday == 0 && IsBetter(cost with { OpenDays = Open(history, day) })) return true;
        if (day == Last || cost.CompareTo(bound with { OpenDays = 0 }) >= 0 && bound.OpenDays == 0) return false;
        if (Try(day.PlusDays(1), history, cost, done, 0)) return true;
        if (actedToday == 3) return false;

        foreach (var (action, price) in ActionsOn(day))
        {
            if (++tried > mostTried) return false;
            if (action.Channel?.ClosedOn.Contains(day.DayOfWeek) == true) continue;

            Entry[] with = [.. history, action.EntryAt($"x{history.Count}", day == today ? EntryTime.At(request.From) : EntryTime.On(day))];
            var after = Ask(with, day);
            if (after.Entries[^1].Outcome is Outcome.TooLate || after.Flags.Contains(Flag.OutsideLimits) && !standing.Flags.Contains(Flag.OutsideLimits)) continue;
            if (after.Clocks.SequenceEqual(standing.Clocks) || !IsSafe(after, day)) continue;
            if (!Safety.TakesEffectInTime(standing, after, day, action.Channel, request.MarginDays)) continue;

            done.Add($"{day} {action.Type} {action.Amount} {action.Offer?.Code} {action.Channel?.Code} {action.Promotion?.Code} -> {after.EndsOn}");
            if (Try(day, with, cost + price, done, actedToday + 1)) return true;
            done.RemoveAt(done.Count - 1);
        }

        return false;
    }

    private bool IsBetter(PlanCost cost) => cost.CompareTo(bound) < 0;

    /// <summary>Days of the horizon that are not safe when nothing more is done from a day on.</summary>
    private int Open(IReadOnlyList<Entry> history, LocalDate from)
    {
        var day = from;
        while (day <= Last && IsSafe(Ask(history, day), day)) day = day.PlusDays(1);
        return Period.DaysBetween(day, Last) + 1;
    }

    private bool IsSafe(Standing standing, LocalDate day) => Safety.Holds(standing, day, request.MarginDays);

    private Standing Ask(IReadOnlyList<Entry> history, LocalDate day) =>
        Evaluator.Evaluate(pack, line.Question with { History = history, AsOf = Safety.StartOf(day, request.From, pack) });

    private IReadOnlyList<(KeepingAction Action, PlanCost Cost)> ActionsOn(LocalDate day)
    {
        if (actions.TryGetValue(day, out var known)) return known;

        var version = product.Rules.FirstOrDefault(rule => day >= rule.From && !(day > rule.To));
        return actions[day] =
        [
            .. (version is null ? [] : KeepingActions.Of(pack, product, version, day))
                .Where(action => !(line.FormFactor is FormFactor.Esim && action.Channel?.Needs.Contains(ChannelNeed.PhysicalSim) == true))
                .Where(action => request.UnpricedToo || action.Price is not null)
                .Select(action => (action, PlanCost.Of(action.Price, product.Currency, request.PreferredChannels is null || action.Channel?.Code is null or "c1"))),
        ];
    }
}
