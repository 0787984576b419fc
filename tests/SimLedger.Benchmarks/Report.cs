using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SimLedger.Benchmarks;

/// <summary>What a run leaves behind: a table of all that has a reference or a goal, and the same with all other figures as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Prints the table.</summary>
    public static void Print(string machine, IReadOnlyList<Result> results)
    {
        string[] heads = ["measure", "figure", "unit", "reference", "figure", "ratio", "aim", "at least", "reached"];
        var rows = results.Where(r => r.Ratio is not null || r.Goal is not null).Select(r => new[]
        {
            r.Name, Number(r.Value), r.Unit, r.ReferenceName ?? "", Number(r.Reference), Number(r.Ratio), Bound(r.Goal, r.Goal?.Aim), Bound(r.Goal, r.Goal?.Least), r.Reached ?? "",
        }).ToList();
        if (rows.Count == 0) return;
        var widths = heads.Select((head, i) => Math.Max(head.Length, rows.Max(row => row[i].Length))).ToArray();
        Console.WriteLine();
        Console.WriteLine(machine);
        Console.WriteLine();
        Console.WriteLine(Line(heads, widths));
        Console.WriteLine($"|{string.Join('|', widths.Select(width => new string('-', width + 2)))}|");
        foreach (var row in rows) Console.WriteLine(Line(row, widths));
    }

    /// <summary>Writes the figures of the run so far; a run that breaks off leaves what it had.</summary>
    public static Task Write(string file, string machine, IReadOnlyList<Result> results) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { machine, results }, Json));

    private static string Line(string[] cells, int[] widths) => $"| {string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i])))} |";

    private static string Number(double? value) => value?.ToString("N2", CultureInfo.InvariantCulture) ?? "";

    private static string Bound(Goal? goal, double? bound) => bound is { } b ? string.Create(CultureInfo.InvariantCulture, $"{(goal!.Less ? "≤" : "≥")} {b:0.###}") : "";
}
