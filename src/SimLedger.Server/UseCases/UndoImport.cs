using System.Text.Json;
using SimLedger.Ledger;
using SimLedger.Server.Http;
using SimLedger.Server.Importing;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/imports/{jobId}/undo: takes back what an import recorded, as a job. Repeating it changes nothing.</summary>
internal sealed class UndoImport(ImportUndo undo)
{
    public const string JobName = "import-undo";

    public JobKind Job => new(JobName, Work);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/imports/{jobId:guid}/undo", async (HttpContext http, Guid jobId, JobRequests requests, JobStore jobs, ImportUndo undo) =>
    {
        if (await Handle(http, jobId, requests, jobs, undo) is { } problem) await problem.ExecuteAsync(http);
    });

    private static async Task<Problem?> Handle(HttpContext http, Guid importId, JobRequests requests, JobStore jobs, ImportUndo undo)
    {
        var (request, malformed) = await CommandRequest.Read(http, http.RequestAborted);
        if (request is null) return malformed;
        var force = request.Body.YesOrNo("force") ?? false;
        if (request.Body.Finish() is { } wrong) return wrong;

        var import = await jobs.Read(request.Tenant, importId, http.RequestAborted) is { Kind: ImportJob.JobName } job ? job : null;
        if (import is { IsFinished: false }) return new Problem(ProblemKind.ImportUnderWay, $"The import is {Rules.EnumNames.Of(import.State)}. Cancel it or wait for its end, then undo it.");
        // Imports of the command line have no job, and jobs are deleted after a while: then the facts tell.
        var recorded = import is not null && !ImportRequest.Read(import.Request).DryRun || await undo.HasFacts(request.Tenant, importId, http.RequestAborted);
        if (!recorded) return new Problem(ProblemKind.ImportNotFound, "The organisation has no import of this id that recorded something. Take the jobId of the import, or the id that the command line printed.");

        var work = JsonText.Object(json =>
        {
            json.WriteString("importId", importId);
            json.WriteBoolean("force", force);
            json.WriteString("reason", request.Audit.Reason);
        });
        return await requests.Add(http, request, JobName, $"{importId:D}{(force ? " by force" : "")}", work, _ => { });
    }

    private async Task<ReadOnlyMemory<byte>> Work(JobRun run, CancellationToken cancel)
    {
        using var request = JsonDocument.Parse(run.Job.Request);
        var root = request.RootElement;
        var importId = root.GetProperty("importId").GetGuid();
        var audit = new AuditContext(run.Job.Actor, "", CausationId: run.Job.Id.ToString("D"), Reason: root.GetProperty("reason").GetString());
        var counts = await undo.Run(run.Tenant, importId, audit, root.GetProperty("force").GetBoolean(), done => run.Report(done, null), cancel);
        run.Report(counts.Cards, counts.Cards, counts.Failed);
        return JsonText.Object(json =>
        {
            json.WriteString("importId", importId);
            json.WriteNumber("cards", counts.Cards);
            json.WriteNumber("cardsRetired", counts.CardsRetired);
            json.WriteNumber("factsVoided", counts.FactsVoided);
            json.WriteNumber("linesDetached", counts.LinesDetached);
            json.WriteNumber("failed", counts.Failed);
            json.WriteNumber("keptCount", counts.KeptCount);
            json.WriteStartArray("kept");
            foreach (var card in counts.Kept) json.WriteStringValue(card);
            json.WriteEndArray();
        });
    }
}
