using System.Text;

namespace SimLedger.Rules;

/// <summary>How names of carriers, as people write them, are told to be the same: without case, spaces and full-width forms.</summary>
public static class CarrierName
{
    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';

    /// <summary>Two names mean the same carrier if this gives the same text for both: <c>Ｓｍａｒｔ </c> and <c>smart</c>.</summary>
    /// <remarks>Source: Unicode block Halfwidth and Fullwidth Forms; U+FF01 to U+FF5E stand for U+0021 to U+007E.</remarks>
    public static string Comparable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        var comparable = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsWhiteSpace(c)) continue; // Also the ideographic space, U+3000.

            var plain = c is >= FirstFullWidth and <= LastFullWidth ? (char)(c - FirstFullWidth + '!') : c;
            comparable.Append(char.ToLowerInvariant(plain));
        }

        return comparable.ToString();
    }
}
