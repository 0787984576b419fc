using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.Server.Verbs;

/// <summary>rules lint FILE...: all that can be said against rule packs, one by one and together. Exit code 1 on an error, with --strict on a warning too.</summary>
internal static class RulesLintVerb
{
    private const int MostFiles = 10_000;

    /// <param name="asOn">The day on which sources are judged; null: today.</param>
    public static async Task<int> Run(IReadOnlyList<string> named, bool strict, string? asOn)
    {
        var today = asOn is null ? LocalDate.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime) : Date(asOn);
        var findings = new List<Finding>();
        var packs = new List<(string File, RulePack Pack)>();
        var count = 0;
        foreach (var file in FilesOf(named))
        {
            var bytes = await RuleFile.Read(file);
            if (IsVectors(file, bytes)) continue;

            count++;
            var reading = RulePackReader.Read(bytes, file, today);
            findings.AddRange(reading.Findings);
            if (reading.Pack is not { } pack) continue;

            packs.Add((file, pack));
            if (VectorsMissing(file, pack) is { } missing) findings.Add(missing);
        }
        if (count == 0) throw new UsageException("There is no rule pack among these files. Vectors are run by: rules check FILE");

        findings.AddRange(RulePackSet.Of(packs).Findings);
        foreach (var finding in findings) Console.WriteLine(finding);
        var errors = findings.Count(finding => finding.Severity is Severity.Error);
        var warnings = findings.Count - errors;
        Console.WriteLine($"{count} packs, {errors} errors, {warnings} warnings");
        return errors > 0 || (strict && warnings > 0) ? 1 : 0;
    }

    private static LocalDate Date(string written) =>
        LocalDatePattern.Iso.Parse(written).TryGetValue(default, out var date) ? date : throw new UsageException($"{written} is no date. Write it as 2026-11-21.");

    /// <summary>The files named and those in the folders named, each once.</summary>
    private static List<string> FilesOf(IReadOnlyList<string> named)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (var path in named)
        {
            foreach (var file in Directory.Exists(path) ? RuleFile.In(path, MostFiles + 1) : [path])
            {
                if (seen.Add(Path.GetFullPath(file))) files.Add(file);
            }
        }
        return files.Count <= MostFiles ? files : throw new UsageException($"These are more than {MostFiles} files; lint them in parts.");
    }

    /// <summary>Vector files lie beside packs and are named with them by a wildcard: they are passed over.</summary>
    private static bool IsVectors(string file, ReadOnlyMemory<byte> bytes) =>
        RuleFileFormat.Of(bytes) is { } format ? format == VectorFile.Format : file.EndsWith(RuleFile.VectorEnding, StringComparison.Ordinal);

    private static Finding? VectorsMissing(string file, RulePack pack)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var expected = Path.Combine(folder, pack.Code + RuleFile.VectorEnding);
        if (File.Exists(expected)) return null;

        return new Finding(
            Severity.Warning, file, "$", $"No vectors prove the pack: there is no {pack.Code}{RuleFile.VectorEnding} beside it.",
            "Write examples of what the carrier does; docs/writing-rule-packs.md says how.");
    }
}
