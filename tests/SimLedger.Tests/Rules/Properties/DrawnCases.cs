using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SimLedger.Rules;
using SimLedger.Tests.Rules.BruteForce;

namespace SimLedger.Tests.Rules.Properties;

/// <summary>Packs and questions of every shape that the format has, and what is told of them as text.</summary>
internal static class DrawnCases
{
    public static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(500);

    /// <summary>The seed stands with the case, so that a failure can be had again.</summary>
    public static Gen<(int Seed, RandomCase Case)> Cases => Gen.Choose(0, int.MaxValue - 1).Select(seed => (seed, RandomCase.Of(seed)));

    public static Standing Ask(RulePack pack, Question question) => Evaluator.Evaluate(pack, question);

    public static Standing Ask(RandomCase about, IReadOnlyList<Entry> history) => Ask(about.Pack, about.Question with { History = history });

    public static Instant InstantOf(RandomCase about, Entry entry) => entry.At.ToInstant(about.Pack.Zone);

    /// <summary>All that is told of the line, and of those entries that are asked about, whatever their place in the record.</summary>
    public static string Told(Standing standing, Func<string, bool> isAskedAbout)
    {
        var entries = standing.Entries.Where(entry => isAskedAbout(entry.Id)).OrderBy(entry => entry.Id, StringComparer.Ordinal);
        return string.Join('\n', StandingLines.Of(standing with { Entries = [.. entries] }).Append($"holds until {standing.HoldsUntil}"));
    }

    public static string Told(Standing standing) => Told(standing, _ => true);
}
