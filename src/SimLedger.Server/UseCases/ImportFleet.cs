using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using SimLedger.Server.Importing;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/imports: a fleet file, stored as it comes in, then imported by a job.</summary>
internal sealed class ImportFleet(EventLedger ledger, JobStore jobs, ImportFiles files, JobRequests requests, InFlightKeys inFlight, TimeProvider clock)
{
    /// <summary>Largest file in bytes: a million rows of a full sheet, which take some 160 MB.</summary>
    public const long MaxBytes = 256 * 1024 * 1024;

    /// <summary>Imports of an organisation that are queued, running or being sent: with the size of a file the bound of what is stored for it.</summary>
    public const int MostOpen = 10;

    private const int LongestName = 100;
    private const string DefaultName = "fleet.csv";

    /// <summary>A whole upload takes no longer.</summary>
    private static readonly TimeSpan UploadTime = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<TenantId, int> _uploading = new();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/imports", async (HttpContext http, ImportFleet imports) =>
    {
        if (await imports.Handle(http) is { } problem) await problem.ExecuteAsync(http);
    }).DisableRequestTimeout();

    private async Task<Problem?> Handle(HttpContext http)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var dryRun = query.YesOrNo("dryRun") ?? false;
        var name = query.One("name");
        if (name is not null && (name.Any(char.IsControl) || !FreeText.TryRead(name, LongestName, out _))) query.Wrong("name", ValueCode.TextTooLong, $"At most {LongestName} characters without control characters are expected.");
        if (query.Finish() is { } wrong) return wrong;
        var (headers, malformed) = await CommandHeaders.Read(http);
        if (headers is null) return malformed;
        if (!IsCsv(http.Request)) return new Problem(ProblemKind.UnsupportedMediaType, "Send the file as text/csv, in UTF-8, not compressed.");
        if (http.Request.ContentLength > MaxBytes) return TooLarge();

        using var entered = await inFlight.Enter(tenant, headers.Key, http.RequestAborted);
        if (entered is null) return CommandRequest.StillInFlight();

        var uploading = _uploading.AddOrUpdate(tenant, 1, (_, n) => n + 1);
        try
        {
            // A repetition is only read to be compared; it must find its job also where there is no room for another.
            var id = Guid.CreateVersion7(clock.GetUtcNow());
            var repeated = (await ledger.ReadStream(tenant, id, headers.Key, http.RequestAborted)).Earlier is not null;
            if (!repeated && await jobs.CountOpen(tenant, ImportJob.JobName, http.RequestAborted) + uploading > MostOpen)
            {
                return new Problem(ProblemKind.ImportsOpen, $"At most {MostOpen} imports of an organisation may be under way. Wait for one to end (GET /v1/jobs), or cancel one.") { RetryAfter = TimeSpan.FromSeconds(30) };
            }
            return await Receive(http, new Upload(tenant, id, headers, name ?? DefaultName, dryRun, Stored: !repeated));
        }
        finally
        {
            _uploading.AddOrUpdate(tenant, 0, (_, n) => n - 1);
        }
    }

    private sealed record Upload(TenantId Tenant, Guid Id, CommandHeaders Headers, string Name, bool DryRun, bool Stored);

    private async Task<Problem?> Receive(HttpContext http, Upload upload)
    {
        var kept = false;
        try
        {
            var (bytes, sha256, hash, problem) = await Read(http, upload);
            if (problem is not null) return problem;
            var request = new ImportRequest(upload.Name, upload.DryRun, upload.Headers.Reason, bytes, Convert.ToHexStringLower(sha256));
            var context = new CommandContext(upload.Tenant, Caller.Of(http).Audit(http, upload.Headers.Reason), new RequestKey(upload.Headers.Key, hash));
            // Of the same file under the same name one import is enough, however many ask for it at once.
            var subject = $"{(upload.DryRun ? "dry run of " : "")}{upload.Name} {request.Sha256[..16]}";
            var (jobId, refused) = await requests.Add(http, context, upload.Id, ImportJob.JobName, subject, request.Write(), _ => { });
            kept = jobId == upload.Id;
            return refused;
        }
        finally
        {
            if (upload.Stored && !kept)
            {
                // Broken off, refused, or the same as another: nothing stays behind. The job may be there if another request came first by a hair.
                await jobs.Cancel(upload.Tenant, upload.Id, CancellationToken.None);
                await files.Delete(upload.Tenant, upload.Id, CancellationToken.None);
            }
        }
    }

    /// <summary>Reads the body chunk by chunk, hashes and stores it.</summary>
    private async Task<(long Bytes, byte[] Sha256, byte[] RequestHash, Problem? Problem)> Read(HttpContext http, Upload upload)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBytes;
        using var deadline = new CancellationTokenSource(UploadTime, clock);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        using var ofFile = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var ofRequest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ofRequest.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path.Value}?dryRun={upload.DryRun}&name={upload.Name}\n"));
        var buffer = new byte[ImportFiles.ChunkBytes];
        var bytes = 0L;
        try
        {
            for (var chunk = 0; ; chunk++)
            {
                var read = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel.Token);
                if (chunk == 0) await FleetFile.CheckStart(buffer.AsMemory(0, read), isWhole: read < buffer.Length, cancel.Token);
                ofFile.AppendData(buffer, 0, read);
                ofRequest.AppendData(buffer, 0, read);
                bytes += read;
                if (upload.Stored && read > 0) await files.Add(upload.Tenant, upload.Id, chunk, new ArraySegment<byte>(buffer, 0, read), cancel.Token);
                if (read < buffer.Length) return (bytes, ofFile.GetHashAndReset(), ofRequest.GetHashAndReset(), null);
            }
        }
        catch (FleetFileException error)
        {
            return Failed(new Problem(ProblemKind.FileUnusable, error.Message));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Failed(TooLarge());
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Failed(TooSlow());
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw new OperationCanceledException("The client has gone.", error, http.RequestAborted);
        }

        static (long, byte[], byte[], Problem?) Failed(Problem problem) => (0, [], [], problem);
    }

    private static bool IsCsv(HttpRequest request) =>
        request.GetTypedHeaders().ContentType is { } type && type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)
        && (type.Charset.Value is null || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    private static Problem TooLarge() => new(ProblemKind.BodyTooLarge, $"A file may have {MaxBytes / 1024 / 1024} MB. Divide it; the parts may be imported one after another.");

    private static Problem TooSlow() => new(ProblemKind.RequestTooSlow, $"The whole file must be here within {UploadTime.TotalMinutes:0} minutes. Nothing was kept of it.");
}
