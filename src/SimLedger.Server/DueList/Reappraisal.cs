using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.DueList;

/// <summary>
/// Writes standings anew from the facts: after rules were published, after time has changed them, or all of them. Under the guard of the view:
/// what an append wrote meanwhile is newer and stays.
/// </summary>
public sealed class Reappraisal(TenantDatabase database, CardLedger cards, ILogger<Reappraisal> log)
{
    /// <summary>Cards a commit: short enough to hold no lock for long.</summary>
    private const int CardsAtOnce = 200;

    /// <summary>
    /// Rows that time has changed are left alone for a while: who pages through the list keeps the instant of the first page, and would meet a row
    /// that was written anew in between at another place. See <see cref="DueListPlace.Lifetime"/>.
    /// </summary>
    private const string StaleSql = """
        (select s.card_id from card_standing s where s.tenant_id = $1
            and s.rules_revision < (select h.rules_revision from tenant_heads h where h.tenant_id = $1) and s.card_id <> all ($5) limit $4)
        union
        (select s.card_id from card_standing s where s.tenant_id = $1 and s.next_change_at <= $2
            and (s.next_change_at <= $3 or s.holds_until <= $2) and s.card_id <> all ($5) limit $4)
        """;

    private const string AllSql = "select e.stream_id from events e where e.tenant_id = $1 and e.version = 1 and e.position > $2 and e.position <= $3 order by e.position";

    private const string EndSql = "select position from tenant_heads where tenant_id = $1";

    /// <summary>Facts looked through at once for the first ones of cards.</summary>
    private const int Window = 20_000;

    /// <summary>Brings rows up to date that older rules or an earlier time left behind.</summary>
    /// <param name="batches">At most so many, so that one large organisation does not keep the others waiting.</param>
    /// <returns>Cards appraised, and whether there is more to do.</returns>
    public async Task<(int Cards, bool More)> CatchUp(TenantId tenant, int batches, CancellationToken cancel)
    {
        var done = 0;
        var failed = new HashSet<Guid>();
        for (var batch = 0; batch < batches; batch++)
        {
            var now = cards.Now;
            var stale = Command(StaleSql, tenant.Value, now.ToDateTimeUtc(), (now - DueListPlace.Lifetime).ToDateTimeUtc(), CardsAtOnce, failed.ToArray());
            var ids = await Ids(tenant, stale, cancel);
            failed.UnionWith(await Write(tenant, ids, cancel));
            done += ids.Count;
            if (ids.Count < CardsAtOnce) return (done, false);
        }
        return (done, true);
    }

    /// <summary>Computes every row of the organisation from its facts.</summary>
    /// <returns>Cards appraised, and those that could not be, each logged.</returns>
    public async Task<(int Cards, int Failed)> Rebuild(TenantId tenant, CancellationToken cancel)
    {
        var (done, failed) = (0, 0);
        var end = await database.Query(tenant, [Command(EndSql, tenant.Value)], async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0, cancel);
        for (var after = 0L; after < end; after += Window)
        {
            foreach (var ids in (await Ids(tenant, Command(AllSql, tenant.Value, after, after + Window), cancel)).Chunk(CardsAtOnce))
            {
                failed += (await Write(tenant, ids, cancel)).Count;
                done += ids.Length;
            }
        }
        return (done - failed, failed);
    }

    private Task<List<Guid>> Ids(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancel) => database.Query(tenant, [command], async (reader, stop) =>
    {
        var ids = new List<Guid>();
        while (await reader.ReadAsync(stop)) ids.Add(reader.GetGuid(0));
        return ids;
    }, cancel);

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    /// <returns>Cards that could not be appraised: one that is beyond this program must not keep the others from their dates.</returns>
    private async Task<IReadOnlyList<Guid>> Write(TenantId tenant, IReadOnlyList<Guid> cardIds, CancellationToken cancel)
    {
        if (cardIds.Count == 0) return [];
        var failed = new List<Guid>();
        using var bytes = new MemoryStream();
        await using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (var i = 0; i < cardIds.Count; i++)
            {
                var now = cards.Now;
                LoadedCard loaded;
                IReadOnlyList<StandingRow> rows;
                try
                {
                    loaded = await cards.Load(tenant, cardIds[i], null, cancel);
                    rows = CardStandingView.Rows(cardIds[i], loaded.Card, loaded.Rules, now);
                }
                catch (Exception error) when (error is not (OperationCanceledException or NpgsqlException or TimeoutException))
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
                }
            }
            json.WriteEndArray();
        }
        await database.Execute(tenant, new NpgsqlBatchCommand(CardStandingView.View.Sql)
        {
            Parameters =
            {
                new() { Value = cardIds.Select(_ => tenant.Value).ToArray() },
                new() { Value = cardIds.ToArray() },
                new() { Value = bytes.ToArray(), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        }, cancel);
        return failed;
    }
}
