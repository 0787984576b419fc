using NodaTime;

namespace SimLedger.Tests.Rules.BruteForce;

/// <summary>Chance that can be had again: the same seed draws the same.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random random = new(seed);

    public bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>Both ends inclusive.</summary>
    public int Between(int least, int most) => random.Next(least, most + 1);

    public T One<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>At least one of them, in their order.</summary>
    public IReadOnlyList<T> Some<T>(params IReadOnlyList<T> choices)
    {
        var sure = random.Next(choices.Count);
        return [.. choices.Where((_, i) => i == sure || random.Next(3) == 0)];
    }

    public IReadOnlyList<T> Times<T>(int least, int most, Func<T> draw) => [.. Enumerable.Range(0, Between(least, most)).Select(_ => draw())];

    public LocalDate Near(LocalDate day, int before, int after) => day.PlusDays(Between(-before, after));
}
