using NodaTime;
using SimLedger.Rules;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Puts entries and the instant asked just where a clock or a stage ends, or the least moment before: most mistakes live there.</summary>
internal static class Edges
{
    public static Question Onto(Draw draw, RulePack pack, Question question)
    {
        var history = question.History.ToList();
        for (var i = 1; i < history.Count; i++)
        {
            if (!draw.Chance(12)) continue;

            if (Edge(draw, pack, question with { History = history[..i] }) is { } instant) history[i] = history[i] with { At = EntryTime.At(instant) };
        }

        question = question with { History = history };
        return draw.Chance(25) && Edge(draw, pack, question) is { } asked ? question with { AsOf = asked } : question;
    }

    private static Instant? Edge(Draw draw, RulePack pack, Question question)
    {
        var standing = BruteForceEvaluator.Evaluate(pack, question, new Tally());
        IReadOnlyList<Instant> ends = [.. standing.Clocks.Select(clock => clock.DeadlineAt), .. standing.Stages.Select(period => period.From)];
        if (ends.Count == 0) return null;

        return draw.Chance(70) ? draw.One(ends) : draw.One(ends) - Duration.Epsilon;
    }
}
