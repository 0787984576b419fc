using System.Globalization;
using SimLedger.Cards;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Http;

/// <summary>What a request that changes something says in its headers.</summary>
/// <param name="Key">Idempotency-Key, without quotes; one made up here where the organisation lets it be left out.</param>
/// <param name="ExpectedVersion">If-Match; null: none, or any.</param>
/// <param name="Reason">SimLedger-Reason, decoded.</param>
public sealed record CommandHeaders(string Key, int? ExpectedVersion, string? Reason)
{
    private const int LongestReason = 500;

    /// <returns>The headers, or the problem to answer.</returns>
    public static async Task<(CommandHeaders? Headers, Problem? Problem)> Read(HttpContext http)
    {
        var request = http.Request;
        if (!TryReadKey(request, out var key, out var keyProblem) && (keyProblem!.Kind != ProblemKind.IdempotencyKeyMissing || await IsRequired(http))) return (null, keyProblem);
        if (!TryReadIfMatch(request, out var expectedVersion, out var matchProblem)) return (null, matchProblem);
        if (!TryReadReason(request, out var reason, out var reasonProblem)) return (null, reasonProblem);
        return (new CommandHeaders(key.Length > 0 ? key : Guid.NewGuid().ToString("D"), expectedVersion, reason), null);
    }

    private static Task<bool> IsRequired(HttpContext http) =>
        http.RequestServices.GetRequiredService<Tenants>().IsIdempotencyRequired(Caller.Of(http).Tenant, http.RequestAborted);

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
        problem = new Problem(ProblemKind.InvalidRequest, "If-Match takes one ETag of the card, such as \"7\", or *.", [new MemberError("If-Match", ValueCode.HeaderMalformed, "One strong ETag is expected.")]);
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
            [new MemberError("SimLedger-Reason", ValueCode.HeaderMalformed, "Shorten it, or percent-encode it.")]);
        return false;
    }
}
