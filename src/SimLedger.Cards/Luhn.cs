namespace SimLedger.Cards;

/// <summary>Check digits of cards and devices.</summary>
/// <remarks>Source: ISO/IEC 7812-1, annex on the Luhn check digit; used by ITU-T E.118 for ICCIDs and 3GPP TS 23.003 for IMEIs.</remarks>
internal static class Luhn
{
    /// <summary>Tells whether the last digit is the check digit of the others.</summary>
    /// <param name="digits">Decimal digits only.</param>
    public static bool IsValid(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var fromRight = 0; fromRight < digits.Length; fromRight++)
        {
            var digit = digits[^(fromRight + 1)] - '0';
            var weighted = fromRight % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }
}
