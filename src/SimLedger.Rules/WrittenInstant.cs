using NodaTime;
using NodaTime.Text;

namespace SimLedger.Rules;

/// <summary>Instants with their offset, as people and programs write them.</summary>
public static class WrittenInstant
{
    /// <summary>Reads a text by a pattern of NodaTime. Never throws.</summary>
    /// <remarks>The patterns themselves throw at an offset beyond 18 hours, where they should say that the text does not fit.</remarks>
    public static bool TryRead(OffsetDateTimePattern pattern, string text, out OffsetDateTime instant)
    {
        ArgumentNullException.ThrowIfNull(pattern);

        try
        {
            return pattern.Parse(text).TryGetValue(default, out instant);
        }
        catch (ArgumentOutOfRangeException)
        {
            instant = default;
            return false;
        }
    }
}
