using System.Text.Json;
using System.Text.Json.Nodes;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>One pack and one question to it.</summary>
/// <param name="Refused">How many packs were drawn before this one that the reader would not have.</param>
internal sealed record RandomCase(JsonObject PackJson, RulePack Pack, Question Question, int Refused)
{
    public static RandomCase Of(int seed)
    {
        var draw = new Draw(seed);
        var season = draw.One(Season.All);
        for (var refused = 0; refused < 100; refused++)
        {
            var json = new RandomPacks(draw, season).Pack();
            if (Read(json) is not { } pack) continue;

            return new RandomCase(json, pack, Edges.Onto(draw, pack, new RandomQuestions(draw, season).Question()), refused);
        }

        throw new InvalidOperationException($"Seed {seed}: the reader refuses a hundred packs in a row.");
    }

    public static RulePack? Read(JsonObject json) => RulePackReader.Read(JsonSerializer.SerializeToUtf8Bytes(json), "drawn.json").Pack;

    public IReadOnlyList<string> Differences(Tally? tally = null) => StandingLines.Differences(
        BruteForceEvaluator.Evaluate(Pack, Question, tally ?? new Tally()),
        Evaluator.Evaluate(Pack, Question));

    public override string ToString() => $"{CaseText.Of(PackJson, Question)}\n{string.Join('\n', Differences())}";
}
