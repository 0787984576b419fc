using System.Security.Cryptography;
using System.Text;
using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>What every command over HTTP shares: its key, its body, its precondition, and how outcomes become answers.</summary>
public sealed class CardRequests(CardLedger cards, InFlightKeys inFlight)
{
    private const int LongestReason = 500;

    /// <summary>Handles one command on a card.</summary>
    /// <param name="read">Reads the command from the body; null when something was wrong with it, which the body has noted.</param>
    public async Task Handle(HttpContext http, Guid cardId, Func<RequestBody, CardCommand?> read, bool createsCard = false)
    {
        var problem = await TryHandle(http, cardId, read, createsCard);
        if (problem is not null) await problem.ExecuteAsync(http);
    }

    private async Task<Problem?> TryHandle(HttpContext http, Guid cardId, Func<RequestBody, CardCommand?> read, bool createsCard)
    {
        var cancel = http.RequestAborted;
        var caller = Caller.Of(http);
        if (new RequestQuery(http.Request).Finish() is { } query) return query;
        if (!TryReadKey(http.Request, out var key, out var keyProblem)) return keyProblem;
        if (!TryReadIfMatch(http.Request, out var expectedVersion, out var matchProblem)) return matchProblem;
        if (!TryReadReason(http.Request, out var reason, out var reasonProblem)) return reasonProblem;

        var (body, bytes, bodyProblem) = await RequestBody.Read(http.Request, cancel);
        if (body is null) return bodyProblem;
        var command = read(body);
        if (body.Finish() is { } wrong) return wrong;
        if (command is null) throw new InvalidOperationException("A command was not read and nothing was noted as wrong.");

        using var entered = await inFlight.Enter(caller.Tenant, key, cancel);
        if (entered is null) return new Problem(ProblemKind.RequestInFlight, "A request with this idempotency key has been worked on for over 5 seconds. Repeat it in a while.") { RetryAfter = InFlightKeys.Patience };

        var context = new CommandContext(caller.Tenant, caller.Audit(http, reason), new RequestKey(key, Hash(http.Request, bytes.Span)), expectedVersion);
        switch (await cards.Execute(context, cardId, command, cancel))
        {
            case CommandOutcome.Done done:
                await CommandAnswer.Render(http, done, createsCard);
                return null;
            case CommandOutcome.Refused refused:
                return RefusalProblems.From(refused.Decision);
            case CommandOutcome.Failed failed:
                return From(failed);
            case var other:
                throw new InvalidOperationException($"No case for {other.GetType().Name}.");
        }
    }

    private static Problem From(CommandOutcome.Failed failed) => failed.Why switch
    {
        CommandFailure.KeyReused => new Problem(ProblemKind.IdempotencyKeyReused, "This idempotency key was used for another path or body. Use a new key for a new request."),
        CommandFailure.VersionMismatch => new Problem(ProblemKind.VersionMismatch, $"The card is at version {failed.CurrentVersion}. Read it again, then decide.") { CurrentVersion = failed.CurrentVersion },
        CommandFailure.IdentifierTaken => new Problem(
            ProblemKind.IdentifierTaken, $"Another card of the organisation holds this {failed.Taken?.Kind}. Find it by that, or correct the value.",
            [new MemberError(failed.Taken?.Kind == Reservation.Number ? "/lines" : $"/{failed.Taken?.Kind}", "taken", "Held by another card.")]),
        CommandFailure.CardFull => new Problem(ProblemKind.CardFull, $"A card holds at most {Ledger.Limits.StreamEvents} facts, which no card of people reaches: look for a program that records in a loop."),
        CommandFailure.AlwaysOvertaken => new Problem(ProblemKind.CardBusy, "Other requests changed the card each time this one was about to. Try again.") { RetryAfter = failed.RetryAfter },
        CommandFailure.Busy => new Problem(ProblemKind.Busy, "Nothing was recorded. Repeat the request with the same idempotency key.") { RetryAfter = failed.RetryAfter },
        CommandFailure.OutcomeUnknown => new Problem(ProblemKind.OutcomeUnknown, "The connection to the database was lost while the request was being recorded. Repeat it with the same idempotency key: it takes effect once.") { RetryAfter = failed.RetryAfter },
        CommandFailure.TenantUnknown => new Problem(ProblemKind.Unauthenticated, "The organisation of this key does not exist any more."),
        _ => throw new InvalidOperationException($"No problem for {failed.Why}."),
    };

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
        if (header is [['"', .. var digits, '"']] && int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
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
