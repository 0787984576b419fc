using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.Exporting;

/// <summary>How an export is written.</summary>
/// <param name="Csv">CSV by RFC 4180 in UTF-8; else NDJSON, one object of the list a line.</param>
/// <param name="Raw">CSV for programs: no byte order mark, and cells that a spreadsheet would take for formulas stay as they are.</param>
internal sealed record ExportFormat(bool Csv, bool Raw)
{
    private const string CsvType = "text/csv";
    private const string JsonLinesType = "application/x-ndjson";

    public string ContentType => Csv ? $"{CsvType}; charset=utf-8; header=present" : JsonLinesType;

    public string Extension => Csv ? "csv" : "ndjson";

    /// <summary>By the query's <c>format</c>, else by Accept, else CSV; what is wrong with the query is noted there.</summary>
    public static ExportFormat Read(RequestQuery query, HttpRequest request)
    {
        var format = query.One("format");
        if (format is not (null or "csv" or "ndjson")) query.Wrong("format", ValueCode.ValueUnknown, "One of csv, ndjson is expected.");
        var csv = format is null ? !PrefersJsonLines(request) : format == "csv";
        var raw = query.One("raw");
        if (raw is not (null or "true" or "false")) query.Wrong("raw", ValueCode.ValueUnknown, "true or false is expected.");
        else if (raw == "true" && !csv) query.Wrong("raw", ValueCode.ValueUnknown, "Only CSV has cells to guard; NDJSON is always as it is. Leave it out.");
        return new ExportFormat(csv, raw == "true");
    }

    private static bool PrefersJsonLines(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Weight(JsonLinesType) > Weight(CsvType);

        double Weight(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
    }
}

/// <summary>A column of an export in CSV.</summary>
/// <param name="Cell">Its text, taken from the object of the list.</param>
internal sealed record ExportColumn(string Name, Func<System.Text.Json.JsonElement, string> Cell);
