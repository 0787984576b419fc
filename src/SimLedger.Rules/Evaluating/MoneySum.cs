namespace SimLedger.Rules.Evaluating;

/// <summary>Sums of amounts that stop at the ends of <see cref="decimal"/> instead of throwing: amounts come from people.</summary>
internal static class MoneySum
{
    public static decimal Add(decimal left, decimal right)
    {
        if (right > 0 && left > decimal.MaxValue - right) return decimal.MaxValue;
        if (right < 0 && left < decimal.MinValue - right) return decimal.MinValue;
        return left + right;
    }

    public static decimal Subtract(decimal left, decimal right) => Add(left, -right);
}
