using System.Threading.Channels;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;
using Name = SimLedger.Ledger.Reservation;

namespace SimLedger.Server.Importing;

/// <summary>Brings a fleet file in, row by row, by the same appends as every command. No row stops the file.</summary>
public sealed class FleetImport(CardLedger cards, HeldNames names, TimeProvider clock)
{
    /// <summary>What facts of an import say they come from.</summary>
    internal const string Source = "import";

    /// <summary>Rows under way at once: enough to fill commit batches.</summary>
    private const int Workers = 128;

    private const int MostAttempts = 5;

    /// <summary>Imports the stream.</summary>
    /// <param name="report">Gets every row's report; not in the order of rows, never two at once.</param>
    /// <exception cref="FleetFileException">The file cannot be read on; the rows before are in.</exception>
    public async Task<ImportCounts> Run(
        TenantId tenant, Stream file, string actor, string origin, Action<IReadOnlyList<string>> unknownColumns, Action<RowReport> report, CancellationToken cancel)
    {
        var audit = new AuditContext(actor, origin, CausationId: Guid.CreateVersion7(clock.GetUtcNow()).ToString("D"));
        var counts = new ImportCounts(0, 0, 0, 0, 0);
        var gate = new Lock();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Rows of one card go to one worker, in their order: they build on each other.
        var queues = Enumerable.Range(0, Workers).Select(_ => Channel.CreateBounded<FleetRow>(16)).ToList();
        var workers = queues.Select(queue => Task.Run(() => Work(queue), CancellationToken.None)).ToList();
        try
        {
            foreach (var row in FleetFile.Read(file, unknownColumns))
            {
                var queue = queues[(int)((uint)string.GetHashCode(row["iccid"] ?? row["number"] ?? "", StringComparison.Ordinal) % Workers)];
                await queue.Writer.WriteAsync(row, stop.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // A worker failed and stopped the others; its error follows below.
        }
        finally
        {
            foreach (var queue in queues) queue.Writer.TryComplete();
            await Task.WhenAll(workers);
        }
        return counts;

        async Task Work(Channel<FleetRow> queue)
        {
            try
            {
                await foreach (var row in queue.Reader.ReadAllAsync(stop.Token))
                {
                    var done = await ImportRow(tenant, row, audit, stop.Token);
                    lock (gate)
                    {
                        counts = counts.With(done);
                        report(done);
                    }
                }
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    private async Task<RowReport> ImportRow(TenantId tenant, FleetRow row, AuditContext audit, CancellationToken cancel)
    {
        var reading = RowReading.Of(row);
        if (reading.Refusal is { } refusal) return new RowReport(row.Number, RowOutcome.Refused, [refusal]);

        for (var attempt = 1; ; attempt++)
        {
            var (cardId, conflict) = await FindCard(tenant, reading, cancel);
            if (conflict is not null) return new RowReport(row.Number, RowOutcome.Refused, [conflict]);

            RowDecision? decided = null;
            var outcome = await cards.Execute(new CommandContext(tenant, audit), cardId, (loaded, now) =>
            {
                (var decision, decided) = RowDecision.On(reading, loaded.Card, loaded.Version, loaded.Rules.Packs, now);
                return decision;
            }, cancel);
            switch (outcome)
            {
                case CommandOutcome.Done done:
                    var kind = done.NewFacts == 0 ? RowOutcome.Unchanged : decided!.Creates ? RowOutcome.Created : RowOutcome.Changed;
                    return new RowReport(row.Number, kind, [.. reading.Warnings, .. decided!.Notes]);
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

    /// <summary>The card that holds the row's ICCID or number, or the id of a new one.</summary>
    private async Task<(Guid CardId, RowNote? Conflict)> FindCard(TenantId tenant, RowReading row, CancellationToken cancel)
    {
        List<Name> wanted = [];
        if (row.Iccid is { } iccid) wanted.Add(new Name(Cards.Reservation.Iccid, iccid));
        if (row.Number is { } number) wanted.Add(new Name(Cards.Reservation.Number, number));
        var holders = await names.Holders(tenant, wanted, cancel);
        Guid? byIccid = row.Iccid is not null && holders.TryGetValue(wanted[0], out var first) ? first : null;
        Guid? byNumber = row.Number is not null && holders.TryGetValue(wanted[^1], out var second) ? second : null;

        if (byNumber is { } held && byIccid is { } other && held != other)
        {
            return (default, new RowNote("iccid", row.Iccid!, "Number and ICCID are on two different cards of the organisation.", "Find out which card carries the number now, then correct the row."));
        }
        if (byNumber is { } card && byIccid is null && row.Iccid is not null)
        {
            var loaded = await cards.Load(tenant, card, null, cancel);
            if (loaded.Card.Iccid is { } onCard)
            {
                return (default, new RowNote("iccid", row.Iccid, $"The number is on the card with ICCID {onCard}.", "If the SIM was replaced, record that on the card; else correct the row."));
            }
        }
        return (byIccid ?? byNumber ?? Guid.CreateVersion7(clock.GetUtcNow()), null);
    }
}
