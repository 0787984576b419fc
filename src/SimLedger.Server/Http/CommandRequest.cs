using System.Security.Cryptography;
using System.Text;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Http;

/// <summary>What every request that changes something brings along: whose it is, its key, its precondition, its body.</summary>
public sealed record CommandRequest(TenantId Tenant, AuditContext Audit, RequestKey Key, int? ExpectedVersion, RequestBody Body)
{
    /// <summary>Reads headers and body.</summary>
    /// <returns>The request, or the problem to answer.</returns>
    public static Task<(CommandRequest? Request, Problem? Problem)> Read(HttpContext http, CancellationToken cancel) =>
        Read(http, RequestBody.MaxBytes, RequestBody.MaxDepth, cancel);

    /// <param name="maxBytes">Where a body may be larger than a command's.</param>
    public static async Task<(CommandRequest? Request, Problem? Problem)> Read(HttpContext http, int maxBytes, int maxDepth, CancellationToken cancel)
    {
        var caller = Caller.Of(http);
        if (new RequestQuery(http.Request).Finish() is { } query) return (null, query);
        var (headers, wrong) = await CommandHeaders.Read(http);
        if (headers is null) return (null, wrong);

        var (body, bytes, bodyProblem) = await RequestBody.Read(http.Request, maxBytes, maxDepth, cancel);
        if (body is null) return (null, bodyProblem);
        return (new CommandRequest(caller.Tenant, caller.Audit(http, headers.Reason), new RequestKey(headers.Key, Hash(http.Request, bytes.Span)), headers.ExpectedVersion, body), null);
    }

    /// <summary>The same key is being worked on by another request of this process.</summary>
    public static Problem StillInFlight() => new(ProblemKind.RequestInFlight, "A request with this idempotency key has been worked on for over 5 seconds. Repeat it in a while.") { RetryAfter = InFlightKeys.Patience };

    /// <summary>The key was used for another request.</summary>
    public static Problem KeyReused() => new(ProblemKind.IdempotencyKeyReused, "This idempotency key was used for another path or body. Use a new key for a new request.");

    /// <summary>What tells a repetition of a request from another one under its key: SHA-256 over method, path and body.</summary>
    public static byte[] Hash(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path.Value}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
