using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SimLedger.Cards;

/// <summary>Texts people write. Lengths are counted in Unicode code points, as JSON Schema's maxLength counts them.</summary>
public static class FreeText
{
    public const int Carrier = 64;
    public const int Product = 64;
    public const int Region = 64;
    public const int Channel = 64;
    public const int Offer = 64;
    public const int Promotion = 64;
    public const int Clock = 64;
    public const int OrderNumber = 128;
    public const int Source = 200;
    public const int Purpose = 200;
    public const int Location = 200;
    public const int Person = 200;
    public const int Tag = 50;
    public const int MostTags = 64;
    public const int Notes = 4000;
    public const int Plan = 64;
    public const int Device = 200;
    public const int Document = 200;
    public const int Contact = 500;
    public const int Method = 64;
    public const int Observed = 500;

    /// <summary>Takes a text that can be kept and shown: not too long, no NUL (PostgreSQL's text type has none), no half characters. Null: none.</summary>
    public static bool TryRead(string? text, int longest, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = Check(text, longest);
        return problem is null;
    }

    internal static ValueProblem? Check(string? text, int longest)
    {
        if (text is null) return null;

        var rest = text.AsSpan();
        var length = 0;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var taken) != OperationStatus.Done)
                return new(ValueCode.TextNotUnicode, "The text holds half of a surrogate pair.", "Send the text as valid Unicode.");
            if (rune.Value == 0) return new(ValueCode.TextWithNul, "The text holds a NUL character.", "Send the text without it.");

            length++;
            rest = rest[taken..];
        }

        return length <= longest ? null : new(ValueCode.TextTooLong, $"The text has {length} characters; {longest} are kept.", "Shorten it.");
    }
}
