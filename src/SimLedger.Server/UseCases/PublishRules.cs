using System.Globalization;
using System.Text.Json;
using SimLedger.Ledger;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>
/// POST /v1/carriers/{code}/publications: puts into force what an impact job has looked at, the very bytes, under the very rules that it was
/// compared with. Then a job brings the lines under it. Why so: docs/adr/0007-rules-change-after-their-impact-was-seen.md
/// </summary>
internal sealed class PublishRules(EventLedger ledger, JobStore jobs, InFlightKeys inFlight, TimeProvider clock)
{
    private const int MostAttempts = 10;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/carriers/{code}/publications", async (HttpContext http, string code, PublishRules rules) =>
    {
        if (await rules.Handle(http, code) is { } problem) await problem.ExecuteAsync(http);
    });

    private async Task<Problem?> Handle(HttpContext http, string code)
    {
        var cancel = http.RequestAborted;
        var (request, malformed) = await CommandRequest.Read(http, cancel);
        if (request is null) return malformed;
        request.Body.Need("impact");
        var impactId = request.Body.Id("impact");
        if (request.Body.Finish() is { } wrong) return wrong;

        using var entered = await inFlight.Enter(request.Tenant, request.Key.Key, cancel);
        if (entered is null) return CommandRequest.StillInFlight();

        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var stream = await ledger.ReadStream(request.Tenant, RuleFact.Stream(code), request.Key.Key, cancel);
            if (stream.Earlier is { } earlier)
            {
                return earlier.RequestHash.Span.SequenceEqual(request.Key.Hash.Span) ? await Answer(http, request, earlier.Result, earlier.Position, replayed: true) : CommandRequest.KeyReused();
            }
            var (append, problem) = await Decide(request, code, impactId.GetValueOrDefault(), stream, cancel);
            if (append is null) return problem;

            switch (await ledger.Append(append, cancel))
            {
                case AppendAnswer.Appended appended:
                    return await Answer(http, request, append.Idempotency!.Result, appended.Position, replayed: false);
                case AppendAnswer.Replay replay:
                    return await Answer(http, request, replay.Result, replay.Position, replayed: true);
                case AppendAnswer.KeyReused:
                    return CommandRequest.KeyReused();
                case AppendAnswer.StaleRules or AppendAnswer.VersionTaken:
                    continue; // Somebody else's rules came first: look at what stands now.
                case AppendAnswer.OutcomeUnknown:
                    return new Problem(ProblemKind.OutcomeUnknown, "Repeat the request with the same idempotency key: it takes effect once.") { RetryAfter = Limits.HeldHeadTime };
                default:
                    return new Problem(ProblemKind.Busy, "Nothing was recorded. Repeat the request with the same idempotency key.") { RetryAfter = TimeSpan.FromSeconds(1) };
            }
        }
        return new Problem(ProblemKind.Busy, "Other changes came first each time. Repeat the request with the same idempotency key.") { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    private async Task<(Append? Append, Problem? Problem)> Decide(CommandRequest request, string code, Guid impactId, StreamRead stream, CancellationToken cancel)
    {
        var job = await jobs.Read(request.Tenant, impactId, cancel);
        if (job is not { Kind: ImpactOfRules.JobName }) return (null, Missing($"There is no impact {impactId:D} here."));
        var change = PackChangeRequest.ReadStored(job.Request);
        if (change.Code != code) return (null, Missing($"The impact {impactId:D} is that of {change.Code}, not of {code}."));
        if (await jobs.Result(request.Tenant, impactId, cancel) is not { } result) return (null, Missing($"The impact {impactId:D} is {Rules.EnumNames.Of(job.State)}; only one that succeeded can be published."));

        using var document = JsonDocument.Parse(result);
        var seen = document.RootElement;
        if (seen.GetProperty("rulesRevision").GetInt64() != stream.RulesRevision)
        {
            return (null, new Problem(ProblemKind.RulesChanged, "The rules have changed since the impact was looked at, so it may be another now. Ask for the impact again, then publish that."));
        }
        var revision = stream.RulesRevision + 1;
        var fact = RuleFact.Of(
            change, Guid.CreateVersion7(clock.GetUtcNow()), revision, impactId, seen.GetProperty("lines").GetInt64(), seen.GetProperty("moved").GetInt64());
        var answer = JsonText.Object(json =>
        {
            json.WriteString("carrier", code);
            json.WriteNumber("rulesRevision", revision);
            json.WriteBoolean("withdrawn", change.Body is null);
            json.WriteString("factId", fact.EventId);
        });
        return (new Append(
            request.Tenant, RuleFact.Stream(code), stream.Version, [fact], request.Audit, stream.RulesRevision,
            new IdempotencyEntry(request.Key.Key, request.Key.Hash, answer), Pack: change), null);
    }

    /// <summary>The lines follow in a job; should it get lost here, the keeper of standings adds it within its next round.</summary>
    private async Task<Problem?> Answer(HttpContext http, CommandRequest request, ReadOnlyMemory<byte> stored, long position, bool replayed)
    {
        using var document = JsonDocument.Parse(stored);
        var root = document.RootElement;
        var subject = root.GetProperty("rulesRevision").GetInt64().ToString(CultureInfo.InvariantCulture);
        Job? job = replayed
            ? null
            : await jobs.Add(request.Tenant, Guid.CreateVersion7(clock.GetUtcNow()), Reappraisal.JobName, subject, "{}"u8.ToArray(), request.Audit.Actor, http.RequestAborted);
        if (replayed) http.Response.Headers["Idempotency-Replayed"] = "true";
        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            foreach (var member in root.EnumerateObject()) member.WriteTo(json);
            json.WriteNumber("position", position);
            json.WriteString("job", job is null ? null : JobJson.Address(job.Id));
        });
        return null;
    }

    private static Problem Missing(string what) =>
        new(ProblemKind.ImpactMissing, $"{what} Ask for the impact first (POST /v1/carriers/{{code}}/impact), look at its result, then publish it by its jobId.");
}
