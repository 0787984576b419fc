using System.Globalization;

namespace SimLedger.Rules.Reading;

/// <summary>Amounts as packs and vectors write them: decimal strings, never floats.</summary>
internal static class AmountText
{
    private const int MostWhole = 15;
    private const int MostFraction = 6;

    /// <summary>An optional minus, 1 to 15 digits, and perhaps a point with 1 to 6 digits; nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal amount)
    {
        amount = 0;
        var digits = text is ['-', ..] ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        if (whole.Length is 0 or > MostWhole || !AreDigits(whole)) return false;
        if (point >= 0 && (digits.Length - point - 1 is 0 or > MostFraction || !AreDigits(digits[(point + 1)..]))) return false;

        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);
    }

    public static string Of(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
