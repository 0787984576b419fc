using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>Exits of a ladder that lead nowhere.</summary>
internal static class LadderDoubts
{
    public static void Find(RulePack pack, RuleVersion version, string path, FindingList findings)
    {
        if (version.Ladder.All(stage => stage.Exits is null or [])) return;

        var extending = version.Clocks.SelectMany(clock => clock.ExtendedBy).Select(extension => new TriggerScope(extension.When, pack.Channels)).ToArray();
        for (var s = 0; s < version.Ladder.Count; s++)
        {
            var exits = version.Ladder[s].Exits;
            for (var e = 0; e < exits?.Count; e++)
            {
                var exit = new TriggerScope(exits[e], pack.Channels);
                if (extending.Any(exit.CanMeet)) continue;

                findings.Warning(
                    $"{path}.ladder[{s}].exits[{e}]",
                    $"No extension matches the exit on \"{EnumNames.Of(exits[e].On)}\", so it leads nowhere.",
                    "Say under \"extendedBy\" what the entry gives, or correct or remove the exit.");
            }
        }
    }
}
