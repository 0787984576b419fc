using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Http;

/// <summary>What every request that changes something brings along: whose it is, its key, its precondition, its body.</summary>
public sealed record CommandRequest(TenantId Tenant, AuditContext Audit, RequestKey Key, int? ExpectedVersion, RequestBody Body)
{
    private const int LongestReason = 500;

    /// <summary>Reads headers and body.</summary>
    /// <returns>The request, or the problem to answer.</returns>
    public static Task<(CommandRequest? Request, Problem? Problem)> Read(HttpContext http, CancellationToken cancel) =>
        Read(http, RequestBody.MaxBytes, RequestBody.MaxDepth, cancel);

    /// <param name="maxBytes">Where a body may be larger than a command's.</param>
    public static async Task<(CommandRequest? Request, Problem? Problem)> Read(HttpContext http, int maxBytes, int maxDepth, CancellationToken cancel)
    {
        var caller = Caller.Of(http);
        if (new RequestQuery(http.Request).Finish() is { } query) return (null, query);
        if (!TryReadKey(http.Request, out var key, out var keyProblem)) return (null, keyProblem);
        if (!TryReadIfMatch(http.Request, out var expectedVersion, out var matchProblem)) return (null, matchProblem);
        if (!TryReadReason(http.Request, out var reason, out var reasonProblem)) return (null, reasonProblem);

        var (body, bytes, bodyProblem) = await RequestBody.Read(http.Request, maxBytes, maxDepth, cancel);
        if (body is null) return (null, bodyProblem);
        return (new CommandRequest(caller.Tenant, caller.Audit(http, reason), new RequestKey(key, Hash(http.Request, bytes.Span)), expectedVersion, body), null);
    }

    /// <summary>The same key is being worked on by another request of this process.</summary>
    public static Problem StillInFlight() => new(ProblemKind.RequestInFlight, "A request with this idempotency key has been worked on for over 5 seconds. Repeat it in a while.") { RetryAfter = InFlightKeys.Patience };

    /// <summary>The key was used for another request.</summary>
    public static Problem KeyReused() => new(ProblemKind.IdempotencyKeyReused, "This idempotency key was used for another path or body. Use a new key for a new request.");

    private static byte[] Hash(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path.Value}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static bool TryReadKey(HttpRequest request, out string key, out Problem? problem)
    {
        key = "";
        problem = null;
        var header = request.Headers["Idempotency-Key"];
        if (header.Count == 0 || string.IsNullOrEmpty(header[0]))
        {
            problem = new Problem(ProblemKind.IdempotencyKeyMissing, "Send Idempotency-Key with a value of your own for each request, such as a UUID, and the same one when you repeat it.");
            return false;
        }
        key = header[0]!;
        if (key.Length >= 2 && key[0] == '"' && key[^1] == '"') key = key[1..^1];
        if (header.Count > 1 || key.Length is 0 or > 255 || key.Any(c => c is < ' ' or > '~'))
        {
            problem = new Problem(ProblemKind.IdempotencyKeyMalformed, "One key of 1 to 255 printable ASCII characters is expected, bare or in double quotes.");
            return false;
        }
        return true;
    }

    private static bool TryReadIfMatch(HttpRequest request, out int? version, out Problem? problem)
    {
        version = null;
        problem = null;
        var header = request.Headers.IfMatch;
        if (header.Count == 0 || header is ["*"]) return true;
        if (header is [['"', .. var digits, '"']] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            version = number;
            return true;
        }
        problem = new Problem(ProblemKind.InvalidRequest, "If-Match takes one ETag of the card, such as \"7\", or *.", [new MemberError("If-Match", "header-malformed", "One strong ETag is expected.")]);
        return false;
    }

    private static bool TryReadReason(HttpRequest request, out string? reason, out Problem? problem)
    {
        problem = null;
        var header = request.Headers["SimLedger-Reason"];
        reason = header.Count == 0 ? null : Uri.UnescapeDataString(header[0] ?? "");
        if (header.Count < 2 && (reason is null || (!reason.Any(char.IsControl) && FreeText.TryRead(reason, LongestReason, out _)))) return true;
        problem = new Problem(
            ProblemKind.InvalidRequest, $"SimLedger-Reason is given once and takes up to {LongestReason} characters without control characters; other than ASCII percent-encoded.",
            [new MemberError("SimLedger-Reason", "header-malformed", "Shorten it, or percent-encode it.")]);
        return false;
    }
}
