using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/jobs, /v1/jobs/{jobId} and its result: how far long work is, and what it gave.</summary>
internal static class ReadJobs
{
    private const int DefaultLimit = 50;
    private const int MostJobs = 200;
    private const int LongestWait = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs", List);
        routes.MapGet("/v1/jobs/{jobId:guid}", One);
        routes.MapGet("/v1/jobs/{jobId:guid}/result", Result);
    }

    public static Problem NoSuchJob() =>
        new(ProblemKind.JobNotFound, $"The organisation has no job of this id. Finished ones are kept {JobStore.Kept.TotalDays:0} days; jobs of others are never shown.");

    private static async Task List(HttpContext http, JobStore jobs, Tenants tenants)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var limit = query.Whole("limit", 1, MostJobs, DefaultLimit);
        var cursor = query.One("cursor");
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var secret = await tenants.Secret(tenant, http.RequestAborted);
        var before = Guid.AllBitsSet;
        if (cursor is not null && !Guid.TryParseExact(Cursor.Read(secret, "jobs", cursor), "D", out before))
        {
            await new Problem(ProblemKind.CursorUnusable, "Start again without a cursor.").ExecuteAsync(http);
            return;
        }
        var page = await jobs.List(tenant, before, limit + 1, http.RequestAborted);
        var next = page.Count > limit ? Cursor.Write(secret, "jobs", page[limit - 1].Id.ToString("D")) : null;
        if (next is not null) http.Response.Headers.Link = $"<{http.Request.Path}?limit={limit}&cursor={next}>; rel=\"next\"";
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("jobs");
            foreach (var job in page.Take(limit))
            {
                json.WriteStartObject();
                JobJson.WriteMembers(json, job);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("nextCursor", next);
        });
    }

    private static async Task One(HttpContext http, Guid jobId, JobStore jobs, TimeProvider clock)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var wait = TimeSpan.FromSeconds(query.Whole("wait", 0, LongestWait, 0));
        if (query.Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var began = clock.GetTimestamp();
        var job = await jobs.Read(tenant, jobId, http.RequestAborted);
        while (job is { IsFinished: false } && clock.GetElapsedTime(began) < wait)
        {
            await Task.Delay(BetweenLooks, clock, http.RequestAborted);
            job = await jobs.Read(tenant, jobId, http.RequestAborted);
        }
        if (job is null) await NoSuchJob().ExecuteAsync(http);
        else await JsonText.Answer(http, StatusCodes.Status200OK, json => JobJson.WriteMembers(json, job));
    }

    private static async Task Result(HttpContext http, Guid jobId, JobStore jobs)
    {
        var tenant = Caller.Of(http).Tenant;
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        if (await jobs.Result(tenant, jobId, http.RequestAborted) is { } result)
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.BodyWriter.WriteAsync(result, http.RequestAborted);
            return;
        }
        var job = await jobs.Read(tenant, jobId, http.RequestAborted);
        await (job is null
            ? NoSuchJob()
            : new Problem(ProblemKind.JobWithoutResult, $"The job is {Rules.EnumNames.Of(job.State)}{(job.Problem is { } why ? $": {why}" : ".")} Only a job that succeeded has a result.")).ExecuteAsync(http);
    }
}
