using System.Globalization;

namespace SimLedger.Benchmarks;

/// <summary>What a measure should come to: the ratio to its reference where it has one, else the figure itself.</summary>
/// <param name="Aim">What is aimed at; null: only a bound was set.</param>
/// <param name="Least">What it must reach at least; null: an aim and no bound.</param>
/// <param name="Less">Less is better: the bound is one from above.</param>
public sealed record Goal(double? Aim, double? Least, bool Less)
{
    /// <summary>For rates: the more the better.</summary>
    public static Goal AtLeast(double? aim, double? least) => new(aim, least, Less: false);

    /// <summary>For times, costs and memory: the less the better.</summary>
    public static Goal AtMost(double? aim, double? most) => new(aim, most, Less: true);

    /// <returns>Which of the two was reached: <c>aim</c>, <c>least</c> or <c>no</c>; <c>?</c> where nothing was measured.</returns>
    public string Reached(double value)
    {
        if (double.IsNaN(value)) return "?";
        if (Meets(value, Aim)) return "aim";
        return Meets(value, Least) ? "least" : "no";
    }

    private bool Meets(double value, double? bound) => bound is { } b && (Less ? value <= b : value >= b);
}

/// <summary>One measured figure.</summary>
/// <param name="Value">In <paramref name="Unit"/>; the median of the slices unless the name says otherwise.</param>
/// <param name="ReferenceName">What was measured beside it, in turns in the same run, in the same unit; null: nothing.</param>
/// <param name="Ratio">Figure to reference: the median of the ratios slice by slice.</param>
public sealed record Result(string Name, double Value, string Unit, string? ReferenceName = null, double? Reference = null, double? Ratio = null, Goal? Goal = null)
{
    /// <summary>See <see cref="Goal.Reached"/>; null: no goal was set.</summary>
    public string? Reached => Goal?.Reached(Ratio ?? Value);

    /// <summary>A figure by itself.</summary>
    /// <param name="goal">Judges the figure; null: it is told only.</param>
    public static Result Print(string name, double value, string unit, Goal? goal = null) => Printed(new Result(name, value, unit, Goal: goal));

    /// <summary>A figure beside its reference.</summary>
    /// <param name="values">Slice by slice.</param>
    /// <param name="references">Of the same slices, in the same unit.</param>
    /// <param name="goal">Judges the ratio; null: it is told only.</param>
    public static Result Print(string name, IReadOnlyList<double> values, string unit, string referenceName, IReadOnlyList<double> references, Goal? goal = null) =>
        Printed(new Result(name, Bench.Median(values), unit, referenceName, Bench.Median(references), Bench.Median(values.Zip(references, (value, reference) => value / reference)), goal));

    private static Result Printed(Result result)
    {
        var reference = result.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"   {ratio:N2} of {result.Reference:N2}, {result.ReferenceName}") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Name,-70} {result.Value,12:N2} {result.Unit}{reference}"));
        return result;
    }
}
