using SimLedger.Server.Http;
using SimLedger.Server.Importing;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/imports/{jobId} and its report: how far an import is, and what became of every row.</summary>
internal static class ReadImport
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/imports/{jobId:guid}", One);
        routes.MapGet("/v1/imports/{jobId:guid}/report", Report).Answers("text/csv").DisableRequestTimeout(); // A long report takes as long as the client takes to read it; the server's least data rate bounds that.
    }

    public static Problem NoSuchImport() => new(ProblemKind.ImportNotFound, $"The organisation has no import of this id. Finished ones are kept {JobStore.Kept.TotalDays:0} days; those of others are never shown.");

    private static async Task One(HttpContext http, Guid jobId, JobStore jobs)
    {
        if (new RequestQuery(http.Request).Finish() is { } wrong) await wrong.ExecuteAsync(http);
        else if (await Find(http, jobId, jobs) is not { } job) await NoSuchImport().ExecuteAsync(http);
        else
        {
            await JsonText.Answer(http, StatusCodes.Status200OK, json =>
            {
                JobJson.WriteMembers(json, job);
                json.WriteString("report", $"/v1/imports/{job.Id:D}/report");
            });
        }
    }

    private static async Task Report(HttpContext http, Guid jobId, JobStore jobs, ImportFiles files)
    {
        var query = new RequestQuery(http.Request);
        var raw = query.YesOrNo("raw") ?? false;
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        if (await Find(http, jobId, jobs) is not { } job)
        {
            await NoSuchImport().ExecuteAsync(http);
            return;
        }

        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"report-{job.Id:D}.csv\"";
        await using var report = files.OpenReport(Caller.Of(http).Tenant, job.Id);
        if (raw) await report.CopyToAsync(http.Response.Body, http.RequestAborted);
        else await ReportCsv.CopySafely(report, http.Response.Body, http.RequestAborted);
    }

    private static async Task<Job?> Find(HttpContext http, Guid jobId, JobStore jobs) =>
        await jobs.Read(Caller.Of(http).Tenant, jobId, http.RequestAborted) is { Kind: ImportJob.JobName } job ? job : null;
}
