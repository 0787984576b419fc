using System.Diagnostics.CodeAnalysis;

namespace SimLedger.Cards;

/// <summary>Identifier of an eSIM chip (eUICC), as a device shows it.</summary>
public static class Eid
{
    private const int Length = 32;

    private const string Cure = "Copy all 32 digits from the device (on most, dialling *#06# shows them).";

    /// <summary>Takes an identifier with all its digits. Never throws: input comes from people.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? eid, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = Check(text);
        eid = problem is null ? text : null;
        return problem is null;
    }

    internal static ValueProblem? Check(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Problem(ValueCode.EidEmpty, "The EID is empty.");
        if (text.AsSpan().ContainsAnyExceptInRange('0', '9')) return Problem(ValueCode.EidNotDigits, "The EID holds something other than digits.");
        if (text.Length != Length) return Problem(ValueCode.EidLength, $"The EID has {text.Length} digits; it takes {Length}.");
        if (Mod97(text) != 1) return Problem(ValueCode.EidCheckDigits, "The EID's last two digits do not fit the others.");

        return null;
    }

    /// <summary>Source: GSMA SGP.02 and SGP.29, check digits after ISO/IEC 7064: the whole number leaves 1 when divided by 97.</summary>
    private static int Mod97(ReadOnlySpan<char> digits)
    {
        var rest = 0;
        foreach (var digit in digits) rest = (rest * 10 + (digit - '0')) % 97;

        return rest;
    }

    private static ValueProblem Problem(ValueCode code, string message) => new(code, message, Cure);
}
