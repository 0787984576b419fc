using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Server.UseCases;
using Name = SimLedger.Ledger.Reservation;

namespace SimLedger.Server.Importing;

/// <summary>Brings in single rows of one import, or finds out what would become of them.</summary>
/// <param name="rehearsal">Null: rows are recorded.</param>
internal sealed class RowImport(CardLedger cards, HeldNames names, TimeProvider clock, ImportOrder order, Rehearsal? rehearsal)
{
    private const int MostAttempts = 5;

    /// <summary>Reads what rows need to be decided on, in two round trips for all of them.</summary>
    /// <param name="rows">At most <see cref="CardsOfRows.MostRows"/>.</param>
    public Task<CardsOfRows> Read(IReadOnlyList<RowReading> rows, CancellationToken cancel) => CardsOfRows.Read(cards, names, order.Tenant, rows, NewId(), cancel);

    /// <param name="known">Read for this row among others, after all earlier rows about its identifiers were done; null: it is read now.</param>
    public async Task<RowReport> Take(int row, RowReading reading, CardsOfRows? known, CancellationToken cancel)
    {
        if (reading.Refusal is { } refusal) return new RowReport(row, RowOutcome.Refused, [refusal]);

        for (var attempt = 1; ; attempt++)
        {
            if (attempt > 1 || known is null) known = await Read([reading], cancel);
            var (cardId, read, conflict) = FindCard(reading, known);
            if (conflict is not null) return new RowReport(row, RowOutcome.Refused, [conflict]);

            var (outcome, created, notes) = rehearsal is null ? await Record(row, reading, cardId, read, cancel) : await Rehearse(rehearsal, reading, cardId, read, cancel);
            switch (outcome)
            {
                case CommandOutcome.Done done:
                    var kind = created ? RowOutcome.Created : done.NewFacts > 0 ? RowOutcome.Changed : RowOutcome.Unchanged;
                    return new RowReport(row, kind, [.. reading.Warnings, .. notes]);
                case CommandOutcome.Refused { Decision: var refused }:
                    return new RowReport(row, RowOutcome.Refused, [new RowNote("", "", refused.Detail, RefusalText.Cure(refused.Why))]);
                case CommandOutcome.Failed when attempt < MostAttempts:
                    // Also after an unknown outcome: what is decided on what stands then does not record anything twice.
                    await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), clock, cancel);
                    continue;
                case CommandOutcome.Failed failed:
                    return new RowReport(row, RowOutcome.Refused, [new RowNote("", "", $"The row could not be recorded ({failed.Why}).", "Import the file again; what is in already stays as it is.")]);
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
    }

    private async Task<(CommandOutcome Outcome, bool Created, IReadOnlyList<RowNote> Notes)> Record(
        int row, RowReading reading, Guid cardId, LoadedCard? read, CancellationToken cancel)
    {
        RowDecision? decided = null;
        var earlier = new EarlierAttempt(false, false, false);
        cancel.ThrowIfCancellationRequested();
        var outcome = await cards.Execute(order.ContextOf(row), cardId, (loaded, now) =>
        {
            earlier = order.EarlierOn(loaded, row);
            (var decision, decided) = RowDecision.On(reading, loaded.Card, loaded.Version, UndoneFacts.Of(loaded), loaded.Rules.Packs, now);
            // Decided again only for its notes: what the row recorded stands, and rows after it may have changed the card since.
            return earlier.PassedRow && decision is Decision.Accepted ? Decision.Nothing : decision;
        }, CancellationToken.None, read); // Once begun it is waited for, so that the report tells of every row that is in.
        if (outcome is CommandOutcome.Done && earlier.PassedRow)
        {
            return (new CommandOutcome.Done(ReadOnlyMemory<byte>.Empty, 0, false, earlier.RecordedRow ? 1 : 0), earlier.Created, decided!.Notes);
        }
        return (outcome, outcome is CommandOutcome.Done { NewFacts: > 0 } && decided!.Creates, decided?.Notes ?? []);
    }

    private async Task<(CommandOutcome Outcome, bool Created, IReadOnlyList<RowNote> Notes)> Rehearse(
        Rehearsal earlierRows, RowReading reading, Guid cardId, LoadedCard? read, CancellationToken cancel)
    {
        var loaded = read ?? await cards.Load(order.Tenant, cardId, null, cancel);
        var card = earlierRows.Find(cardId) ?? loaded.Card;
        var (decision, decided) = RowDecision.On(reading, card, card.Version, UndoneFacts.Of(loaded), loaded.Rules.Packs, cards.Now);
        if (decision is not Decision.Accepted accepted) return (new CommandOutcome.Refused((Decision.Refused)decision), false, []);
        if (!earlierRows.TryTake(cardId, reading, card, accepted.Events, NewId)) return (new CommandOutcome.Failed(CommandFailure.AlwaysOvertaken), false, []);
        return (new CommandOutcome.Done(ReadOnlyMemory<byte>.Empty, 0, false, accepted.Events.Count), decided.Creates, decided.Notes);
    }

    /// <summary>The card that holds the row's ICCID or number, or a new one.</summary>
    /// <returns>The card as it was read; null: it was not, since only earlier rows of a rehearsal tell of it.</returns>
    private (Guid CardId, LoadedCard? Read, RowNote? Conflict) FindCard(RowReading row, CardsOfRows known)
    {
        var byIccid = Holder(Cards.Reservation.Iccid, row.Iccid);
        var byNumber = Holder(Cards.Reservation.Number, row.Number);
        if ((byIccid ?? byNumber) is not { } cardId)
        {
            var id = NewId();
            return (id, known.New(id), null);
        }
        if (byNumber is { } held && byIccid is { } other && held != other)
        {
            return (default, null, new RowNote("iccid", row.Iccid!, "Number and ICCID are on two different cards of the organisation.", "Find out which card carries the number now, then correct the row."));
        }
        var read = known.Find(cardId);
        if (byIccid is null && row.Iccid is not null && (rehearsal?.Find(cardId) ?? read?.Card)?.Iccid is { } onCard)
        {
            return (default, null, new RowNote("iccid", row.Iccid, $"The number is on the card with ICCID {onCard}.", "If the SIM was replaced, record that on the card; else correct the row."));
        }
        return (cardId, read, null);

        Guid? Holder(string kind, string? value) => value is null ? null : known.Holder(new Name(kind, value)) ?? rehearsal?.Holder(new Name(kind, value));
    }

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());
}
