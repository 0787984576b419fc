using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Server.Http;

/// <summary>Times as requests write them: a date as 2026-11-21, or an instant with its offset as 2026-11-21T10:00:00+08:00; years 1 to 9998.</summary>
internal static class SentTime
{
    private const int LengthOfDate = 10;
    private const int Longest = 40;

    /// <returns>Null: it is neither.</returns>
    public static EntryTime? Read(string text)
    {
        if (text.Length == LengthOfDate) return LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date) && date.Year is >= 1 and <= 9998 ? EntryTime.On(date) : null;
        if (text.Length is < LengthOfDate or > Longest) return null;
        return WrittenInstant.TryRead(OffsetDateTimePattern.ExtendedIso, text, out var instant) && instant.Year is >= 1 and <= 9998 ? EntryTime.At(instant) : null;
    }
}
