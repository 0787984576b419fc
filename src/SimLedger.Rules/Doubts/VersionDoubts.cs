using NodaTime;
using NodaTime.Text;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>Days that no version governs, or more than one; and clocks that are not the same in all of them.</summary>
internal static class VersionDoubts
{
    public static void Find(Product product, string path, LocalDate? today, FindingList findings)
    {
        var rules = product.Rules;
        var at = $"{path}.rules";
        FindNothingInForce(rules, at, today, findings);
        for (var r = 0; r < rules.Count; r++)
        {
            FindOverlaps(rules, r, at, findings);
            FindGap(rules, r, at, findings);
        }

        FindChangedKinds(rules, at, findings);
    }

    private static void FindNothingInForce(IReadOnlyList<RuleVersion> rules, string path, LocalDate? today, FindingList findings)
    {
        if (rules.Count == 0)
        {
            findings.Warning(path, "The product has no rule version, so its lines have no dates.", "Write one, or leave the product out.");
        }
        else if (today is { } day && !rules.Any(version => version.From <= day && LastDay(version) >= day))
        {
            findings.Warning(path, $"No version governs {LocalDatePattern.Iso.Format(day)}, so the product's lines have no rule today.", "Write the rules that are in force.");
        }
    }

    private static void FindOverlaps(IReadOnlyList<RuleVersion> rules, int index, string path, FindingList findings)
    {
        var version = rules[index];
        for (var i = 0; i < index; i++)
        {
            var earlier = rules[i];
            if (!CanGovernOneLine(earlier, version) || LastDay(earlier) < version.From || LastDay(version) < earlier.From) continue;

            findings.Warning(
                $"{path}[{index}].effective",
                $"Version \"{version.Version}\" governs days of version \"{earlier.Version}\" too; there the earlier deadline counts and lines are flagged.",
                "Let one end before the other begins, unless the source itself is of two minds.");
        }
    }

    private static void FindGap(IReadOnlyList<RuleVersion> rules, int index, string path, FindingList findings)
    {
        var version = rules[index];
        if (version.To is not { } last || last == LocalDate.MaxIsoValue) return;

        var next = last.PlusDays(1);
        var later = rules.Where(other => CanGovernOneLine(version, other) && LastDay(other) >= next).ToArray();
        if (later.Length == 0 || later.Any(other => other.From <= next)) return;

        var first = later.MinBy(other => other.From)!;
        findings.Warning(
            $"{path}[{index}].effective.to",
            $"No version governs the days from {LocalDatePattern.Iso.Format(next)} until version \"{first.Version}\" begins.",
            "Close the gap; entries of those days have no rule.");
    }

    private static void FindChangedKinds(IReadOnlyList<RuleVersion> rules, string path, FindingList findings)
    {
        var kinds = new Dictionary<string, ClockKind>();
        for (var r = 0; r < rules.Count; r++)
        {
            for (var c = 0; c < rules[r].Clocks.Count; c++)
            {
                var clock = rules[r].Clocks[c];
                if (kinds.TryAdd(clock.Id, clock.Kind) || kinds[clock.Id] == clock.Kind) continue;

                findings.Warning(
                    $"{path}[{r}].clocks[{c}].kind",
                    $"In another version the clock \"{clock.Id}\" is of kind \"{EnumNames.Of(kinds[clock.Id])}\"; one id is one clock.",
                    "Give it an id of its own, or the same kind.");
            }
        }
    }

    private static bool CanGovernOneLine(RuleVersion a, RuleVersion b) =>
        (a.Region is null || b.Region is null || a.Region == b.Region) &&
        !(a.Cohort?.ActivatedTo < b.Cohort?.ActivatedFrom) &&
        !(b.Cohort?.ActivatedTo < a.Cohort?.ActivatedFrom);

    private static LocalDate LastDay(RuleVersion version) => version.To ?? LocalDate.MaxIsoValue;
}
