using System.Globalization;
using CsvHelper;

namespace SimLedger.Server.Importing;

/// <summary>What became of every row, as CSV: one line a note, at least one a row.</summary>
internal sealed class ReportCsv : IAsyncDisposable
{
    private static readonly string[] Columns = ["row", "outcome", "column", "value", "what", "cure"];

    private readonly CsvWriter _csv;

    /// <param name="safe">Cells that a spreadsheet would take for a formula (= + - @, tab, CR) get an apostrophe in front of them.</param>
    /// <param name="keepOpen">Whether the stream outlives the report.</param>
    public ReportCsv(Stream stream, bool safe, bool keepOpen = false) =>
        _csv = CsvWriter.Create(stream, new CsvWriterOptions { Injection = safe ? CsvInjection.Escape : CsvInjection.None }, keepOpen);

    public void WriteHeader() => _csv.WriteRecord(Columns);

    public void Write(RowReport row)
    {
        foreach (var note in row.Notes.DefaultIfEmpty(new RowNote("", "", "", "")))
        {
            _csv.WriteRecord([row.Row.ToString(CultureInfo.InvariantCulture), Outcome(row), note.Column, note.Value, note.What, note.Cure]);
        }
    }

    /// <summary>Hands on what was written so far.</summary>
    public void Flush() => _csv.Flush();

    /// <summary>Copies a report that was written as it is, safely for spreadsheets.</summary>
    public static async Task CopySafely(Stream from, Stream to, CancellationToken cancel)
    {
        using var read = CsvReader.Create(from, new CsvReaderOptions { HasHeader = false, MaxRecordSize = FleetFile.LargestRow * 2 }, leaveOpen: true);
        await using var written = CsvWriter.Create(to, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        while (await read.ReadAsync(cancel))
        {
            await written.WriteRecordAsync([.. Enumerable.Range(0, read.FieldCount).Select(read.GetString)], cancel);
        }
        await written.FlushAsync(cancel);
    }

    public static string Outcome(RowReport row) => row.Outcome.ToString().ToLowerInvariant() + (row.Warned ? ", warned" : "");

    public ValueTask DisposeAsync() => _csv.DisposeAsync();
}
