using System.Text.Json;
using NodaTime;
using SimLedger.Rules.Doubts;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules;

/// <param name="Pack">Null if there is an error among the findings.</param>
/// <param name="Findings">In the order they were found, errors and warnings; empty for a pack without fault.</param>
public sealed record RulePackReading(RulePack? Pack, IReadOnlyList<Finding> Findings);

/// <summary>Reads one rule pack of format 1, and says all that is wrong with it at once.</summary>
public static class RulePackReader
{
    /// <summary>4 MiB. The biggest pack known is a hundredth of it.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads a pack.</summary>
    /// <param name="utf8Json">One JSON object in UTF-8, with or without byte order mark, nested at most 64 deep.</param>
    /// <param name="fileName">Only to name the file in findings.</param>
    /// <param name="today">Day for the warnings that depend on one: sources older than a year, no rules in force. Null: none of these.</param>
    /// <returns>
    /// The pack, or errors that say where, what and how to put it right. An unknown or repeated member, a wrong type, an unknown reference, an
    /// impossible date or term and a combination that the format forbids are errors; what can be meant but hardly is, is a warning.
    /// </returns>
    /// <remarks>Never throws: the file was written by people.</remarks>
    public static RulePackReading Read(ReadOnlyMemory<byte> utf8Json, string fileName, LocalDate? today = null)
    {
        var findings = new FindingList(fileName);
        using var document = JsonText.Parse(utf8Json, MaxBytes, findings);
        var pack = document is null ? null : ReadElement(document.RootElement, "$", findings, today);

        return new RulePackReading(pack, findings.All);
    }

    /// <returns>Null if the findings have an error.</returns>
    internal static RulePack? ReadElement(JsonElement element, string path, FindingList findings, LocalDate? today)
    {
        var pack = new PackReading(findings).Read(element, path);
        if (findings.HasErrors) return null;

        PackDoubts.Find(pack, path, today, findings);
        return pack;
    }
}
