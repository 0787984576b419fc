using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using SimLedger.Server.Jobs;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.DueList;

/// <summary>
/// Writes standings anew from the facts: after rules were published, after time has changed them, or all of them. Under the guard of the view:
/// what an append wrote meanwhile is newer and stays.
/// </summary>
public sealed class Reappraisal(TenantDatabase database, CardLedger cards, GrowingTables tables, ILogger<Reappraisal> log)
{
    /// <summary>Kind of the job that brings an organisation's lines under newer rules.</summary>
    public const string JobName = "reappraisal";

    /// <summary>Cards a commit: short enough to hold no lock for long.</summary>
    private const int CardsAtOnce = 200;

    /// <summary>Cards that could not be appraised, in a job's result; all are counted and logged.</summary>
    private const int MostShown = 100;

    /// <summary>What a card's rows take on average; more makes the buffer grow.</summary>
    private const int BytesOfCard = 1024;

    private const string WalkSql = """
        select s.card_id, bool_or(s.rules_revision < (select h.rules_revision from tenant_heads h where h.tenant_id = $1))
        from card_standing s where s.tenant_id = $1 and s.card_id > $2 group by s.card_id order by s.card_id limit $3
        """;

    // The rows are only looked through where no job is known: it is the costlier question.
    private const string ToReachSql = """
        select case when j.known then true else exists (select from card_standing s where s.tenant_id = $1 and s.rules_revision < $4) end, not j.known
        from (select exists (select from jobs j where j.tenant_id = $1 and j.kind = $2 and j.subject = $4::text and (j.state = 'succeeded' or j.finished_at > $3)) as known) j
        """;

    /// <summary>Raised in the commit of rows that no fact goes with: see <see cref="KeptSummaries"/>.</summary>
    private const string MarkSql = """
        insert into standing_marks as m (tenant_id, written) values ($1, 1) on conflict on constraint standing_marks_pkey do update set written = m.written + 1
        """;

    private const string RevisionSql = "select rules_revision from tenant_heads where tenant_id = $1";

    /// <summary>Revisions that all lines have reached, as was seen once: appends write under the newest rules, so that none falls behind it again.</summary>
    private readonly ConcurrentDictionary<TenantId, long> _reached = new();

    /// <summary>Before a job that was cancelled or failed is begun anew.</summary>
    private static readonly TimeSpan BeforeAnotherJob = TimeSpan.FromHours(1);

    private const string CountOlderSql = """
        select count(*) from card_standing s where s.tenant_id = $1 and s.rules_revision < (select h.rules_revision from tenant_heads h where h.tenant_id = $1)
        """;

    /// <summary>
    /// Rows that time has changed are left alone for a while: who pages through the list keeps the instant of the first page, and would meet a row
    /// that was written anew in between at another place. See <see cref="DueListPlace.Lifetime"/>.
    /// </summary>
    private const string ChangedSql = """
        (select s.card_id from card_standing s where s.tenant_id = $1 and s.next_change_at <= $2
            and (s.next_change_at <= $3 or s.holds_until <= $2) and s.card_id <> all ($4) limit $5)
        union
        (select s.card_id from card_standing s where s.tenant_id = $1 and s.notes_due and s.card_id <> all ($4) limit $5)
        limit $5
        """;

    private const string AllSql = """
        select e.stream_id from events e
        where e.tenant_id = $1 and e.version = 1 and e.type = 'CardRegistered' and e.position > $2 and e.position <= $3 order by e.position
        """;

    private const string EndSql = "select position from tenant_heads where tenant_id = $1";

    /// <summary>Facts looked through at once for the first ones of cards.</summary>
    private const int Window = 20_000;

    public JobKind Job => new(JobName, UnderNewerRules);

    /// <summary>Who records the notes of lapses.</summary>
    private static readonly AuditContext Keeper = new("system:keeper", "keeper");

    /// <summary>Notes under way at once: enough to fill commit batches.</summary>
    private const int NotesAtOnce = 32;

    /// <summary>Brings rows up to date that time has left behind, and notes the deadlines that passed.</summary>
    /// <param name="batches">At most so many, so that one large organisation does not keep the others waiting.</param>
    /// <returns>Cards appraised, and whether there is more to do.</returns>
    public async Task<(int Cards, bool More)> CatchUp(TenantId tenant, int batches, CancellationToken cancel)
    {
        var done = 0;
        var failed = new HashSet<Guid>();
        for (var batch = 0; batch < batches; batch++)
        {
            var now = cards.Now;
            var changed = Statement.Of(ChangedSql, tenant.Value, now.ToDateTimeUtc(), (now - DueListPlace.Lifetime).ToDateTimeUtc(), failed.ToArray(), CardsAtOnce);
            var ids = await Ids(tenant, changed, cancel);
            var appraised = await Appraise(tenant, ids, cancel);
            await Write(tenant, appraised, cancel);
            failed.UnionWith(appraised.Failed);
            failed.UnionWith(await Note(tenant, appraised.NotesDue, cancel));
            done += ids.Count;
            if (ids.Count < CardsAtOnce) return (done, false);
        }
        return (done, true);
    }

    /// <summary>The rules revision that some lines have not reached and no job is known to have brought them to; null: none.</summary>
    /// <remarks>Looks through all lines where none is behind, for no index tells: once a revision.</remarks>
    public async Task<long?> RevisionToReach(TenantId tenant, CancellationToken cancel)
    {
        var revision = await Number(tenant, RevisionSql, cancel);
        if (_reached.TryGetValue(tenant, out var reached) && reached == revision) return null;

        var (toReach, behind) = await database.Query(
            tenant, [Statement.Of(ToReachSql, tenant.Value, JobName, (cards.Now.ToDateTimeUtc() - BeforeAnotherJob), revision)],
            async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0) ? (reader.GetBoolean(1) ? revision : (long?)null, true) : ((long?)null, false), cancel);
        if (!behind) _reached[tenant] = revision;
        return toReach;
    }

    /// <summary>Computes every row of the organisation from its facts.</summary>
    /// <returns>Cards appraised, and those that could not be, each logged.</returns>
    public async Task<(int Cards, int Failed)> Rebuild(TenantId tenant, CancellationToken cancel)
    {
        var (done, failed, batches, writing) = (0, 0, 0, Task.CompletedTask);
        var end = await Number(tenant, EndSql, cancel);
        try
        {
            for (var after = 0L; after < end; after += Window)
            {
                foreach (var ids in (await Ids(tenant, Statement.Of(AllSql, tenant.Value, after, after + Window), cancel)).Chunk(CardsAtOnce))
                {
                    // Read and appraised while the cards before are written: the database and this process work at the same time.
                    var appraised = await Appraise(tenant, ids, cancel);
                    await writing;
                    if (GrowingTables.AreDue(1, ++batches)) await tables.Analyze(cancel);
                    writing = Write(tenant, appraised, cancel);
                    failed += appraised.Failed.Count;
                    done += ids.Length;
                }
            }
        }
        finally
        {
            await writing;
        }
        return (done - failed, failed);
    }

    /// <summary>
    /// Walks over all cards once and writes those anew that stand under older rules. Rules published meanwhile are the rules of the rest, and have
    /// a job of their own for those behind. What is appended meanwhile stands under the newest rules.
    /// </summary>
    private async Task<ReadOnlyMemory<byte>> UnderNewerRules(JobRun run, CancellationToken cancel)
    {
        var (done, failed, shown) = (0L, 0L, new List<Guid>());
        var total = await Number(run.Tenant, CountOlderSql, cancel);
        var (batch, last) = await UnderOlderRules(run.Tenant, Guid.Empty, cancel);
        while (last is { } behind)
        {
            run.Report(done, Math.Max(total, done), failed);
            cancel.ThrowIfCancellationRequested();

            // The next cards are read and appraised while these are written: the database and this process work at the same time.
            var (writing, reading) = (Write(run.Tenant, batch, cancel), UnderOlderRules(run.Tenant, behind, cancel));
            await Task.WhenAll(writing, reading);
            done += batch.Lines;
            failed += batch.Failed.Count;
            shown.AddRange(batch.Failed.Take(MostShown - shown.Count));
            (batch, last) = await reading;
        }
        run.Report(done, Math.Max(total, done), failed);
        return JsonText.Object(json => WriteResult(json, done, failed, shown));
    }

    /// <summary>The next cards of the walk: those among them that stand under older rules, appraised anew, and the last one; null: the walk is over.</summary>
    private async Task<(Appraised Batch, Guid? Last)> UnderOlderRules(TenantId tenant, Guid after, CancellationToken cancel)
    {
        var (older, last) = await database.Query(tenant, [Statement.Of(WalkSql, tenant.Value, after, CardsAtOnce)], async (reader, stop) =>
        {
            var (ids, end) = (new List<Guid>(), (Guid?)null);
            while (await reader.ReadAsync(stop))
            {
                end = reader.GetGuid(0);
                if (reader.GetBoolean(1)) ids.Add(end.Value);
            }
            return (ids, end);
        }, cancel);
        return (await Appraise(tenant, older, cancel), last);
    }

    private static void WriteResult(Utf8JsonWriter json, long lines, long failed, IReadOnlyList<Guid> shown)
    {
        json.WriteNumber("lines", lines);
        json.WriteNumber("cardsFailed", failed);
        json.WriteStartArray("failed");
        foreach (var card in shown) json.WriteStringValue(card);
        json.WriteEndArray();
    }

    private async Task<List<Guid>> Ids(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancel) => await database.Query(tenant, [command], async (reader, stop) =>
    {
        var ids = new List<Guid>();
        while (await reader.ReadAsync(stop)) ids.Add(reader.GetGuid(0));
        return ids.Distinct().ToList();
    }, cancel);

    private Task<long> Number(TenantId tenant, string sql, CancellationToken cancel) =>
        database.Query(tenant, [Statement.Of(sql, tenant.Value)], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0, cancel);

    /// <summary>Rows of cards as their facts and the rules in force make them, ready to be written.</summary>
    /// <param name="Failed">Cards that could not be appraised: one that is beyond this program must not keep the others from their dates.</param>
    /// <param name="Rows">As the view takes them.</param>
    /// <param name="NotesDue">Cards whose facts do not say yet that a deadline passed.</param>
    private sealed record Appraised(IReadOnlyList<Guid> Cards, IReadOnlyList<Guid> Failed, IReadOnlyCollection<Guid> NotesDue, int Lines, ReadOnlyMemory<byte> Rows)
    {
        public static readonly Appraised None = new([], [], [], 0, default);
    }

    private async Task<Appraised> Appraise(TenantId tenant, IReadOnlyList<Guid> cardIds, CancellationToken cancel)
    {
        if (cardIds.Count == 0) return Appraised.None;
        var (lines, failed, notesDue) = (0, new List<Guid>(), new HashSet<Guid>());
        var stored = await cards.LoadMany(tenant, cardIds, cancel);
        var bytes = new ArrayBufferWriter<byte>(cardIds.Count * BytesOfCard);
        await using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (var i = 0; i < stored.Count; i++)
            {
                var now = cards.Now;
                LoadedCard loaded;
                IReadOnlyList<StandingRow> rows;
                try
                {
                    loaded = stored[i].Open();
                    rows = CardStandingView.Rows(cardIds[i], loaded.Card, loaded.Rules, now);
                }
                catch (Exception error)
                {
                    log.LogError(error, "Card {Card} of {Tenant} could not be appraised.", cardIds[i], tenant);
                    failed.Add(cardIds[i]);
                    continue;
                }
                foreach (var row in rows)
                {
                    json.WriteStartObject();
                    json.WriteNumber("append", i + 1);
                    json.WriteString("tenant_id", tenant.Value);
                    json.WriteNumber("stream_version", loaded.Version);
                    json.WriteNumber("rules_revision", loaded.Rules.Revision);
                    row.WriteMembers(json, now);
                    json.WriteEndObject();
                    if (row.NotesDue) notesDue.Add(cardIds[i]);
                    lines++;
                }
            }
            json.WriteEndArray();
        }
        return new Appraised(cardIds, failed, notesDue, lines, bytes.WrittenMemory);
    }

    /// <summary>
    /// Records what is to note of lapses, decided on each card's history at its version: who comes second, in this process or another, finds nothing to do.
    /// </summary>
    /// <returns>Cards for which it could not be done now.</returns>
    private async Task<IReadOnlyCollection<Guid>> Note(TenantId tenant, IReadOnlyCollection<Guid> cardIds, CancellationToken cancel)
    {
        var failed = new ConcurrentBag<Guid>();
        await Parallel.ForEachAsync(cardIds, new ParallelOptions { MaxDegreeOfParallelism = NotesAtOnce, CancellationToken = cancel }, async (cardId, stop) =>
        {
            var outcome = await cards.Execute(new CommandContext(tenant, Keeper), cardId, (loaded, now) => Decision.Record([.. Notes(loaded, now)]), stop);
            if (outcome is CommandOutcome.Done) return;
            log.LogWarning("What time brought about for card {Card} of {Tenant} could not be noted ({Outcome}).", cardId, tenant, outcome.GetType().Name);
            failed.Add(cardId);
        });
        return failed;
    }

    private static IEnumerable<CardEvent> Notes(LoadedCard loaded, Instant now) => loaded.Card.Lines.SelectMany(line =>
        LapseNotes.Decide(line, Lapses.Of(loaded.Card, line, Appraisal.Of(loaded.Card, line, loaded.Rules.Packs, now).Standing, loaded.Rules.Packs, now)));

    private async Task Write(TenantId tenant, Appraised appraised, CancellationToken cancel)
    {
        if (appraised.Lines == 0) return;
        var view = CardStandingView.View;
        var written = appraised.Cards.Except(appraised.Failed).ToArray();
        await database.ExecuteAll(
            tenant,
            [
                new NpgsqlBatchCommand(view.Sql)
                {
                    Parameters =
                    {
                        new() { Value = appraised.Cards.Select(_ => tenant.Value).ToArray() },
                        new() { Value = appraised.Cards.ToArray() },
                        new() { Value = appraised.Rows, NpgsqlDbType = NpgsqlDbType.Json },
                    },
                },
                Statement.Of(view.Then!, written.Select(_ => tenant.Value).ToArray(), written),
                Statement.Of(MarkSql, tenant.Value),
            ],
            cancel);
    }
}
