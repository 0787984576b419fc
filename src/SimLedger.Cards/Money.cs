using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SimLedger.Cards;

/// <summary>An amount in a currency. Decimal places are kept as they were given: 12.50 stays 12.50.</summary>
/// <remarks>
/// At most 13 digits before the point (room for any sum in rupiah or dong) and 6 after it (tariffs per second or per kilobyte):
/// 19 digits, which a .NET decimal holds exactly. An amount is not below zero; a balance may be.
/// </remarks>
/// <param name="Currency">ISO 4217: three upper-case letters.</param>
public sealed record Money(decimal Amount, string Currency)
{
    public const int MostDigitsBeforeThePoint = 13;
    public const int MostDecimals = 6;

    private const decimal TooMuch = 10_000_000_000_000m;

    private const string AmountCure = """Send a decimal as text, such as "12.50": a point, no thousands separators, no currency sign.""";

    /// <summary>Reads "12.50"; also "-3.20", since balances may be below zero. Never throws: input comes from people.</summary>
    public static bool TryReadAmount(string? text, out decimal amount, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = null;
        if (string.IsNullOrEmpty(text)) problem = new(ValueCode.AmountEmpty, "The amount is empty.", AmountCure);
        else if (!IsPlainDecimal(text)) problem = new(ValueCode.AmountNotDecimal, "The amount is not a plain decimal number.", AmountCure);

        amount = 0;
        if (problem is not null) return false;

        // Long digits fail here, not in the parser, which would round them.
        if (text!.Length > MostDigitsBeforeThePoint + MostDecimals + 2) problem = OutOfRange();
        else problem = CheckBalance(amount = decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));

        return problem is null;
    }

    /// <summary>Takes three upper-case letters; whether a country uses them is not looked up. Never throws.</summary>
    public static bool TryReadCurrency(string? text, [NotNullWhen(true)] out string? currency, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = CheckCurrency(text);
        currency = problem is null ? text : null;
        return problem is null;
    }

    internal static ValueProblem? CheckAmount(decimal amount) => amount < 0
        ? new(ValueCode.AmountNegative, "The amount is below zero.", "Send what was paid as a positive number; to take an entry back, void it.")
        : CheckBalance(amount);

    internal static ValueProblem? CheckBalance(decimal amount) =>
        Math.Abs(amount) >= TooMuch || amount.Scale > MostDecimals ? OutOfRange() : null;

    internal static ValueProblem? CheckCurrency(string? text) => text is { Length: 3 } && text.All(char.IsAsciiLetterUpper)
        ? null
        : new(ValueCode.CurrencyNotIso, "The currency is not an ISO 4217 code.", "Send three upper-case letters, such as PHP or HKD.");

    private static ValueProblem OutOfRange() => new(
        ValueCode.AmountOutOfRange,
        $"The amount has more than {MostDigitsBeforeThePoint} digits before the point or {MostDecimals} after it.",
        "Check the amount; round it to the currency's own decimals.");

    /// <summary>No leading zeros, no exponent, digits on both sides of the point: so that a stored amount reads as it was sent.</summary>
    private static bool IsPlainDecimal(ReadOnlySpan<char> text)
    {
        if (text is ['-', .. var unsigned]) text = unsigned;

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var decimals = point < 0 ? "0" : text[(point + 1)..];

        return whole.Length > 0 && decimals.Length > 0 && (whole.Length == 1 || whole[0] != '0') &&
            !whole.ContainsAnyExceptInRange('0', '9') && !decimals.ContainsAnyExceptInRange('0', '9');
    }
}
