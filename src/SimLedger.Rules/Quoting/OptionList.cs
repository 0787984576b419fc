using System.Collections;
using NodaTime;

namespace SimLedger.Rules.Quoting;

/// <summary>The usable options of a line on a day, the cheapest per day first.</summary>
public sealed class OptionList : IReadOnlyList<RankedQuote>
{
    /// <summary>How many entries may be evaluated anew before a choice is cut short: some seconds of work.</summary>
    private const int MostEntriesSeen = 250_000;

    private const int LeastConsidered = 40;

    private readonly IReadOnlyList<RankedQuote> byCost;

    private OptionList(Standing before, IReadOnlyList<RankedQuote> byCost, int notConsidered, IReadOnlyList<Warning> warnings) =>
        (Before, this.byCost, NotConsidered, Warnings) = (before, byCost, notConsidered, warnings);

    /// <summary>As things are at the start of the day, today at the instant asked.</summary>
    public Standing Before { get; }

    /// <summary>Actions not looked at, because there are too many for so long a history; 0 but for packs of megabytes or histories of thousands.</summary>
    public int NotConsidered { get; }

    /// <summary>What holds for all: that no rule is known, or that rules contradict each other.</summary>
    public IReadOnlyList<Warning> Warnings { get; }

    public int Count => byCost.Count;

    public RankedQuote this[int index] => byCost[index];

    /// <summary>The same options, the safest first.</summary>
    public IEnumerable<RankedQuote> BySafety => byCost.OrderBy(option => option.SafetyRank);

    public IEnumerator<RankedQuote> GetEnumerator() => byCost.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first of both orders in turn, so that neither the cheapest nor the safest is cut off; the cheapest first.</summary>
    public IReadOnlyList<RankedQuote> Best(int most)
    {
        if (Count <= most) return byCost;

        var best = byCost.Zip(BySafety, (cheap, safe) => new[] { cheap, safe }).SelectMany(pair => pair).Distinct().Take(most);
        return [.. best.OrderBy(option => option.CostRank)];
    }

    internal static OptionList Of(WhatIf line, LocalDate on, FormFactor? formFactor)
    {
        var before = line.Before(on, null);
        var warnings = new List<Warning>();
        if (line.Governing(on) is null) warnings.Add(new Warning(WarningCode.RuleUnknown));
        if (before.Flags.Contains(Flag.ConflictingRules)) warnings.Add(new Warning(WarningCode.ConflictingRules));
        if (line.Product is not { } product) return new OptionList(before, [], 0, warnings);

        var actions = KeepingActions.Of(line.Pack, product, line.Governing(on), on);
        var considered = Math.Min(actions.Count, Math.Max(LeastConsidered, MostEntriesSeen / (line.Entries + 1)));
        var keeping = new List<Candidate>();
        for (var i = 0; i < considered; i++)
        {
            var day = ActingDays.OpenFrom(on, actions[i].Channel);
            var after = line.After(actions[i], day);
            if (!Effect.Keeps(line.Before(day, actions[i].Channel), after)) continue;

            // What has no price can be compared only with itself under a promotion.
            var cost = (actions[i] with { Promotion = Promotions.Applied(actions[i], day) }).Price?.Total;
            keeping.Add(new Candidate(
                actions[i], day, cost,
                new EqualEffect(cost is null ? actions[i] with { Promotion = null } : null, actions[i].Channel?.Code, day, after.EndsOn, after.DeadlineAt)));
        }

        var quotes = new List<Quote>();
        foreach (var equal in keeping.GroupBy(candidate => candidate.Effect))
        {
            // At one price a promotion's gift is a gain.
            var usable = equal.OrderBy(candidate => candidate.Cost).ThenBy(candidate => candidate.Action.Promotion is null)
                .Select(candidate => Quoter.Quote(line, candidate.Action, candidate.Day, formFactor)).FirstOrDefault(quote => quote.IsUsable);
            if (usable is not null) quotes.Add(usable);
        }

        return new OptionList(before, OptionRanking.Of(quotes, on), actions.Count - considered, warnings);
    }

    private sealed record Candidate(KeepingAction Action, LocalDate Day, decimal? Cost, EqualEffect Effect);

    /// <param name="Unpriced">The action without its promotion, if it has no price.</param>
    private readonly record struct EqualEffect(KeepingAction? Unpriced, string? Channel, LocalDate Day, LocalDate? EndsOn, Instant? DeadlineAt);
}
