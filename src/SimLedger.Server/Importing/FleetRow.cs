using SimLedger.Cards;
using SimLedger.Rules;

namespace SimLedger.Server.Importing;

/// <summary>One row of a fleet file as it is written, before anything is made of it.</summary>
/// <param name="Number">1 for the first row after the header.</param>
public sealed record FleetRow(int Number, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The cell without surrounding blanks; null when empty or the file has no such column.</summary>
    public string? this[string column] => Cells.TryGetValue(column, out var cell) && !string.IsNullOrWhiteSpace(cell) ? cell.Trim() : null;

    /// <summary>The row with its number in E.164 where it is written as it is dialled in its carrier's country.</summary>
    public FleetRow InInternationalForm(RulePackSet packs) =>
        this["number"] is { } number && number[0] != '+' && this["carrier"] is { } carrier && PhoneNumber.OfCountry(number, packs.Find(carrier)?.Country) is { } e164
            ? this with { Cells = new Dictionary<string, string>(Cells, StringComparer.Ordinal) { ["number"] = e164 } }
            : this;
}

/// <summary>Something about a row that its owner should know.</summary>
/// <param name="Column">Empty when it is about the row as a whole.</param>
/// <param name="Value">The cell as written, cut to 80 characters.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record RowNote(string Column, string Value, string What, string Cure);

/// <summary>What became of a row.</summary>
public enum RowOutcome { Created, Changed, Unchanged, Refused }

/// <param name="Notes">Why it was refused, or what it was warned of.</param>
public sealed record RowReport(int Row, RowOutcome Outcome, IReadOnlyList<RowNote> Notes)
{
    /// <summary>It went in, but not all of it or not without doubt.</summary>
    public bool Warned => Outcome != RowOutcome.Refused && Notes.Count > 0;
}

/// <summary>How many rows came to what.</summary>
/// <param name="Warned">Of those that were not refused.</param>
public sealed record ImportCounts(int Created, int Changed, int Unchanged, int Refused, int Warned)
{
    public int Rows => Created + Changed + Unchanged + Refused;

    public ImportCounts With(RowReport report) => new(
        Created + (report.Outcome == RowOutcome.Created ? 1 : 0),
        Changed + (report.Outcome == RowOutcome.Changed ? 1 : 0),
        Unchanged + (report.Outcome == RowOutcome.Unchanged ? 1 : 0),
        Refused + (report.Outcome == RowOutcome.Refused ? 1 : 0),
        Warned + (report.Warned ? 1 : 0));
}
