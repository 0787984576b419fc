using System.Text;
using CsvHelper;

namespace SimLedger.Server.Importing;

/// <summary>A file that cannot be read as a fleet at all. The message is for whoever gave it.</summary>
public sealed class FleetFileException(string message) : Exception(message);

/// <summary>Reads a fleet file row by row: CSV in UTF-8 with a header line of canonical columns.</summary>
public static class FleetFile
{
    /// <summary>Largest row in bytes; a larger one is a quote that is not closed, not a row.</summary>
    public const int LargestRow = 256 * 1024;

    public static readonly IReadOnlyList<string> Columns =
    [
        "number", "iccid", "form_factor", "carrier", "product", "activated_on", "last_topup_on", "last_topup_amount", "currency", "expires_on", "balance",
        "balance_on", "owner", "location", "purpose", "importance", "tags", "notes",
    ];

    /// <summary>Streams the rows. Memory does not grow with the file.</summary>
    /// <param name="unknownColumns">Gets the columns that are not canonical; they are not read.</param>
    /// <exception cref="FleetFileException">No header, neither number nor iccid in it, a column twice, or broken CSV.</exception>
    public static IEnumerable<FleetRow> Read(Stream stream, Action<IReadOnlyList<string>> unknownColumns)
    {
        var options = new CsvReaderOptions
        {
            MissingField = CsvMissingFieldHandling.ReturnEmpty,  // A short row has empty cells; each is judged by itself.
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MalformedData = CsvMalformedDataHandling.Recover,    // A stray quote is part of its cell, which is then judged.
            MaxRecordSize = LargestRow,
            SkipEmptyLines = true,
            IncludeValuesInExceptions = false,
        };
        using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        using var csv = CsvReader.Create(text, options, leaveOpen: true);
        var header = Header(csv);
        unknownColumns([.. header.Where(c => !Columns.Contains(c))]);

        for (var row = 1; Next(csv, row); row++)
        {
            var cells = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < header.Count; i++) cells[header[i]] = csv.GetString(i);
            if (cells.Values.All(string.IsNullOrWhiteSpace)) continue; // The last lines of spreadsheets are often empty ones.
            yield return new FleetRow(row, cells);
        }
    }

    private static List<string> Header(CsvReader csv)
    {
        try
        {
            csv.ReadHeader();
        }
        catch (Exception error) when (error is CsvFormatException or DecoderFallbackException)
        {
            throw new FleetFileException("The first line cannot be read as CSV in UTF-8. Save the sheet as \"CSV UTF-8\".");
        }
        var header = csv.Headers.ToArray().Select(c => c.Trim().ToLowerInvariant()).ToList();
        if (header.TrueForAll(c => c.Length == 0)) throw new FleetFileException("The file is empty. Its first line names the columns: " + string.Join(',', Columns));
        if (header.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new FleetFileException($"The column {twice.Key} is there twice. Name each column once.");
        if (!header.Contains("number") && !header.Contains("iccid"))
        {
            throw new FleetFileException("The first line has neither a column number nor iccid. It names the columns: " + string.Join(',', Columns));
        }
        return header;
    }

    private static bool Next(CsvReader csv, int row)
    {
        try
        {
            return csv.Read();
        }
        catch (DecoderFallbackException)
        {
            throw new FleetFileException($"Row {row} is not UTF-8. Save the sheet as \"CSV UTF-8\"; the rows before it are in.");
        }
        catch (CsvFormatException)
        {
            throw new FleetFileException($"Row {row} is longer than {LargestRow} bytes; look for a quote that is not closed. The rows before it are in.");
        }
    }
}
