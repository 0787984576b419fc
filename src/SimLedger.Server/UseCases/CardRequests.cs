using SimLedger.Cards;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>What every command over HTTP shares: its key, its body, its precondition, and how outcomes become answers.</summary>
public sealed class CardRequests(CardLedger cards, InFlightKeys inFlight)
{
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
        var (request, malformed) = await CommandRequest.Read(http, cancel);
        if (request is null) return malformed;
        var command = read(request.Body);
        if (request.Body.Finish() is { } wrong) return wrong;
        if (command is null) throw new InvalidOperationException("A command was not read and nothing was noted as wrong.");

        using var entered = await inFlight.Enter(request.Tenant, request.Key.Key, cancel);
        if (entered is null) return CommandRequest.StillInFlight();

        var context = new CommandContext(request.Tenant, request.Audit, request.Key, request.ExpectedVersion);
        switch (await cards.Execute(context, cardId, command, cancel))
        {
            case CommandOutcome.Done done:
                await CommandAnswer.Render(http, done, createsCard);
                return null;
            case CommandOutcome.Refused refused:
                return RefusalProblems.From(refused.Decision);
            case CommandOutcome.Failed failed:
                return From(failed, createsCard);
            case var other:
                throw new InvalidOperationException($"No case for {other.GetType().Name}.");
        }
    }

    private static Problem From(CommandOutcome.Failed failed, bool createsCard) => failed.Why switch
    {
        CommandFailure.KeyReused => CommandRequest.KeyReused(),
        CommandFailure.VersionMismatch => new Problem(ProblemKind.VersionMismatch, $"The card is at version {failed.CurrentVersion}. Read it again, then decide.") { CurrentVersion = failed.CurrentVersion },
        CommandFailure.IdentifierTaken => new Problem(
            ProblemKind.IdentifierTaken, $"Another card of the organisation holds this {failed.Taken?.Kind}. Find it by that, or correct the value.",
            [new MemberError(failed.Taken?.Kind == Reservation.Number && createsCard ? "/lines" : $"/{failed.Taken?.Kind}", "taken", "Held by another card.")]),
        CommandFailure.CardFull => new Problem(ProblemKind.CardFull, $"A card holds at most {Ledger.Limits.StreamEvents} facts, which no card of people reaches: look for a program that records in a loop."),
        CommandFailure.AlwaysOvertaken => new Problem(ProblemKind.CardBusy, "Other requests changed the card each time this one was about to. Try again.") { RetryAfter = failed.RetryAfter },
        CommandFailure.Busy => new Problem(ProblemKind.Busy, "Nothing was recorded. Repeat the request with the same idempotency key.") { RetryAfter = failed.RetryAfter },
        CommandFailure.OutcomeUnknown => new Problem(ProblemKind.OutcomeUnknown, "The connection to the database was lost while the request was being recorded. Repeat it with the same idempotency key: it takes effect once.") { RetryAfter = failed.RetryAfter },
        CommandFailure.TenantUnknown => new Problem(ProblemKind.Unauthenticated, "The organisation of this key does not exist any more."),
        _ => throw new InvalidOperationException($"No problem for {failed.Why}."),
    };
}
