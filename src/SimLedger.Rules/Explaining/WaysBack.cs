namespace SimLedger.Rules.Explaining;

/// <summary>Which acts start, extend or stop a clock, as filters.</summary>
internal sealed class WaysBack(RulePack pack, string? currency)
{
    /// <summary>The acts that extend a clock while a stage lets only its exits through.</summary>
    /// <param name="exits">Null: all are let through.</param>
    public IReadOnlyList<Way> Extending(Clock clock, RuleVersion version, IReadOnlyList<Trigger>? exits)
    {
        var ways = new List<Way>();
        foreach (var extension in clock.ExtendedBy)
        {
            if (extension is { By.N: 0, Combine: not Combine.EndOfMonth and not Combine.AfterPlan } && clock.AutoExtend is null) continue; // It gives nothing.

            var must = WithLimits(LeastAmount(extension), extension.When.On, version.Limits);
            foreach (var exit in exits ?? [extension.When])
            {
                if (exit.On == extension.When.On && Both(must, exit.Where ?? new Filter()) is { } both) Add(ways, new Way(exit.On, both, extension, currency));
            }
        }

        return ways;
    }

    public IReadOnlyList<Way> Of(IReadOnlyList<Trigger> triggers)
    {
        var ways = new List<Way>();
        foreach (var trigger in triggers) Add(ways, new Way(trigger.On, trigger.Where ?? new Filter(), null, currency));
        return ways;
    }

    /// <summary>What a never started clock waits for: its extensions start it as well.</summary>
    public IReadOnlyList<Way> Starting(Clock clock, RuleVersion version)
    {
        var ways = new List<Way>(Of(clock.StartsOn));
        foreach (var way in Extending(clock, version, null))
        {
            if (!ways.Exists(start => start.Act == way.Act && start.Must == new Filter())) Add(ways, way);
        }

        return ways;
    }

    private static void Add(List<Way> ways, Way way)
    {
        if (!ways.Contains(way)) ways.Add(way);
    }

    /// <summary>Below the first tier or one unit an amount gives nothing.</summary>
    private static Filter LeastAmount(Extension extension)
    {
        var must = extension.When.Where ?? new Filter();
        var least = extension.Tiers is [var first, ..] ? first.From : extension.PerUnit?.Amount;
        return must with { MinAmount = Larger(must.MinAmount, least) };
    }

    /// <summary>What the carrier refuses cannot help either.</summary>
    private static Filter WithLimits(Filter must, EntryType act, Limits limits) =>
        act is EntryType.TopUp ? must with { MinAmount = Larger(must.MinAmount, limits.MinTopUp) } : must;

    /// <summary>What holds where both hold; null: nothing can.</summary>
    private Filter? Both(Filter one, Filter other)
    {
        var (least, most) = (Larger(one.MinAmount, other.MinAmount), Smaller(one.MaxAmount, other.MaxAmount));
        var (balanceLeast, balanceMost) = (Larger(one.BalanceAtLeast, other.BalanceAtLeast), Smaller(one.BalanceAtMost, other.BalanceAtMost));
        var channels = CommonChannels(one.Channels, other.Channels);
        var (offers, kinds) = (Common(one.Offers, other.Offers), Common(one.UsageKinds, other.UsageKinds));
        if (least > most || balanceLeast > balanceMost || channels is [] || offers is [] || kinds is []) return null;
        if (one.Direction is { } way && other.Direction is { } otherWay && way != otherWay) return null;
        if (one.Chargeable is { } costs && other.Chargeable is { } otherCosts && costs != otherCosts) return null;

        // Of two sums the larger one is named: it is the one that is harder to reach.
        var sum = one.CumulativeAtLeast is null || other.CumulativeAtLeast > one.CumulativeAtLeast ? other : one;
        return new Filter(
            least, most, channels, offers, kinds, one.Direction ?? other.Direction, one.Chargeable ?? other.Chargeable, one.PaidOnly || other.PaidOnly,
            balanceMost, balanceLeast, sum.CumulativeAtLeast, sum.Within);
    }

    /// <summary>A channel on one side and its kind on the other have the channel in common.</summary>
    private IReadOnlyList<string>? CommonChannels(IReadOnlyList<string>? one, IReadOnlyList<string>? other)
    {
        if (one is null || other is null) return one ?? other;

        return [.. one.Where(name => other.Contains(name) || IsOfKind(name, other)).Union(other.Where(name => IsOfKind(name, one)))];
    }

    private bool IsOfKind(string channel, IReadOnlyList<string> kinds) => pack.FindChannel(channel) is { } known && kinds.Contains(EnumNames.Of(known.Kind));

    private static IReadOnlyList<T>? Common<T>(IReadOnlyList<T>? one, IReadOnlyList<T>? other) =>
        one is null || other is null ? one ?? other : [.. one.Where(other.Contains)];

    private static decimal? Larger(decimal? one, decimal? other) => one is null || other > one ? other ?? one : one;

    private static decimal? Smaller(decimal? one, decimal? other) => one is null || other < one ? other ?? one : one;
}
