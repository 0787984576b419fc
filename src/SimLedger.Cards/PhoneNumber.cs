using System.Text;

namespace SimLedger.Cards;

/// <summary>Numbers as people write them: in E.164, or as they are dialled in the carrier's country, which is what hotlines and portals ask for.</summary>
public static class PhoneNumber
{
    /// <summary>What is wrong with a number; null: it can be stored.</summary>
    /// <param name="country">ISO 3166-1 alpha-2; null or unknown: only E.164 is taken.</param>
    internal static ValueProblem? Check(string text, string? country)
    {
        if (string.IsNullOrWhiteSpace(text) || text[0] == '+' || NumberingPlan.Of(country) is not { } plan) return E164.Check(text);

        var digits = Digits(text);
        if (digits is null) return new(ValueCode.NumberNotDigits, "The number holds something other than digits, blanks, hyphens and brackets.", Cure(plan));

        if (plan.MayLackPlus(digits))
        {
            return new(ValueCode.NumberNotNational, $"The number could be one of {plan.Country}, or an international one without its plus: it begins with {plan.CallingCode}.", Cure(plan));
        }
        return plan.Fits(plan.Significant(digits))
            ? null
            : new(ValueCode.NumberNotNational, $"The number is not one of {plan.Country}: without the leading {(plan.Trunk.Length > 0 ? plan.Trunk : "zero")} it would have {plan.Lengths} digits.", Cure(plan));
    }

    /// <summary>A number in E.164 that is written as it is dialled in a country; null where it is none of that country.</summary>
    /// <param name="country">ISO 3166-1 alpha-2; null: unknown.</param>
    public static string? OfCountry(string text, string? country)
    {
        ArgumentNullException.ThrowIfNull(text);

        return NumberingPlan.Of(country) is null || string.IsNullOrWhiteSpace(text) || text[0] == '+' || Check(text, country) is not null ? null : ToE164(text, country);
    }

    /// <summary>The number in E.164; one that <see cref="Check"/> takes.</summary>
    internal static string ToE164(string text, string? country) =>
        text[0] == '+' || NumberingPlan.Of(country) is not { } plan ? text : $"+{plan.CallingCode}{plan.Significant(Digits(text)!)}";

    /// <summary>The number as it is dialled in its own country; null where its country is none of those known here.</summary>
    /// <param name="e164">As stored.</param>
    public static string? National(string e164) => NumberingPlan.OfNumber(e164) is { } plan ? plan.Trunk + e164[(plan.CallingCode.Length + 1)..] : null;

    /// <summary>More or fewer digits than numbers of its country have: likely one is missing or twice.</summary>
    public static bool HasUnusualLength(string e164) => NumberingPlan.OfNumber(e164) is { } plan && !plan.Fits(e164[(plan.CallingCode.Length + 1)..]);

    /// <summary>Numbers that differ from this in one digit.</summary>
    public static IReadOnlyList<string> LookAlikes(string e164)
    {
        ArgumentNullException.ThrowIfNull(e164);

        List<string> alike = new((e164.Length - 1) * 9);
        var letters = e164.ToCharArray();
        for (var place = 1; place < letters.Length; place++)
        {
            var digit = letters[place];
            for (var other = '0'; other <= '9'; other++)
            {
                if (other == digit) continue;
                letters[place] = other;
                alike.Add(new string(letters));
            }

            letters[place] = digit;
        }

        return alike;
    }

    private static string Cure(NumberingPlan plan) =>
        $"Send it in international form, +{plan.CallingCode} and the number, or as it is dialled there{(plan.Trunk.Length > 0 ? $", beginning with {plan.Trunk}" : "")}.";

    /// <summary>Null where something else than digits and the usual separators is in it.</summary>
    private static string? Digits(string text)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter)) digits.Append(letter);
            else if (letter is not (' ' or '-' or '(' or ')')) return null;
        }

        return digits.ToString();
    }
}

/// <summary>How mobile numbers of a country are made up.</summary>
/// <param name="CallingCode">Without the plus.</param>
/// <param name="Trunk">Dialled before the number within the country; empty: nothing.</param>
/// <param name="Fewest">Digits after the calling code, of mobile numbers.</param>
/// <remarks>Source: ITU-T E.164 national numbering plans, as the countries notify them (itu.int, "National Numbering Plans").</remarks>
internal sealed record NumberingPlan(string Country, string CallingCode, string Trunk, int Fewest, int Most)
{
    // The countries that shipped rule packs are of.
    private static readonly NumberingPlan[] Plans =
    [
        new("CN", "86", "", 11, 11),
        new("DE", "49", "0", 10, 11),
        new("GB", "44", "0", 10, 10),
        new("HK", "852", "", 8, 8),
        new("ID", "62", "0", 9, 12),
        new("IN", "91", "0", 10, 10),
        new("JP", "81", "0", 10, 10),
        new("KY", "1345", "", 7, 7),
        new("MY", "60", "0", 9, 10),
        new("NZ", "64", "0", 8, 10),
        new("PH", "63", "0", 10, 10),
        new("SG", "65", "", 8, 8),
        new("TH", "66", "0", 9, 9),
        new("TW", "886", "0", 9, 9),
        new("US", "1", "", 10, 10),
    ];

    public string Lengths => Fewest == Most ? $"{Fewest}" : $"{Fewest} to {Most}";

    public static NumberingPlan? Of(string? country) => Array.Find(Plans, plan => plan.Country == country);

    /// <summary>The longest calling code counts: those of islands begin with 1, too.</summary>
    public static NumberingPlan? OfNumber(string e164) =>
        Plans.Where(plan => e164.AsSpan(1).StartsWith(plan.CallingCode)).MaxBy(plan => plan.CallingCode.Length);

    public bool Fits(string significant) => significant.Length >= Fewest && significant.Length <= Most && significant[0] != '0';

    /// <summary>Spreadsheets drop the plus: then a number of a country whose numbers have many lengths can be read as one of its own, and as what it is.</summary>
    public bool MayLackPlus(string digits) =>
        digits.StartsWith(CallingCode, StringComparison.Ordinal) && Fits(Significant(digits)) && Fits(digits[CallingCode.Length..]);

    /// <summary>Without what is dialled before it.</summary>
    public string Significant(string digits) => Trunk.Length > 0 && digits.StartsWith(Trunk, StringComparison.Ordinal) ? digits[Trunk.Length..] : digits;
}
