using Npgsql;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.Importing;

/// <summary>What undoing an import did.</summary>
/// <param name="Kept">Cards left as the import made them, since others have recorded facts on what it brought.</param>
/// <param name="Failed">Cards that could not be undone now; undoing again takes them up.</param>
public sealed record UndoCounts(int Cards, int CardsRetired, int FactsVoided, int LinesDetached, int KeptCount, IReadOnlyList<Guid> Kept, int Failed)
{
    /// <summary>Ids told of kept cards; all are counted.</summary>
    public const int MostKept = 100;

    internal UndoCounts With(Guid cardId, UndoneCard card) => new(
        Cards + 1, CardsRetired + (card.Retired ? 1 : 0), FactsVoided + card.Voided, LinesDetached + card.Detached, KeptCount + (card.Kept ? 1 : 0),
        card.Kept && Kept.Count < MostKept ? [.. Kept, cardId] : Kept, Failed + (card.Failed ? 1 : 0));
}

/// <param name="More">There is more to void than one append holds: go on with the same card.</param>
internal sealed record UndoneCard(bool Retired = false, int Voided = 0, int Detached = 0, bool Kept = false, bool Failed = false, bool More = false);

/// <summary>Takes an import back by new facts: what it recorded is voided, what it brought leaves. Nothing is erased, and a second time changes nothing.</summary>
public sealed class ImportUndo(TenantDatabase database, CardLedger cards, TimeProvider clock)
{
    /// <summary>Cards under way at once: enough to fill commit batches.</summary>
    private const int AtOnce = 64;

    /// <summary>Facts of an import read at once.</summary>
    private const int PageFacts = 5_000;

    private const int MostAttempts = 5;

    // By the index events_of_import, which has the same condition.
    private const string PageSql = """
        select e.position, e.stream_id from events e
        where e.tenant_id = $1 and e.causation_id = $2 and e.origin like 'import:%' and e.position > $3 order by e.position limit $4
        """;

    /// <summary>Whether the organisation has facts of this import.</summary>
    public async Task<bool> HasFacts(TenantId tenant, Guid importId, CancellationToken cancel) => (await Page(tenant, importId, 0, 1, cancel)).Count > 0;

    /// <summary>Undoes an import.</summary>
    /// <param name="audit">Its origin is made here.</param>
    /// <param name="force">Also what others have recorded facts on since.</param>
    /// <param name="progress">Gets the cards done so far.</param>
    public async Task<UndoCounts> Run(TenantId tenant, Guid importId, AuditContext audit, bool force, Action<int> progress, CancellationToken cancel)
    {
        var undo = new Undo(importId.ToString("D"), new CommandContext(tenant, audit with { Origin = UndoneFacts.OriginPrefix + importId.ToString("D") }), force);
        var counts = new UndoCounts(0, 0, 0, 0, 0, [], 0);
        var seen = new HashSet<Guid>();
        for (var after = 0L; ;)
        {
            var page = await Page(tenant, importId, after, PageFacts, cancel);
            if (page.Count == 0) return counts;
            after = page[^1].Position;
            var gate = new Lock();
            await Parallel.ForEachAsync(page.Select(fact => fact.Card).Where(seen.Add).ToList(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (cardId, stop) =>
            {
                var done = await OfCard(undo, cardId, stop);
                lock (gate)
                {
                    counts = counts.With(cardId, done);
                    progress(counts.Cards);
                }
            });
        }
    }

    private sealed record Undo(string ImportId, CommandContext Context, bool Force);

    private async Task<UndoneCard> OfCard(Undo undo, Guid cardId, CancellationToken cancel)
    {
        var voided = 0;
        for (var attempt = 1; ; attempt++)
        {
            var undone = new UndoneCard();
            var outcome = await cards.Execute(undo.Context, cardId, (loaded, now) =>
            {
                var decision = CardUndo.Of(loaded, undo.ImportId, undo.Force, now);
                undone = decision.Done;
                return Decision.Record(decision.Events);
            }, cancel);
            if (outcome is CommandOutcome.Done)
            {
                voided += undone.Voided;
                if (!undone.More) return undone with { Voided = voided };
                attempt = 0;
                continue;
            }
            if (attempt == MostAttempts) return new UndoneCard(Voided: voided, Failed: true);
            // Also after an unknown outcome: what was recorded is found voided then.
            await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), clock, cancel);
        }
    }

    private Task<IReadOnlyList<(long Position, Guid Card)>> Page(TenantId tenant, Guid importId, long after, int limit, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(PageSql)
        {
            Parameters = { new() { Value = tenant.Value }, new() { Value = importId.ToString("D") }, new() { Value = after }, new() { Value = limit } },
        };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var facts = new List<(long, Guid)>();
            while (await reader.ReadAsync(stop)) facts.Add((reader.GetInt64(0), reader.GetGuid(1)));
            return (IReadOnlyList<(long, Guid)>)facts;
        }, cancel);
    }
}
