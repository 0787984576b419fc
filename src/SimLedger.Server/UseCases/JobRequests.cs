using System.Text.Json;
using SimLedger.Ledger;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;

namespace SimLedger.Server.UseCases;

/// <summary>What every request for long work shares: its key tells repetitions, and the answer is 202 with where the job is.</summary>
internal sealed class JobRequests(EventLedger ledger, JobStore jobs, InFlightKeys inFlight, TimeProvider clock)
{
    /// <summary>Adds the job, or finds the one that the same request added before.</summary>
    /// <param name="writeMore">Members of the answer beside the job's own.</param>
    public async Task<Problem?> Add(
        HttpContext http, CommandRequest request, string kind, string subject, ReadOnlyMemory<byte> work, Action<Utf8JsonWriter> writeMore)
    {
        var cancel = http.RequestAborted;
        using var entered = await inFlight.Enter(request.Tenant, request.Key.Key, cancel);
        if (entered is null) return CommandRequest.StillInFlight();

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var read = await ledger.ReadStream(request.Tenant, id, request.Key.Key, cancel);
        if (read.Earlier is { } earlier) return await Answer(earlier.RequestHash, earlier.Result, replayed: true);

        // The job first: should the process end in between, the repetition finds it open under the same subject.
        var job = await jobs.Add(request.Tenant, id, kind, subject, work, request.Audit.Actor, cancel);
        var result = JsonText.Object(json => json.WriteString("jobId", job.Id));
        var answer = await ledger.Append(new Append(request.Tenant, id, 0, [], request.Audit, null, new IdempotencyEntry(request.Key.Key, request.Key.Hash, result)), cancel);
        return answer switch
        {
            AppendAnswer.Appended => await Answer(request.Key.Hash, result, replayed: false),
            AppendAnswer.Replay replay => await Answer(request.Key.Hash, replay.Result, replayed: true),
            AppendAnswer.KeyReused => CommandRequest.KeyReused(),
            _ => new Problem(ProblemKind.Busy, "Repeat the request with the same idempotency key.") { RetryAfter = TimeSpan.FromSeconds(1) },
        };

        async Task<Problem?> Answer(ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> stored, bool replayed)
        {
            if (!hash.Span.SequenceEqual(request.Key.Hash.Span)) return CommandRequest.KeyReused();
            using var document = JsonDocument.Parse(stored);
            var known = await jobs.Read(request.Tenant, document.RootElement.GetProperty("jobId").GetGuid(), cancel);
            if (known is null) return ReadJobs.NoSuchJob();
            if (replayed) http.Response.Headers["Idempotency-Replayed"] = "true";
            http.Response.Headers.Location = JobJson.Address(known.Id);
            await JsonText.Answer(http, StatusCodes.Status202Accepted, json =>
            {
                JobJson.WriteMembers(json, known);
                writeMore(json);
            });
            return null;
        }
    }
}
