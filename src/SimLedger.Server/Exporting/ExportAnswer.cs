using System.Text.Json;
using CsvHelper;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Net.Http.Headers;
using SimLedger.Server.Http;

namespace SimLedger.Server.Exporting;

/// <summary>Answers a whole list as a file, page by page: memory holds one page, however long the list.</summary>
internal sealed class ExportAnswer(IHostApplicationLifetime host, TimeProvider clock, ILogger<ExportAnswer> log)
{
    /// <summary>As long as the due list keeps its instant. What is longer is asked for in parts, by filters.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>How long nothing more may go out before the client is let go. Long: the system takes the bytes of a slow reader by the megabyte.</summary>
    private static readonly TimeSpan WriteTime = TimeSpan.FromMinutes(2);

    /// <summary>Exports of one organisation at once, in this process: each reads as fast as its client does.</summary>
    public const int MostOpen = 4;

    private static readonly ReadOnlyMemory<byte> LineEnd = "\n"u8.ToArray();

    private readonly LongRequests _open = new(MostOpen);

    /// <summary>Sends the rows. What goes wrong before the first page is there leaves as an exception; later the connection is broken off, so that no part passes for the whole.</summary>
    /// <param name="name">Of the list, for the file's name.</param>
    /// <param name="pages">Each row one JSON object on one line; a page may be empty.</param>
    /// <returns>A problem to answer; null: answered.</returns>
    public async Task<Problem?> Send(
        HttpContext http, ExportFormat format, string name, IReadOnlyList<ExportColumn> columns, Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>>> pages)
    {
        using var place = _open.Enter(Caller.Of(http).Tenant);
        if (place is null) return _open.TooMany("exports");
        http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var deadline = new CancellationTokenSource(Longest, clock);
        using var patience = new CancellationTokenSource(Longest, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping, deadline.Token, patience.Token);
        try
        {
            await using var page = pages(ended.Token).GetAsyncEnumerator(ended.Token);
            var more = await page.MoveNextAsync();
            http.Response.ContentType = format.ContentType;
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"simledger-{name}-{clock.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.{format.Extension}\"";
            await http.Response.StartAsync(ended.Token);
            await (format.Csv ? WriteCsv(http.Response.Body, format, columns, page, more, patience, ended.Token) : WriteLines(http.Response.Body, page, more, patience, ended.Token));
        }
        catch (Exception error) when (http.Response.HasStarted)
        {
            if (!http.RequestAborted.IsCancellationRequested) log.LogWarning("The export of {Name} was broken off ({Error}).", name, error.Message);
            http.Abort(); // The end of the last chunk is what tells a client that it has all; it must not be sent now.
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Busy, "The server stops, or the first rows took too long. Ask again.") { RetryAfter = TimeSpan.FromSeconds(5) };
        }
        return null;
    }

    private static async Task WriteCsv(
        Stream body, ExportFormat format, IReadOnlyList<ExportColumn> columns, IAsyncEnumerator<IReadOnlyList<ReadOnlyMemory<byte>>> page, bool more, CancellationTokenSource patience, CancellationToken cancel)
    {
        var options = new CsvWriterOptions
        {
            NewLine = "\r\n",
            WriteByteOrderMark = !format.Raw, // Without it Excel takes UTF-8 for the machine's own code page.
            Injection = format.Raw ? CsvInjection.None : CsvInjection.Escape,
            InjectionCharacters = "=+-@\t\r",
            InjectionEscape = '\'',
        };
        var csv = CsvWriter.Create(body, options, leaveOpen: true);
        await csv.WriteRecordAsync([.. columns.Select(c => c.Name)], cancel);
        for (; more; more = await page.MoveNextAsync())
        {
            foreach (var row in page.Current)
            {
                patience.CancelAfter(WriteTime); // Anew for each row: who reads slowly reads.
                using var json = JsonDocument.Parse(row);
                await csv.WriteRecordAsync([.. columns.Select(c => c.Cell(json.RootElement))], cancel);
            }
            patience.CancelAfter(WriteTime);
            await csv.FlushAsync(cancel);
        }
        await csv.FlushAsync(cancel);
        await csv.DisposeAsync(); // Not on the way of an error: it would send what is left.
    }

    private static async Task WriteLines(Stream body, IAsyncEnumerator<IReadOnlyList<ReadOnlyMemory<byte>>> page, bool more, CancellationTokenSource patience, CancellationToken cancel)
    {
        for (; more; more = await page.MoveNextAsync())
        {
            foreach (var row in page.Current)
            {
                patience.CancelAfter(WriteTime);
                await body.WriteAsync(row, cancel);
                await body.WriteAsync(LineEnd, cancel);
            }
            patience.CancelAfter(WriteTime);
            await body.FlushAsync(cancel);
        }
    }
}
