using NodaTime;
using SimLedger.Rules.Evaluating;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules.Doubts;

/// <summary>Sources that may be out of date or cannot be looked up.</summary>
internal static class SourceDoubts
{
    public static void Find(Source source, string path, LocalDate? today, FindingList findings)
    {
        WebAddress.FindNone(source.Url, $"{path}.url", findings);
        if (today is not { } day) return;

        if (source.CheckedOn < LocalCalendar.Subtract(day, new Term(1, TermUnit.Year)))
        {
            findings.Warning($"{path}.checkedOn", "The source was last checked more than a year ago.", "Read it again and write the day.");
        }

        // A day in hand, for it may be tomorrow already where the pack was written.
        if (source.CheckedOn > LocalCalendar.AddDays(day, 1))
        {
            findings.Warning($"{path}.checkedOn", "The source is said to have been checked on a day that is still to come.", "Write the day on which it was read.");
        }
    }
}
