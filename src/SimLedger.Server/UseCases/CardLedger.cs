using NodaTime;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>Who commands, in which organisation, and how often the command may have come before.</summary>
/// <param name="Idempotency">Key and hash of the request; null where the caller tells repetitions apart himself (an import, by what is there already).</param>
/// <param name="ExpectedVersion">From If-Match; null: decide on the card as it stands.</param>
public sealed record CommandContext(TenantId Tenant, AuditContext Audit, RequestKey? Idempotency = null, int? ExpectedVersion = null);

/// <param name="Hash">SHA-256 over method, path and body.</param>
public sealed record RequestKey(string Key, ReadOnlyMemory<byte> Hash);

/// <summary>A card as it stands, with the rules it stands under.</summary>
/// <param name="Facts">Positions, audit and all, oldest first.</param>
public sealed record LoadedCard(Guid Id, Card Card, int Version, IReadOnlyList<StoredEvent> Facts, RulesAt Rules, EarlierAnswer? Earlier);

/// <summary>A card's facts as they were read.</summary>
public sealed record StoredCard(Guid Id, StreamRead Read, RulesAt Rules)
{
    /// <summary>The card as its facts make it. A stream that does not begin as a card does is none: the organisation's rules have streams of their own.</summary>
    /// <exception cref="FormatException">A fact is beyond this program.</exception>
    public LoadedCard Open() => Open(Read.Events);

    /// <summary>The card as what was recorded up to an instant makes it; at version 0 where that was nothing.</summary>
    /// <exception cref="FormatException">A fact is beyond this program.</exception>
    public LoadedCard OpenAsKnownAt(Instant instant)
    {
        var moment = instant.ToDateTimeOffset();
        return Open([.. Read.Events.TakeWhile(fact => fact.RecordedAt <= moment)]);
    }

    private LoadedCard Open(IReadOnlyList<StoredEvent> facts)
    {
        if (facts is not [{ Type: CardEventJson.FirstType }, ..]) return new LoadedCard(Id, Card.Initial, 0, [], Rules, Read.Earlier);
        var card = Card.Initial;
        foreach (var stored in facts)
        {
            if (stored.Data is { } data) card = Card.Evolve(card, new RecordedFact(
                stored.EventId, stored.Version, CardEventJson.Read(stored.Type, data.Span), Instant.FromDateTimeOffset(stored.RecordedAt)));
        }
        return new LoadedCard(Id, card, facts[^1].Version, facts, Rules, Read.Earlier);
    }
}

/// <summary>What became of a command.</summary>
public abstract record CommandOutcome
{
    private CommandOutcome() { }

    /// <param name="Result">What the answer is rendered from; the same for the first answer and every repetition.</param>
    /// <param name="Replayed">The command was carried out before; nothing was done now.</param>
    /// <param name="NewFacts">How many facts were recorded; 0: everything stood already as the command wants it.</param>
    public sealed record Done(ReadOnlyMemory<byte> Result, long Position, bool Replayed, int NewFacts) : CommandOutcome;

    public sealed record Refused(Decision.Refused Decision) : CommandOutcome;

    public sealed record Failed(CommandFailure Why, TimeSpan? RetryAfter = null, int? CurrentVersion = null, Ledger.Reservation? Taken = null) : CommandOutcome;
}

/// <summary>Why a command was not carried out though the domain would have.</summary>
public enum CommandFailure { KeyReused, VersionMismatch, IdentifierTaken, CardFull, AlwaysOvertaken, Busy, OutcomeUnknown, TenantUnknown }

/// <summary>
/// The corridor of every command on a card: load its facts, decide, evaluate the rules, append facts and rows in one commit. When another
/// writer or newer rules come first, all of it is done again on what stands then.
/// </summary>
public sealed class CardLedger(EventLedger ledger, RuleBook rules, NumberDoubts doubts, TimeProvider clock)
{
    /// <summary>Above it the card is hot beyond what cards are; the client should wait.</summary>
    private const int MostAttempts = 10;

    public Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>Loads a card. One that does not exist is <see cref="Card.Initial"/> at version 0.</summary>
    /// <param name="key">Idempotency key to look up in the same round trip.</param>
    public async Task<LoadedCard> Load(TenantId tenant, Guid cardId, string? key, CancellationToken cancel)
    {
        var read = await ledger.ReadStream(tenant, cardId, key, cancel);
        return new StoredCard(cardId, read, await rules.InForce(tenant, read.RulesRevision, cancel)).Open();
    }

    /// <summary>Reads several cards in one round trip; each is opened apart, so that one this program cannot read spoils none of the others.</summary>
    /// <param name="cardIds">At most <see cref="Ledger.Limits.StreamsAtOnce"/>.</param>
    public async Task<IReadOnlyList<StoredCard>> LoadMany(TenantId tenant, IReadOnlyList<Guid> cardIds, CancellationToken cancel)
    {
        if (cardIds.Count == 0) return [];
        var reads = await ledger.ReadStreams(tenant, cardIds, cancel);
        var inForce = await rules.InForce(tenant, reads[0].RulesRevision, cancel);
        return [.. reads.Select((read, i) => new StoredCard(cardIds[i], read, inForce))];
    }

    /// <summary>A card by what was recorded, and the rules that were in force, at an instant that is past.</summary>
    public async Task<LoadedCard> LoadAsKnownAt(TenantId tenant, Guid cardId, Instant knownAt, CancellationToken cancel)
    {
        var read = await ledger.ReadStream(tenant, cardId, null, cancel);
        return new StoredCard(cardId, read, await rules.KnownAt(tenant, knownAt, cancel)).OpenAsKnownAt(knownAt);
    }

    /// <summary>Carries out a command.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, Guid cardId, CardCommand command, CancellationToken cancel) => Execute(context, cardId, _ => command, cancel);

    /// <summary>Carries out a command that names a part of the card otherwise than by its id.</summary>
    /// <param name="commandOn">Pure; asked again for every attempt.</param>
    public Task<CommandOutcome> Execute(CommandContext context, Guid cardId, Func<Card, CardCommand> commandOn, CancellationToken cancel) =>
        Execute(context, cardId, (loaded, now) =>
        {
            var command = commandOn(loaded.Card);
            return CardDecider.Decide(loaded.Card, command, CircumstancesOf(loaded, command, now));
        }, cancel);

    /// <summary>Carries out what is decided on the card as it stands.</summary>
    /// <param name="decide">Pure; asked again for every attempt.</param>
    /// <param name="asRead">The card as it was read before, for the first attempt of a command without a key; null: it is read now.</param>
    public async Task<CommandOutcome> Execute(
        CommandContext context, Guid cardId, Func<LoadedCard, Instant, Decision> decide, CancellationToken cancel, LoadedCard? asRead = null)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var loaded = attempt == 0 && asRead is not null ? asRead : await Load(context.Tenant, cardId, context.Idempotency?.Key, cancel);
            if (loaded.Earlier is { } earlier)
            {
                return earlier.RequestHash.Span.SequenceEqual(context.Idempotency!.Hash.Span)
                    ? new CommandOutcome.Done(earlier.Result, earlier.Position, Replayed: true, NewFacts: 0)
                    : new CommandOutcome.Failed(CommandFailure.KeyReused);
            }
            if (context.ExpectedVersion is { } expected && expected != loaded.Version && loaded.Version > 0)
            {
                return new CommandOutcome.Failed(CommandFailure.VersionMismatch, CurrentVersion: loaded.Version);
            }

            var now = Now;
            var decision = decide(loaded, now);
            if (decision is not Decision.Accepted accepted) return new CommandOutcome.Refused((Decision.Refused)decision);
            if (accepted.Events.Count == 0 && context.Idempotency is null)
            {
                return new CommandOutcome.Done(ReadOnlyMemory<byte>.Empty, 0, Replayed: false, NewFacts: 0);
            }

            var (append, result) = await Compose(context, loaded, accepted, now, cancel);
            switch (await ledger.Append(append, cancel))
            {
                case AppendAnswer.Appended appended:
                    return new CommandOutcome.Done(result, appended.Position, Replayed: false, accepted.Events.Count);
                case AppendAnswer.Replay replay:
                    return new CommandOutcome.Done(replay.Result, replay.Position, Replayed: true, NewFacts: 0);
                case AppendAnswer.KeyReused:
                    return new CommandOutcome.Failed(CommandFailure.KeyReused);
                case AppendAnswer.Reserved reserved:
                    return new CommandOutcome.Failed(CommandFailure.IdentifierTaken, Taken: reserved.Name);
                case AppendAnswer.Busy busy:
                    return new CommandOutcome.Failed(CommandFailure.Busy, busy.RetryAfter);
                case AppendAnswer.OutcomeUnknown:
                    return new CommandOutcome.Failed(CommandFailure.OutcomeUnknown, Ledger.Limits.HeldHeadTime);
                case AppendAnswer.StreamFull:
                    return new CommandOutcome.Failed(CommandFailure.CardFull);
                case AppendAnswer.TenantUnknown:
                    return new CommandOutcome.Failed(CommandFailure.TenantUnknown);
                case AppendAnswer.VersionTaken or AppendAnswer.StaleRules:
                    continue; // Another writer or newer rules came first: look again, decide again.
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
        return new CommandOutcome.Failed(CommandFailure.AlwaysOvertaken, TimeSpan.FromSeconds(1));
    }

    /// <summary>A line's row at an instant, from its whole history; null when the card has no such line.</summary>
    public async Task<StandingRow?> Appraise(TenantId tenant, Guid cardId, Guid lineId, Instant now, CancellationToken cancel)
    {
        var loaded = await Load(tenant, cardId, null, cancel);
        return CardStandingView.Rows(cardId, loaded.Card, loaded.Rules, now).FirstOrDefault(row => row.LineId == lineId);
    }

    private async Task<(Append Append, ReadOnlyMemory<byte> Result)> Compose(
        CommandContext context, LoadedCard loaded, Decision.Accepted accepted, Instant now, CancellationToken cancel)
    {
        var facts = accepted.Events
            .Select((happened, i) => new RecordedFact(Guid.CreateVersion7(now.ToDateTimeOffset()), loaded.Version + 1 + i, happened, now)).ToList();
        var after = facts.Aggregate(loaded.Card, Card.Evolve);
        var rows = CardStandingView.Rows(loaded.Id, after, loaded.Rules, now);
        var names = Reservations.Of(loaded.Card, after);
        var warnings = context.Idempotency is null ? [] : await doubts.About(context.Tenant, loaded.Id, names.Taken, cancel);
        // Without a key nobody is answered: what is done in bulk reports in its own way.
        var result = context.Idempotency is null ? ReadOnlyMemory<byte>.Empty : CommandAnswer.Write(loaded.Id, loaded.Version + facts.Count, facts, accepted with { Warnings = [.. accepted.Warnings, .. warnings] }, rows, now);
        var append = new Append(
            context.Tenant, loaded.Id, loaded.Version,
            [.. facts.Select(fact => Stored(fact))],
            context.Audit,
            loaded.Rules.Revision,
            context.Idempotency is { } key ? new IdempotencyEntry(key.Key, key.Hash, result) : null,
            facts.Count == 0 ? [] : [.. rows.Select(row => CardStandingView.ToInlineRow(row, now))],
            [.. names.Taken.Select(name => new Ledger.Reservation(name.Kind, name.Value))],
            [.. names.GivenBack.Select(name => new Ledger.Reservation(name.Kind, name.Value))]);
        return (append, result);
    }

    private static NewEvent Stored(RecordedFact fact)
    {
        var (type, data) = CardEventJson.Write(fact.Event);
        return new NewEvent(fact.EventId, type, data);
    }

    /// <summary>What the domain needs to know of the carrier: the zone of its dates and the currency of the line's product.</summary>
    private static Circumstances CircumstancesOf(LoadedCard loaded, CardCommand command, Instant now)
    {
        var carrier = loaded.Card.Carrier ?? command switch
        {
            CardCommand.Register c => c.Carrier,
            CardCommand.IdentifyCarrier c => c.Carrier,
            _ => null,
        };
        var pack = carrier is null ? null : loaded.Rules.Packs.Find(carrier);
        var line = command is CardCommand.LineEntry entry ? loaded.Card.FindLine(entry.LineId) : null;
        return new Circumstances(now, pack?.Zone, line?.Product is { } product ? pack?.FindProduct(product)?.Currency : null, pack?.Country);
    }
}
