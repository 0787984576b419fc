using System.Text.Json;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/audit/verifications: recomputes the organisation's audit chain, a job; GET /v1/audit/verification: where the chain stands, and what the newest of them found.</summary>
internal sealed class VerifyAudit(ChainVerifier verifier)
{
    public const string JobName = "verification";

    private const string NewestSql = """
        select j.job_id, j.finished_at, j.result from jobs j
        where j.tenant_id = $1 and j.kind = 'verification' and j.state = 'succeeded' order by j.job_id desc limit 1
        """;

    public JobKind Job => new(JobName, Work);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/audit/verification", Read);
        routes.MapPost("/v1/audit/verifications", async (HttpContext http, JobRequests requests) =>
        {
            if (await Begin(http, requests) is { } problem) await problem.ExecuteAsync(http);
        });
    }

    private static async Task<Problem?> Begin(HttpContext http, JobRequests requests)
    {
        var (request, malformed) = await CommandRequest.Read(http, http.RequestAborted);
        if (request is null) return malformed;
        if (request.Body.Finish() is { } wrong) return wrong;
        // One at a time is enough: who asks while one runs gets that one.
        return await requests.Add(http, request, JobName, "chain", JsonText.Object(_ => { }), _ => { });
    }

    private async Task<ReadOnlyMemory<byte>> Work(JobRun run, CancellationToken cancel)
    {
        var found = await verifier.Verify(run.Tenant, cancel, (done, total) => run.Report(done, total));
        return JsonText.Object(json =>
        {
            json.WriteBoolean("intact", found.Break is null);
            json.WriteNumber("verifiedTo", found.Facts);
            json.WriteNumber("erased", found.Erased);
            if (found.Break is { } wrong)
            {
                json.WriteStartObject("firstBreak");
                if (wrong.Position is { } position) json.WriteNumber("position", position);
                else json.WriteNull("position");
                json.WriteString("what", wrong.What);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("firstBreak");
            }
        });
    }

    private static async Task Read(HttpContext http, TenantHeads heads, TenantDatabase database)
    {
        var tenant = Caller.Of(http).Tenant;
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        var head = await heads.Of(tenant, http.RequestAborted);
        var newest = await database.Query(
            tenant, [new NpgsqlBatchCommand(NewestSql) { Parameters = { new() { Value = tenant.Value } } }],
            async (reader, stop) => await reader.ReadAsync(stop) ? new Finished(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<byte[]>(2)) : null, http.RequestAborted);
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject("head");
            json.WriteNumber("position", head.Position);
            json.WriteString("chain", Convert.ToHexStringLower(head.Chain.Span));
            json.WriteString("recordedAt", head.RecordedAt.UtcDateTime);
            json.WriteEndObject();
            if (newest is null)
            {
                json.WriteNull("newest");
                return;
            }
            json.WriteStartObject("newest");
            json.WriteString("jobId", newest.JobId);
            json.WriteString("finishedAt", newest.At.UtcDateTime);
            using var result = JsonDocument.Parse(newest.Result);
            foreach (var member in result.RootElement.EnumerateObject()) member.WriteTo(json);
            json.WriteEndObject();
        });
    }

    private sealed record Finished(Guid JobId, DateTimeOffset At, ReadOnlyMemory<byte> Result);
}
