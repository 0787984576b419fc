using System.Runtime.CompilerServices;
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

    private static CsvReaderOptions Options => new()
    {
        MissingField = CsvMissingFieldHandling.ReturnEmpty,  // A short row has empty cells; each is judged by itself.
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        MalformedData = CsvMalformedDataHandling.Recover,    // A stray quote is part of its cell, which is then judged.
        MaxRecordSize = LargestRow,
        SkipEmptyLines = true,
        IncludeValuesInExceptions = false,
    };

    /// <summary>Streams the rows. Memory does not grow with the file.</summary>
    /// <param name="unknownColumns">Gets the columns that are not canonical; they are not read.</param>
    /// <exception cref="FleetFileException">No header, neither number nor iccid in it, a column twice, or broken CSV.</exception>
    public static async IAsyncEnumerable<FleetRow> Read(Stream stream, Action<IReadOnlyList<string>> unknownColumns, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var text = Text(stream);
        using var csv = CsvReader.Create(text, Options, leaveOpen: true);
        var header = await Header(csv, cancel);
        unknownColumns([.. header.Where(c => c.Length > 0 && !Columns.Contains(c))]);

        for (var row = 1; await Next(csv, row, cancel); row++)
        {
            // Columns that are not canonical are not even copied: a sheet may have hundreds.
            var cells = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < header.Count; i++)
            {
                if (Columns.Contains(header[i])) cells[header[i]] = csv.GetString(i);
            }
            if (cells.Values.All(string.IsNullOrWhiteSpace)) continue; // The last lines of spreadsheets are often empty ones.
            yield return new FleetRow(row, cells);
        }
    }

    /// <summary>Whether a file that begins so can be a fleet file.</summary>
    /// <param name="start">The first bytes; the last character and the last line may be cut.</param>
    /// <exception cref="FleetFileException">No header, neither number nor iccid in it, a column twice, or no CSV in UTF-8.</exception>
    public static async Task CheckStart(ReadOnlyMemory<byte> start, bool isWhole, CancellationToken cancel)
    {
        using var stream = new MemoryStream(start[..(isWhole ? start.Length : WithoutCutCharacter(start.Span))].ToArray());
        using var text = Text(stream);
        using var csv = CsvReader.Create(text, Options, leaveOpen: true);
        await Header(csv, cancel);
    }

    /// <summary>Without the bytes of a character whose other bytes are yet to come.</summary>
    private static int WithoutCutCharacter(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var one = bytes[^back];
            if (one < 0x80) break;
            if (one >= 0xC0) return bytes.Length - back;
        }
        return bytes.Length;
    }

    private static StreamReader Text(Stream stream) =>
        new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);

    private static async Task<List<string>> Header(CsvReader csv, CancellationToken cancel)
    {
        try
        {
            await csv.ReadHeaderAsync(cancel);
        }
        catch (Exception error) when (error is CsvFormatException or DecoderFallbackException)
        {
            throw new FleetFileException("The file does not begin as CSV in UTF-8. Save the sheet as \"CSV UTF-8\".");
        }
        var header = csv.Headers.ToArray().Select(c => c.Trim().ToLowerInvariant()).ToList();
        if (header.TrueForAll(c => c.Length == 0)) throw new FleetFileException("The file is empty. Its first line names the columns: " + string.Join(',', Columns));
        if (header.Where(c => c.Length > 0).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new FleetFileException($"The column {RowReading.Shown(twice.Key)} is there twice. Name each column once.");
        }
        if (!header.Contains("number") && !header.Contains("iccid"))
        {
            throw new FleetFileException("The first line has neither a column number nor iccid. It names the columns: " + string.Join(',', Columns));
        }
        return header;
    }

    private static async Task<bool> Next(CsvReader csv, int row, CancellationToken cancel)
    {
        try
        {
            return await csv.ReadAsync(cancel);
        }
        catch (DecoderFallbackException)
        {
            throw new FleetFileException($"Row {row} is not UTF-8. Save the sheet as \"CSV UTF-8\"; the rows before it were read.");
        }
        catch (CsvFormatException)
        {
            throw new FleetFileException($"Row {row} is longer than {LargestRow} bytes; look for a quote that is not closed. The rows before it were read.");
        }
    }
}
