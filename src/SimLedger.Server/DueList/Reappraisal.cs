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
public sealed class Reappraisal(TenantDatabase database, CardLedger cards)
{
    /// <summary>Cards a commit: short enough to hold no lock for long.</summary>
    private const int CardsAtOnce = 200;

    private const string StaleSql = """
        select s.card_id from card_standing s where s.tenant_id = $1
            and s.rules_revision < (select h.rules_revision from tenant_heads h where h.tenant_id = $1)
        union
        select s.card_id from card_standing s where s.tenant_id = $1 and not s.closed and s.next_change_at <= $2
        limit $3
        """;

    private const string AllSql = "select e.stream_id, e.position from events e where e.tenant_id = $1 and e.version = 1 and e.position > $2 order by e.position limit $3";

    /// <summary>Brings the rows up to date that older rules or an earlier time left behind.</summary>
    /// <returns>Cards appraised.</returns>
    public async Task<int> CatchUp(TenantId tenant, CancellationToken cancel)
    {
        var done = 0;
        while (true)
        {
            var stale = new NpgsqlBatchCommand(StaleSql)
            {
                Parameters = { new() { Value = tenant.Value }, new() { Value = cards.Now.ToDateTimeUtc() }, new() { Value = CardsAtOnce } },
            };
            var ids = await database.Query(tenant, [stale], async (reader, stop) =>
            {
                var found = new List<Guid>();
                while (await reader.ReadAsync(stop)) found.Add(reader.GetGuid(0));
                return found;
            }, cancel);
            await Write(tenant, ids, cancel);
            done += ids.Count;
            if (ids.Count < CardsAtOnce) return done;
        }
    }

    /// <summary>Computes every row of the organisation from its facts.</summary>
    /// <returns>Cards appraised.</returns>
    public async Task<int> Rebuild(TenantId tenant, CancellationToken cancel)
    {
        var (done, after) = (0, 0L);
        while (true)
        {
            var next = new NpgsqlBatchCommand(AllSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = after }, new() { Value = CardsAtOnce } } };
            var found = await database.Query(tenant, [next], async (reader, stop) =>
            {
                var ids = new List<(Guid Card, long Position)>();
                while (await reader.ReadAsync(stop)) ids.Add((reader.GetGuid(0), reader.GetInt64(1)));
                return ids;
            }, cancel);
            await Write(tenant, [.. found.Select(f => f.Card)], cancel);
            done += found.Count;
            if (found.Count < CardsAtOnce) return done;
            after = found[^1].Position;
        }
    }

    private async Task Write(TenantId tenant, IReadOnlyList<Guid> cardIds, CancellationToken cancel)
    {
        if (cardIds.Count == 0) return;
        using var bytes = new MemoryStream();
        await using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (var i = 0; i < cardIds.Count; i++)
            {
                var loaded = await cards.Load(tenant, cardIds[i], null, cancel);
                var now = cards.Now;
                foreach (var row in CardStandingView.Rows(cardIds[i], loaded.Card, loaded.Rules.Packs, now))
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
    }
}
