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

    public async Task<RowReport> Take(FleetRow row, CancellationToken cancel)
    {
        var reading = RowReading.Of(row);
        if (reading.Refusal is { } refusal) return new RowReport(row.Number, RowOutcome.Refused, [refusal]);

        for (var attempt = 1; ; attempt++)
        {
            var (cardId, conflict) = await FindCard(reading, cancel);
            if (conflict is not null) return new RowReport(row.Number, RowOutcome.Refused, [conflict]);

            var (outcome, created, notes) = rehearsal is null ? await Record(row, reading, cardId, cancel) : await Rehearse(rehearsal, reading, cardId, cancel);
            switch (outcome)
            {
                case CommandOutcome.Done done:
                    var kind = created ? RowOutcome.Created : done.NewFacts > 0 ? RowOutcome.Changed : RowOutcome.Unchanged;
                    return new RowReport(row.Number, kind, [.. reading.Warnings, .. notes]);
                case CommandOutcome.Refused { Decision: var refused }:
                    return new RowReport(row.Number, RowOutcome.Refused, [new RowNote("", "", refused.Detail, RefusalText.Cure(refused.Why))]);
                case CommandOutcome.Failed when attempt < MostAttempts:
                    // Also after an unknown outcome: what is decided on what stands then does not record anything twice.
                    await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), clock, cancel);
                    continue;
                case CommandOutcome.Failed failed:
                    return new RowReport(row.Number, RowOutcome.Refused, [new RowNote("", "", $"The row could not be recorded ({failed.Why}).", "Import the file again; what is in already stays as it is.")]);
                case var other:
                    throw new InvalidOperationException($"No case for {other.GetType().Name}.");
            }
        }
    }

    private async Task<(CommandOutcome Outcome, bool Created, IReadOnlyList<RowNote> Notes)> Record(FleetRow row, RowReading reading, Guid cardId, CancellationToken cancel)
    {
        RowDecision? decided = null;
        var earlier = new EarlierAttempt(false, false, false);
        cancel.ThrowIfCancellationRequested();
        var outcome = await cards.Execute(order.ContextOf(row.Number), cardId, (loaded, now) =>
        {
            earlier = order.EarlierOn(loaded, row.Number);
            (var decision, decided) = RowDecision.On(reading, loaded.Card, loaded.Version, UndoneFacts.Of(loaded), loaded.Rules.Packs, now);
            // Decided again only for its notes: what the row recorded stands, and rows after it may have changed the card since.
            return earlier.PassedRow && decision is Decision.Accepted ? Decision.Nothing : decision;
        }, CancellationToken.None); // Once begun it is waited for, so that the report tells of every row that is in.
        if (outcome is CommandOutcome.Done && earlier.PassedRow)
        {
            return (new CommandOutcome.Done(ReadOnlyMemory<byte>.Empty, 0, false, earlier.RecordedRow ? 1 : 0), earlier.Created, decided!.Notes);
        }
        return (outcome, outcome is CommandOutcome.Done { NewFacts: > 0 } && decided!.Creates, decided?.Notes ?? []);
    }

    private async Task<(CommandOutcome Outcome, bool Created, IReadOnlyList<RowNote> Notes)> Rehearse(Rehearsal earlierRows, RowReading reading, Guid cardId, CancellationToken cancel)
    {
        var loaded = await cards.Load(order.Tenant, cardId, null, cancel);
        var card = earlierRows.Find(cardId) ?? loaded.Card;
        var (decision, decided) = RowDecision.On(reading, card, card.Version, UndoneFacts.Of(loaded), loaded.Rules.Packs, cards.Now);
        if (decision is not Decision.Accepted accepted) return (new CommandOutcome.Refused((Decision.Refused)decision), false, []);
        if (!earlierRows.TryTake(cardId, reading, card, accepted.Events, NewId)) return (new CommandOutcome.Failed(CommandFailure.AlwaysOvertaken), false, []);
        return (new CommandOutcome.Done(ReadOnlyMemory<byte>.Empty, 0, false, accepted.Events.Count), decided.Creates, decided.Notes);
    }

    /// <summary>The card that holds the row's ICCID or number, or the id of a new one.</summary>
    private async Task<(Guid CardId, RowNote? Conflict)> FindCard(RowReading row, CancellationToken cancel)
    {
        List<Name> wanted = [];
        if (row.Iccid is { } iccid) wanted.Add(new Name(Cards.Reservation.Iccid, iccid));
        if (row.Number is { } number) wanted.Add(new Name(Cards.Reservation.Number, number));
        var holders = await names.Holders(order.Tenant, wanted, cancel);
        var byIccid = row.Iccid is null ? null : Holder(wanted[0]);
        var byNumber = row.Number is null ? null : Holder(wanted[^1]);

        if (byNumber is { } held && byIccid is { } other && held != other)
        {
            return (default, new RowNote("iccid", row.Iccid!, "Number and ICCID are on two different cards of the organisation.", "Find out which card carries the number now, then correct the row."));
        }
        if (byNumber is { } card && byIccid is null && row.Iccid is not null)
        {
            var standing = rehearsal?.Find(card) ?? (await cards.Load(order.Tenant, card, null, cancel)).Card;
            if (standing.Iccid is { } onCard)
            {
                return (default, new RowNote("iccid", row.Iccid, $"The number is on the card with ICCID {onCard}.", "If the SIM was replaced, record that on the card; else correct the row."));
            }
        }
        return (byIccid ?? byNumber ?? NewId(), null);

        Guid? Holder(Name name) => holders.TryGetValue(name, out var stored) ? stored : rehearsal?.Holder(name);
    }

    private Guid NewId() => Guid.CreateVersion7(clock.GetUtcNow());
}
