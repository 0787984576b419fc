using NodaTime;
using SimLedger.Rules.Evaluating;
using SimLedger.Rules.Quoting;

namespace SimLedger.Rules.Planning;

/// <summary>An action that a line of this ground may be planned to do. One object for one action, compared as such.</summary>
internal sealed class PlanChoice(KeepingAction action, PlanCost cost)
{
    public KeepingAction Action => action;

    public PlanCost Cost => cost;

    public Price? Price { get; } = action.Price;

    /// <summary>Code; null: none.</summary>
    public string? Channel => action.Channel?.Code;

    /// <summary>See <see cref="PlanDays.Bits"/>.</summary>
    public int ClosedOn { get; } = action.Channel is null ? 0 : PlanDays.Bits(action.Channel.ClosedOn);

    /// <summary>Days that the channel needs before it takes effect.</summary>
    public int Days { get; } = action.Channel is null ? 0 : Math.Max(action.Channel.CreditTakesDays, action.Channel.LeadDays);
}

/// <summary>Days on which the same rules govern and the same can be done at the same prices.</summary>
/// <param name="Version">The first in the pack that governs; null: none, and nothing can be done.</param>
internal sealed record PlanSegment(int First, int Last, RuleVersion? Version, IReadOnlyList<PlanChoice> Choices)
{
    public bool Has(PlanChoice choice) => Choices.Contains(choice);
}

/// <summary>What lines have in common that plan alike from the same state: pack, product, rules that are for them, what they may do.</summary>
internal sealed class PlanGround
{
    public PlanGround(PlanLine line, Product product, LocalDate? activatedOn, PlanDays days, PlanRequest request)
    {
        (Pack, Product, Days, MarginDays, BatchDays) = (line.Pack, product, days, request.MarginDays, request.BatchDays);
        Continuation = new LineContinuation(line.Pack, product, activatedOn, line.Question.Region);
        Segments = Cut(line, product, activatedOn, request);
        Delays = [.. Segments.SelectMany(segment => segment.Choices).Select(choice => (choice.Days, choice.ClosedOn)).Distinct()];
        MostDelay = Delays.Select(delay => delay.Days + (delay.ClosedOn == 0 ? 0 : 6)).DefaultIfEmpty().Max();
        Beyond = days.Last + MarginDays + MostDelay + 1;
    }

    public RulePack Pack { get; }

    public Product Product { get; }

    public PlanDays Days { get; }

    public int MarginDays { get; }

    public int BatchDays { get; }

    /// <summary>The first end date that is out of reach of the horizon, its margin and every channel's days: what ends then or later fares alike.</summary>
    public int Beyond { get; }

    public LineContinuation Continuation { get; }

    /// <summary>Without gaps from today to the horizon's end.</summary>
    public IReadOnlyList<PlanSegment> Segments { get; }

    /// <summary>Days that channels of the ground's actions need, with the weekdays on which they are closed; each pair once.</summary>
    public IReadOnlyList<(int Days, int ClosedOn)> Delays { get; }

    /// <summary>Days within which every channel is open once and has passed on what is done.</summary>
    public int MostDelay { get; }

    /// <summary>See <see cref="PlanOtherDays"/>.</summary>
    public bool HasOtherDays => Continuation.ProlongsItself || Continuation.Windows.Count > 0;

    /// <summary>The highest limit on a month's top-ups in the rest of a day's month; null: there is none.</summary>
    public decimal? MonthLimitFrom(int day)
    {
        if (!Continuation.CountsMonths) return null;

        var date = Days.DateOf(day);
        var end = DateAdjusters.EndOfMonth(date);
        return Product.Rules.Where(version => version.From <= end && !(version.To < date)).Max(version => version.Limits.MaxPerMonth);
    }

    public int SegmentOf(int day)
    {
        var index = 0;
        while (Segments[index].Last < day) index++;
        return index;
    }

    private List<PlanSegment> Cut(PlanLine line, Product product, LocalDate? activatedOn, PlanRequest request)
    {
        var known = new Dictionary<KeepingAction, PlanChoice>();
        var rules = new LineEvaluation(line.Pack, new Question(product.Code, [], request.From, activatedOn, line.Question.Region));
        var firsts = FirstDays(product).Where(day => day > 0 && day <= Days.Last).Append(0).Distinct().Order().ToList();
        var segments = new List<PlanSegment>(firsts.Count);
        for (var i = 0; i < firsts.Count; i++)
        {
            var date = Days.DateOf(firsts[i]);
            var version = rules.GoverningVersion(date);
            var last = i + 1 < firsts.Count ? firsts[i + 1] - 1 : Days.Last;
            segments.Add(new PlanSegment(firsts[i], last, version, version is null ? [] : Choices(line, product, version, date, request, known)));
        }

        return segments;
    }

    // A month is a segment of its own where its top-ups are limited: what does not fit into one may fit into the one before.
    private IEnumerable<int> FirstDays(Product product)
    {
        var starts = product.Rules.Select(version => version.From)
            .Concat(product.Offers.Select(offer => offer.From).OfType<LocalDate>())
            .Concat(product.Promotions.Select(promotion => promotion.From));
        var ends = product.Rules.Select(version => version.To).Concat(product.Offers.Select(offer => offer.To)).OfType<LocalDate>()
            .Concat(product.Promotions.Select(promotion => promotion.To));
        foreach (var date in starts) yield return Days.NumberOf(date);
        foreach (var date in ends) yield return Days.NumberOf(date) + 1;

        if (!Continuation.CountsMonths) yield break;
        for (var month = DateAdjusters.StartOfMonth(Days.DateOf(0)); Days.NumberOf(month) <= Days.Last; month = month.PlusMonths(1)) yield return Days.NumberOf(month);
    }

    private static List<PlanChoice> Choices(
        PlanLine line, Product product, RuleVersion version, LocalDate on, PlanRequest request, Dictionary<KeepingAction, PlanChoice> known)
    {
        var choices = new List<PlanChoice>();
        foreach (var action in KeepingActions.Of(line.Pack, product, version, on))
        {
            if (action.Type is EntryType.Activated) continue; // Happens once in a line's life.
            if (line.FormFactor is FormFactor.Esim && action.Channel?.Needs.Contains(ChannelNeed.PhysicalSim) == true) continue;

            if (!known.TryGetValue(action, out var choice)) known.Add(action, choice = new PlanChoice(action, CostOf(action, line, product, request)));
            if (choice.Price is not null || request.UnpricedToo) choices.Add(choice);
        }

        return choices;
    }

    private static PlanCost CostOf(KeepingAction action, PlanLine line, Product product, PlanRequest request)
    {
        var (channel, preferred) = (action.Channel, line.PreferredChannels ?? request.PreferredChannels);
        var isPreferred = channel is null || preferred is not { Count: > 0 } || preferred.Contains(channel.Code) || preferred.Contains(EnumNames.Of(channel.Kind));
        return PlanCost.Of(action.Price, product.Currency, isPreferred);
    }
}
