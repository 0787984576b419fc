using System.Diagnostics.CodeAnalysis;

namespace SimLedger.Cards;

/// <summary>Telephone numbers as stored and sent: plus, country code, national number, nothing else.</summary>
/// <remarks>
/// Source: ITU-T E.164, section 6: at most 15 digits; country codes do not start with 0. The least, 7, is ours: shorter ones are
/// service codes, which no card holds. Spaces and national forms are for the import to resolve, which knows the country.
/// </remarks>
public static class E164
{
    public const int FewestDigits = 7;
    public const int MostDigits = 15;

    private const string Cure = "Send it as +447700900123: plus, country code, number, without spaces, brackets or hyphens.";

    /// <summary>Takes a number in exact E.164. Never throws: input comes from people.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? number, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = Check(text);
        number = problem is null ? text : null;
        return problem is null;
    }

    internal static ValueProblem? Check(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Problem(ValueCode.NumberEmpty, "The number is empty.");
        if (text[0] != '+') return Problem(ValueCode.NumberWithoutPlus, "The number does not start with + and a country code.");

        var digits = text.AsSpan(1);
        if (digits.ContainsAnyExceptInRange('0', '9')) return Problem(ValueCode.NumberNotDigits, "The number holds something other than digits after the +.");

        return digits.Length switch
        {
            < FewestDigits => Problem(ValueCode.NumberTooShort, $"The number has {digits.Length} digits; it takes at least {FewestDigits}."),
            > MostDigits => Problem(ValueCode.NumberTooLong, $"The number has {digits.Length} digits; E.164 allows at most {MostDigits}."),
            _ when digits[0] == '0' => Problem(ValueCode.NumberStartsWithZero, "The number starts with 0 after the +; no country code does."),
            _ => null,
        };
    }

    private static ValueProblem Problem(ValueCode code, string message) => new(code, message, Cure);
}
