using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Quoting;

/// <summary>Whether an amount is one that carrier, channel and rules take.</summary>
internal static class AmountLimits
{
    /// <summary>Thresholds tried before none is named; a rule has a handful.</summary>
    private const int MostTried = 20;

    public static IEnumerable<Warning> Warnings(WhatIf line, KeepingAction action, LocalDate on, bool movesNothing)
    {
        var currency = line.Product?.Currency;
        var isOwn = action.Currency is null || currency is null || action.Currency == currency;
        if (!isOwn)
        {
            var other = new Particulars { Amount = action.Amount, Currency = action.Currency, ProductCurrency = currency };
            yield return new Warning(WarningCode.WrongCurrency, other);
            yield break; // No limit can be compared with it.
        }

        var limits = action.Type is EntryType.TopUp ? line.Governing(on)?.Limits ?? Limits.None : Limits.None;
        if (action.Amount is { } amount)
        {
            if (amount < limits.MinTopUp) yield return Beyond(WarningCode.BelowMinimum, LimitOf.Carrier, limits.MinTopUp);
            if (amount < action.Channel?.MinAmount) yield return Beyond(WarningCode.BelowMinimum, LimitOf.Channel, action.Channel.MinAmount);
            if (amount > limits.MaxTopUp) yield return Beyond(WarningCode.AboveMaximum, LimitOf.Carrier, limits.MaxTopUp);
            if (amount > action.Channel?.MaxAmount) yield return Beyond(WarningCode.AboveMaximum, LimitOf.Channel, action.Channel.MaxAmount);
            if (limits.MaxPerMonth is { } most && MoneySum.Add(ToppedUpInMonth(line, on), amount) > most)
            {
                yield return Beyond(WarningCode.AboveMaximum, LimitOf.Month, most);
            }
        }

        if (movesNothing && LeastThatMoves(line, action, on) is { } least) yield return Beyond(WarningCode.BelowMinimum, LimitOf.Rule, least);

        Warning Beyond(WarningCode code, LimitOf of, decimal? limit) =>
            new(code, new Particulars { Of = of, Amount = action.Amount, Limit = limit, Currency = currency });
    }

    /// <summary>Of the month's top-ups recorded so far.</summary>
    private static decimal ToppedUpInMonth(WhatIf line, LocalDate on)
    {
        var sum = 0m;
        foreach (var (entry, day) in line.Facts(on))
        {
            if (entry.Type is not EntryType.TopUp || entry.Amount is not { } amount || day.ToYearMonth() != on.ToYearMonth()) continue;
            if (entry.Currency is null || entry.Currency == line.Product?.Currency) sum = MoneySum.Add(sum, amount);
        }

        return sum;
    }

    /// <summary>The least amount named by a rule with which the same action would move something.</summary>
    /// <remarks>The evaluator is asked, for filters look at more than amounts.</remarks>
    private static decimal? LeastThatMoves(WhatIf line, KeepingAction action, LocalDate on)
    {
        var before = line.Before(on, action.Channel);
        foreach (var threshold in Thresholds(line.Governing(on), action).Take(MostTried))
        {
            if (!Effect.IsNone(before, line.After(action with { Amount = threshold }, on))) return threshold;
        }

        return null;
    }

    private static IEnumerable<decimal> Thresholds(RuleVersion? version, KeepingAction action)
    {
        var named = new SortedSet<decimal>();
        foreach (var clock in version?.Clocks ?? [])
        {
            foreach (var trigger in clock.StartsOn.Concat(clock.StopsOn)) Name(trigger, null);
            foreach (var extension in clock.ExtendedBy) Name(extension.When, extension);
        }

        return named;

        void Name(Trigger trigger, Extension? extension)
        {
            if (trigger.On != action.Type) return;

            decimal?[] thresholds = [trigger.Where?.MinAmount, trigger.Where?.CumulativeAtLeast, extension?.PerUnit?.Amount, extension?.Tiers?[0].From];
            foreach (var threshold in thresholds)
            {
                if (threshold > (action.Amount ?? 0)) named.Add(threshold.Value);
            }
        }
    }
}
