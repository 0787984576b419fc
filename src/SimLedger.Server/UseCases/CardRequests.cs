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
        var (request, malformed) = await CommandRequest.Read(http, http.RequestAborted);
        if (request is null) return malformed;
        var (command, wrong) = Read(request.Body, read);
        if (command is null) return wrong;

        var context = new CommandContext(request.Tenant, request.Audit, request.Key, request.ExpectedVersion);
        var (done, problem) = await CarryOut(context, cardId, _ => command, createsCard, http.RequestAborted);
        if (done is not null) await CommandAnswer.Render(http, done, createsCard);
        return problem;
    }

    /// <summary>Reads a command from its body, alone or as an item of a batch.</summary>
    /// <returns>The command, or the problem to answer.</returns>
    public static (CardCommand? Command, Problem? Problem) Read(RequestBody body, Func<RequestBody, CardCommand?> read)
    {
        var command = read(body);
        if (body.Finish() is { } wrong) return (null, wrong);
        return (command ?? throw new InvalidOperationException("A command was not read and nothing was noted as wrong."), null);
    }

    /// <summary>Carries a command out once, however often its key comes.</summary>
    /// <returns>What was done, or the problem to answer.</returns>
    public async Task<(CommandOutcome.Done? Done, Problem? Problem)> CarryOut(
        CommandContext context, Guid cardId, Func<Card, CardCommand> commandOn, bool createsCard, CancellationToken cancel)
    {
        using var entered = await inFlight.Enter(context.Tenant, context.Idempotency!.Key, cancel);
        if (entered is null) return (null, CommandRequest.StillInFlight());

        return await cards.Execute(context, cardId, commandOn, cancel) switch
        {
            CommandOutcome.Done done => (done, null),
            CommandOutcome.Refused refused => (null, RefusalProblems.From(refused.Decision)),
            CommandOutcome.Failed failed => (null, From(failed, createsCard)),
            var other => throw new InvalidOperationException($"No case for {other.GetType().Name}."),
        };
    }

    private static Problem From(CommandOutcome.Failed failed, bool createsCard) => failed.Why switch
    {
        CommandFailure.KeyReused => CommandRequest.KeyReused(),
        CommandFailure.VersionMismatch => new Problem(ProblemKind.VersionMismatch, $"The card is at version {failed.CurrentVersion}. Read it again, then decide.") { CurrentVersion = failed.CurrentVersion },
        CommandFailure.IdentifierTaken => new Problem(
            ProblemKind.IdentifierTaken, $"Another card of the organisation holds this {failed.Taken?.Kind}. Find it by that, or correct the value.",
            [new MemberError(failed.Taken?.Kind == Reservation.Number && createsCard ? "/lines" : $"/{failed.Taken?.Kind}", ValueCode.Taken, "Held by another card.")]),
        CommandFailure.CardFull => new Problem(ProblemKind.CardFull, $"A card holds at most {Ledger.Limits.StreamEvents} facts, which no card of people reaches: look for a program that records in a loop."),
        CommandFailure.AlwaysOvertaken => new Problem(ProblemKind.CardBusy, "Other requests changed the card each time this one was about to. Try again.") { RetryAfter = failed.RetryAfter },
        CommandFailure.Busy => new Problem(ProblemKind.Busy, "Nothing was recorded. Repeat the request with the same idempotency key.") { RetryAfter = failed.RetryAfter },
        CommandFailure.OutcomeUnknown => new Problem(ProblemKind.OutcomeUnknown, "The connection to the database was lost while the request was being recorded. Repeat it with the same idempotency key: it takes effect once.") { RetryAfter = failed.RetryAfter },
        CommandFailure.TenantUnknown => new Problem(ProblemKind.Unauthenticated, "The organisation of this key does not exist any more."),
        _ => throw new InvalidOperationException($"No problem for {failed.Why}."),
    };
}
