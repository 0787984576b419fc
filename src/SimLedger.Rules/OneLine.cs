using System.Globalization;
using System.Text;

namespace SimLedger.Rules;

/// <summary>Texts that people wrote, fit to stand in a line of a console or a log: nothing in them breaks the line or steers the terminal.</summary>
public static class OneLine
{
    /// <summary>The text with every character that breaks, steers or reorders a line written as an escape: <c>\u001b</c>.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(IsUnfit)) return text;

        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (IsUnfit(c)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        }

        return line.ToString();
    }

    // Also what reorders a line: a name written to look like another one.
    private static bool IsUnfit(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
