using NodaTime;
using SimLedger.Rules.Evaluating;

namespace SimLedger.Rules.Reading;

/// <summary>What a pack may say but hardly means. Looked for only in packs without errors.</summary>
internal static class PackWarnings
{
    public static void Find(RulePack pack, string path, LocalDate? today, FindingList findings)
    {
        for (var p = 0; p < pack.Products.Count; p++)
        {
            var rules = pack.Products[p].Rules;
            var at = $"{path}.products[{p}].rules";
            for (var r = 0; r < rules.Count; r++)
            {
                FindOverlaps(rules, r, at, findings);
                FindGap(rules, r, at, findings);
                FindClocksThatNeverStart(rules[r], $"{at}[{r}]", findings);
                FindIdleExits(rules[r], $"{at}[{r}]", findings);
                FindOldSource(rules[r].Source, today, $"{at}[{r}].source.checkedOn", findings);
            }

            FindChangedKinds(rules, at, findings);
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
            $"No version governs the days from {next:uuuu-MM-dd} until version \"{first.Version}\" begins.",
            "Close the gap; entries of those days have no rule.");
    }

    private static void FindClocksThatNeverStart(RuleVersion version, string path, FindingList findings)
    {
        for (var i = 0; i < version.Clocks.Count; i++)
        {
            var clock = version.Clocks[i];
            var starters = clock.StartsOn.Concat(clock.ExtendedBy.Select(extension => extension.When));
            if (starters.Any(trigger => trigger.On is not EntryType.Voided)) continue; // A void takes no part in anything.

            findings.Warning($"{path}.clocks[{i}]", $"No entry can start the clock \"{clock.Id}\".", "Say under \"startsOn\" what does.");
        }
    }

    private static void FindIdleExits(RuleVersion version, string path, FindingList findings)
    {
        var extending = version.Clocks.SelectMany(clock => clock.ExtendedBy).Select(extension => extension.When.On).ToHashSet();
        for (var s = 0; s < version.Ladder.Count; s++)
        {
            var exits = version.Ladder[s].Exits;
            for (var e = 0; e < exits?.Count; e++)
            {
                if (extending.Contains(exits[e].On)) continue;

                findings.Warning(
                    $"{path}.ladder[{s}].exits[{e}]",
                    $"No extension matches the exit on \"{EnumNames.Of(exits[e].On)}\", so it leads nowhere.",
                    "Say under \"extendedBy\" what the entry gives, or remove the exit.");
            }
        }
    }

    private static void FindOldSource(Source source, LocalDate? today, string path, FindingList findings)
    {
        if (today is { } day && source.CheckedOn < LocalCalendar.Subtract(day, new Term(1, TermUnit.Year)))
        {
            findings.Warning(path, "The source was last checked more than a year ago.", "Read it again and write the day.");
        }
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
