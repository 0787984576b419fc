using System.Security.Cryptography;
using System.Text.Json;
using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>POST /v1/carriers/{code}/impact: what a rule pack of the organisation's own, or its withdrawal, would do to its lines. Changes nothing; a job.</summary>
internal sealed class ImpactOfRules(RuleProposals proposals, RuleImpact impact)
{
    public const string JobName = "impact";

    public JobKind Job => new(JobName, Work);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/carriers/{code}/impact", async (HttpContext http, string code, JobRequests requests, RuleProposals proposals, TimeProvider clock) =>
    {
        if (await Handle(http, code, requests, proposals, clock) is { } problem) await problem.ExecuteAsync(http);
    });

    private static async Task<Problem?> Handle(HttpContext http, string code, JobRequests requests, RuleProposals proposals, TimeProvider clock)
    {
        var (request, malformed) = await CommandRequest.Read(http, PackChangeRequest.MaxBytes, PackChangeRequest.MaxDepth, http.RequestAborted);
        if (request is null) return malformed;
        var (change, warnings, wrong) = PackChangeRequest.Read(request.Body, code, Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date);
        if (change is null) return wrong;

        var proposed = await proposals.Of(request.Tenant, change, own: true, http.RequestAborted);
        if (change.Body is null && !proposed.Now.Published.Any(p => p.Revision.Code == code && p.Revision.Own))
        {
            return new Problem(ProblemKind.CarrierNotFound, $"The organisation has no rule pack of its own for {code}, so there is none to withdraw. The shared packs are the administrator's.");
        }
        if (proposed.Problem is { } collision) return PackChangeRequest.Invalid([new MemberError("/pack", ValueCode.NameTaken, collision)]);

        // Of the same change under the same rules one look is enough, however many ask for it at once.
        var subject = $"{code}@{proposed.Now.Revision}:{(change.Body is { } body ? Convert.ToHexStringLower(SHA256.HashData(body.Span)) : "withdrawn")}";
        return await requests.Add(http, request, JobName, subject, PackChangeRequest.Write(change), json =>
        {
            json.WriteStartArray("warnings");
            foreach (var warning in warnings)
            {
                json.WriteStartObject();
                json.WriteString("path", warning.JsonPath);
                json.WriteString("message", warning.Message);
                json.WriteString("cure", warning.Cure);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private async Task<ReadOnlyMemory<byte>> Work(JobRun run, CancellationToken cancel)
    {
        var change = PackChangeRequest.ReadStored(run.Job.Request);
        var proposed = await proposals.Of(run.Tenant, change, own: true, cancel);
        var found = await impact.Of(run.Tenant, proposed, change.Code, (done, total) => run.Report(done, total), cancel);
        run.Report(found.Lines, found.Lines, found.Failed);
        return JsonText.Object(json => Write(json, change, found));
    }

    /// <summary>The impact as the job's result; publishing reads carrier, rulesRevision, lines and moved from it.</summary>
    private static void Write(Utf8JsonWriter json, PackChange change, Impact impact)
    {
        json.WriteString("carrier", change.Code);
        json.WriteBoolean("withdraw", change.Body is null);
        json.WriteNumber("rulesRevision", impact.RulesRevision);
        json.WriteNumber("lines", impact.Lines);
        json.WriteNumber("moved", impact.Moved);
        json.WriteNumber("failed", impact.Failed);
        json.WriteStartObject("moves");
        foreach (var move in Enum.GetValues<Move>()) json.WriteNumber(EnumNames.Of(move), impact.Moves.GetValueOrDefault(move));
        json.WriteEndObject();
        json.WriteStartArray("mostUrgent");
        foreach (var line in impact.MostUrgent) WriteLine(json, line);
        json.WriteEndArray();
    }

    private static void WriteLine(Utf8JsonWriter json, MovedLine line)
    {
        json.WriteStartObject();
        json.WriteString("cardId", line.After.CardId);
        json.WriteString("lineId", line.After.LineId);
        json.WriteString("number", line.After.Number);
        json.WriteString("move", EnumNames.Of(line.Move));
        if (line.Days is { } days) json.WriteNumber("days", days);
        else json.WriteNull("days");
        WriteStanding(json, "before", line.Before);
        WriteStanding(json, "after", line.After);
        json.WriteEndObject();
    }

    private static void WriteStanding(Utf8JsonWriter json, string name, StandingRow row)
    {
        json.WriteStartObject(name);
        json.WriteString("stage", Words.Of(row.Stage));
        json.WriteString("endsOn", Words.Of(row.EndsOn));
        json.WriteString("dueOn", Words.Of(row.DueOn));
        json.WriteString("renewBy", Words.Of(row.RenewBy));
        json.WriteString("clock", row.Clock);
        json.WriteString("ruleVersion", row.RuleVersion);
        json.WriteString("confidence", row.Confidence is { } sure ? Words.Of(sure) : null);
        json.WriteBoolean("ownRules", row.OwnRules);
        json.WriteStartArray("flags");
        foreach (var flag in row.Flags) json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
