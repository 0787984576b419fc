using NodaTime;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.RulesInForce;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.DueList;

/// <summary>The organisation has more cards than a list of another time is made from.</summary>
public sealed class DueListTooLargeException() : Exception("The due list of another time is made from the facts of all cards, and there are too many.");

/// <summary>Reads the due list as it stood at another time, or as what was known then had it: every card evaluated from its facts, for there are no rows of then.</summary>
public sealed class DueListHistory(TenantDatabase database, CardLedger cards, RuleBook rules, ILogger<DueListHistory> log)
{
    /// <summary>A second or two of work a page.</summary>
    public const int MostCards = 20_000;

    private const string CardsSql = "select s.card_id from card_standing s where s.tenant_id = $1 group by s.card_id order by s.card_id limit $2";

    private const string RowsSql = $"select {DueListSql.Columns} from card_standing s where s.tenant_id = $1 and s.card_id = any ($2)";

    /// <param name="asOf">What had happened by then; of a page after the first, that of the first counts.</param>
    /// <param name="knownAt">By the facts recorded and the rules in force then; of a page after the first, that of the first counts.</param>
    /// <exception cref="DueListTooLargeException">There are more than <see cref="MostCards"/> cards.</exception>
    public async Task<DueListPage> Page(
        TenantId tenant, DueListFilter filter, DueListPlace? after, Instant asOf, Instant knownAt, int limit, CancellationToken cancel)
    {
        var begun = after?.Begun ?? cards.Now;
        (asOf, knownAt) = (after?.Now ?? asOf, after?.KnownAt ?? knownAt);
        var ids = await Cards(tenant, cancel);
        var known = await rules.KnownAt(tenant, knownAt, cancel);
        var rows = new List<StandingRow>();
        var unread = new List<Guid>();
        foreach (var some in ids.Chunk(Ledger.Limits.StreamsAtOnce))
        {
            foreach (var stored in await cards.LoadMany(tenant, some, cancel))
            {
                if (RowsOf(stored with { Rules = known }, asOf, knownAt, tenant) is { } found) rows.AddRange(found.Where(row => Follows(row, filter, after, asOf)));
                else unread.Add(stored.Id);
            }
        }
        if (unread.Count > 0) rows.AddRange((await LastKnown(tenant, unread, asOf, cancel)).Where(row => Follows(row, filter, after, asOf)));
        return DueListPage.Of(rows, asOf, begun, knownAt, limit);
    }

    private static bool Follows(StandingRow row, DueListFilter filter, DueListPlace? after, Instant asOf) =>
        filter.Passes(row, asOf) && (after is null || DueListKey.Of(row).CompareTo(after.Key) > 0);

    /// <returns>None where nothing was known of the card; null where this program cannot read it.</returns>
    private IReadOnlyList<StandingRow>? RowsOf(StoredCard stored, Instant asOf, Instant knownAt, TenantId tenant)
    {
        try
        {
            var loaded = stored.OpenAsKnownAt(knownAt);
            return CardStandingView.Rows(loaded.Id, loaded.Card.AsOf(asOf), loaded.Rules, asOf);
        }
        catch (Exception error)
        {
            log.LogError(error, "Card {Card} of {Tenant} could not be appraised; its last known rows are listed.", stored.Id, tenant);
            return null;
        }
    }

    private Task<List<Guid>> Cards(TenantId tenant, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(CardsSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = MostCards + 1 } } };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var ids = new List<Guid>();
            while (await reader.ReadAsync(stop)) ids.Add(reader.GetGuid(0));
            return ids.Count <= MostCards ? ids : throw new DueListTooLargeException();
        }, cancel);
    }

    private async Task<IEnumerable<StandingRow>> LastKnown(TenantId tenant, List<Guid> unread, Instant asOf, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(RowsSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = unread.ToArray() } } };
        return (await database.Query(tenant, [command], DueListQuery.ReadRows, cancel)).Select(row => row.NotAppraisedAt(asOf));
    }
}
