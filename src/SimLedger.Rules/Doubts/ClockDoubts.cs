using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>Clocks that never start, and extensions that are never taken.</summary>
internal static class ClockDoubts
{
    public static void Find(Product product, RuleVersion version, string path, FindingList findings)
    {
        for (var i = 0; i < version.Clocks.Count; i++)
        {
            var clock = version.Clocks[i];
            var at = $"{path}.clocks[{i}]";
            FindNeverStarts(clock, at, findings);
            for (var e = 0; e < clock.ExtendedBy.Count; e++)
            {
                FindNeverTaken(clock, e, $"{at}.extendedBy", findings);
                FindTiersOutOfReach(clock.ExtendedBy[e], $"{at}.extendedBy[{e}]", findings);
                FindNoPlan(product, clock.ExtendedBy[e], $"{at}.extendedBy[{e}]", findings);
            }
        }
    }

    private static void FindNeverStarts(Clock clock, string path, FindingList findings)
    {
        var starters = clock.StartsOn.Concat(clock.ExtendedBy.Select(extension => extension.When));
        if (starters.Any(trigger => new TriggerScope(trigger, []).CanMatch)) return;

        findings.Warning(path, $"No entry can start the clock \"{clock.Id}\".", "Say under \"startsOn\" what does.");
    }

    // The first extension that matches is taken, so what stands behind one that takes every entry of the type is never reached.
    private static void FindNeverTaken(Clock clock, int index, string path, FindingList findings)
    {
        for (var i = 0; i < index; i++)
        {
            var earlier = clock.ExtendedBy[i];
            if (earlier.When.On != clock.ExtendedBy[index].When.On || earlier.When.Where is not null || earlier.By is null || earlier.Combine is Combine.Set) continue;

            findings.Warning(
                $"{path}[{index}]",
                $"The extension is never taken: the one at position {i} takes every \"{EnumNames.Of(earlier.When.On)}\" first.",
                "Put it before that one, or remove it.");
            return;
        }
    }

    private static void FindTiersOutOfReach(Extension extension, string path, FindingList findings)
    {
        if (extension.Tiers is not { } tiers || extension.When.Where is not { } where) return;

        for (var i = 0; i < tiers.Count; i++)
        {
            // Where the list was out of order, which has its own warning, the amount tells which tier is meant.
            var isTooHigh = tiers[i].From > where.MaxAmount;
            var isTooLow = i + 1 < tiers.Count && tiers[i + 1].From <= where.MinAmount;
            if (isTooHigh || isTooLow)
            {
                findings.Warning($"{path}.tiers", $"\"where\" lets no amount reach the tier from {AmountText.Of(tiers[i].From)}.", "Remove the tier, or correct the limits of the amount.");
            }
        }
    }

    private static void FindNoPlan(Product product, Extension extension, string path, FindingList findings)
    {
        if (extension.Combine is not Combine.AfterPlan || product.Rules.Any(version => version.Clocks.Any(clock => clock.Kind is ClockKind.Plan))) return;

        findings.Warning($"{path}.combine", "\"afterPlan\" counts from the end of a plan, and the product has no clock of kind \"plan\".", "Describe that clock, or choose \"reset\".");
    }
}
