using System.Globalization;
using Xunit.Abstractions;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>The evaluator and the slow one tell the same of thousands of packs and histories that nobody thought up.</summary>
/// <remarks>SIMLEDGER_BRUTE_CASES and SIMLEDGER_BRUTE_SEED make longer and other runs.</remarks>
public class Agreement(ITestOutputHelper output)
{
    private const int MostShown = 3;

    /// <summary>So many cases meet everything at least a few times.</summary>
    private const int Enough = 5_000;

    [Fact]
    public void Both_evaluators_tell_the_same()
    {
        var (cases, seed) = (Number("SIMLEDGER_BRUTE_CASES", Enough), Number("SIMLEDGER_BRUTE_SEED", 20_261_121));
        var tally = new Tally();
        var (refused, disagreed, shown) = (0, 0, new List<string>());
        for (var i = 0; i < cases; i++)
        {
            var own = unchecked((seed * 1_000_003) + i);
            var drawn = RandomCase.Of(own);
            refused += drawn.Refused;
            if (drawn.Differences(tally).Count == 0) continue;

            disagreed++;
            if (shown.Count < MostShown) shown.Add($"seed {own}: {Shrinking.Smallest(drawn)}");
        }

        output.WriteLine(FormattableString.Invariant($"{cases} cases from seed {seed}, {refused} packs refused.\n{tally}"));
        Assert.True(disagreed == 0, FormattableString.Invariant($"{disagreed} of {cases} cases from seed {seed} disagree.\n\n{string.Join("\n\n", shown)}"));
        if (cases >= Enough) Assert.DoesNotContain(Coverage.Required, what => tally.Of(what) == 0);
        Assert.True(refused * 20 < cases, FormattableString.Invariant($"The reader refused {refused} packs to give {cases}."));
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
