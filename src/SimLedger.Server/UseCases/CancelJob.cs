using SimLedger.Server.Http;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/jobs/{jobId}/cancellations: asks for the end of a job. What it has done stays done; repeating it changes nothing.</summary>
internal static class CancelJob
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/jobs/{jobId:guid}/cancellations", async (HttpContext http, Guid jobId, JobStore jobs) =>
    {
        if (await Handle(http, jobId, jobs) is { } problem) await problem.ExecuteAsync(http);
    });

    private static async Task<Problem?> Handle(HttpContext http, Guid jobId, JobStore jobs)
    {
        var (request, malformed) = await CommandRequest.Read(http, http.RequestAborted);
        if (request is null) return malformed;
        if (request.Body.Finish() is { } wrong) return wrong;

        var job = await jobs.Cancel(request.Tenant, jobId, http.RequestAborted) ?? await jobs.Read(request.Tenant, jobId, http.RequestAborted);
        if (job is null) return ReadJobs.NoSuchJob();
        // Setting a state: the second time finds it set, so no row is needed to answer a repetition alike.
        await JsonText.Answer(http, StatusCodes.Status202Accepted, json => JobJson.WriteMembers(json, job));
        return null;
    }
}
