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
        using var entered = await inFlight.Enter(request.Tenant, request.Key.Key, http.RequestAborted);
        if (entered is null) return CommandRequest.StillInFlight();

        var context = new CommandContext(request.Tenant, request.Audit, request.Key);
        return (await Add(http, context, Guid.CreateVersion7(clock.GetUtcNow()), kind, subject, work, writeMore)).Problem;
    }

    /// <summary>As above, for a caller that has entered the key and made the job's id.</summary>
    /// <returns>The job that was answered, which may be an earlier one; or the problem to answer.</returns>
    public async Task<(Guid? JobId, Problem? Problem)> Add(
        HttpContext http, CommandContext context, Guid id, string kind, string subject, ReadOnlyMemory<byte> work, Action<Utf8JsonWriter> writeMore)
    {
        var cancel = http.RequestAborted;
        var key = context.Idempotency!;
        var read = await ledger.ReadStream(context.Tenant, id, key.Key, cancel);
        if (read.Earlier is { } earlier) return await Answer(earlier.RequestHash, earlier.Result, replayed: true);

        // The job first: should the process end in between, the repetition finds it open under the same subject.
        var job = await jobs.Add(context.Tenant, id, kind, subject, work, context.Audit.Actor, cancel);
        var result = JsonText.Object(json => json.WriteString("jobId", job.Id));
        var answer = await ledger.Append(new Append(context.Tenant, id, 0, [], context.Audit, null, new IdempotencyEntry(key.Key, key.Hash, result)), cancel);
        return answer switch
        {
            AppendAnswer.Appended => await Answer(key.Hash, result, replayed: false),
            AppendAnswer.Replay replay => await Answer(key.Hash, replay.Result, replayed: true),
            AppendAnswer.KeyReused => (null, CommandRequest.KeyReused()),
            _ => (job.Id, new Problem(ProblemKind.Busy, "Repeat the request with the same idempotency key.") { RetryAfter = TimeSpan.FromSeconds(1) }),
        };

        async Task<(Guid? JobId, Problem? Problem)> Answer(ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> stored, bool replayed)
        {
            if (!hash.Span.SequenceEqual(key.Hash.Span)) return (null, CommandRequest.KeyReused());
            using var document = JsonDocument.Parse(stored);
            var known = await jobs.Read(context.Tenant, document.RootElement.GetProperty("jobId").GetGuid(), cancel);
            if (known is null) return (null, ReadJobs.NoSuchJob());
            if (replayed) http.Response.Headers["Idempotency-Replayed"] = "true";
            http.Response.Headers.Location = JobJson.Address(known.Id);
            await JsonText.Answer(http, StatusCodes.Status202Accepted, json =>
            {
                JobJson.WriteMembers(json, known);
                writeMore(json);
            });
            return (known.Id, null);
        }
    }
}
