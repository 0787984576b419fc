using System.Diagnostics.CodeAnalysis;

namespace SimLedger.Cards;

/// <summary>Serial number of a SIM or of an eSIM profile, as printed on the card.</summary>
/// <remarks>Source: ITU-T E.118, card number format, which allows 19 digits; some issuers print 18 or 20.</remarks>
public static class Iccid
{
    private const string Cure = "Copy all digits from the card or from the phone's settings; a spreadsheet may have rounded the last ones.";

    /// <summary>Takes a serial with all its digits. Never throws: input comes from people.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? iccid, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = Check(text);
        iccid = problem is null ? text : null;
        return problem is null;
    }

    internal static ValueProblem? Check(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Problem(ValueCode.IccidEmpty, "The ICCID is empty.");
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9')) return Problem(ValueCode.IccidNotDigits, "The ICCID holds something other than digits.");
        if (text.Length is < 18 or > 20) return Problem(ValueCode.IccidLength, $"The ICCID has {text.Length} digits; it takes 18 to 20.");
        if (!text.StartsWith("89", StringComparison.Ordinal)) return Problem(ValueCode.IccidNotTelecom, "The ICCID does not start with 89.");
        if (!Luhn.IsValid(text)) return Problem(ValueCode.IccidCheckDigit, "The ICCID's last digit does not fit the others.");

        return null;
    }

    private static ValueProblem Problem(ValueCode code, string message) => new(code, message, Cure);
}
