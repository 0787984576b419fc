using System.Text.Json;
using NodaTime;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.UseCases;

namespace SimLedger.Server.DueList;

/// <summary>More rows have changed by time alone than one read can bring to the present; the keeper is at it. Nothing is listed rather than too little.</summary>
public sealed class DueListBehindException() : Exception("The due list is being brought up to date.");

/// <param name="Now">The instant that the list tells of.</param>
/// <param name="KnownAt">Null: of what is known.</param>
/// <param name="Next">Null: this was the last page.</param>
public sealed record DueListPage(Instant Now, Instant? KnownAt, IReadOnlyList<StandingRow> Rows, DueListPlace? Next)
{
    /// <summary>The first rows of those given, which are all that come next or at least one more than a page has.</summary>
    public static DueListPage Of(List<StandingRow> rows, Instant now, Instant begun, Instant? knownAt, int limit)
    {
        rows.Sort((a, b) => DueListKey.Of(a).CompareTo(DueListKey.Of(b)));
        var page = rows.Take(limit).ToList();
        return new DueListPage(now, knownAt, page, rows.Count > limit ? new DueListPlace(now, begun, knownAt, DueListKey.Of(page[^1])) : null);
    }
}

/// <summary>Reads the due list, most urgent first, exact at the instant asked without any nightly job.</summary>
/// <remarks>
/// Rows that hold at that instant come from the index in order. The few that time has changed since they were written are brought to the
/// instant from their ladder, or from their history where that does not tell, and merged in.
/// </remarks>
public sealed class DueListQuery(TenantDatabase database, CardLedger cards, ILogger<DueListQuery> log)
{
    /// <summary>Rows that time has changed since they were written and that one read brings to the present: a day's worth of five million lines, thrice.</summary>
    private const int MostChanged = 50_000;

    /// <summary>Those among them whose facts must be read: a few seconds.</summary>
    private const int MostAppraised = 20_000;

    /// <summary>After those of <see cref="DueListSql.Columns"/>: time has changed the row since it was written.</summary>
    private const int ChangedColumn = 28;

    /// <summary>Lines of a filter that are counted before another is taken for as good: more would cost what the better choice saves.</summary>
    private const int MostCountedForPage = 1_000;

    /// <summary>Lines of a tag that a summary looks up one by one; of more, all rows are gone through, which costs less.</summary>
    private const int MostLookedUp = 20_000;

    /// <param name="now">The present, or an instant to come: what will be due then if nothing is done. Of a page after the first, the instant of the first counts.</param>
    /// <exception cref="DueListBehindException">Too many rows are other than they were written.</exception>
    public async Task<DueListPage> Page(TenantId tenant, DueListFilter filter, DueListPlace? after, Instant now, int limit, CancellationToken cancel)
    {
        var (asOf, begun) = after is null ? (now, cards.Now) : (after.Now, after.Begun);
        var page = DueListSql.Page(tenant, filter, await Driver(tenant, filter, cancel), after?.Key, asOf, limit + 1, MostChanged + 1);
        var (rows, changed) = await database.Query(tenant, [DueListSql.InOrder(), page], async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            List<StandingRow> held = [], moved = [];
            while (await reader.ReadAsync(stop)) (reader.GetBoolean(ChangedColumn) ? moved : held).Add(ReadRow(reader));
            return (held, moved);
        }, cancel);
        rows.AddRange((await Bring(tenant, changed, asOf, cancel)).Where(row => filter.Passes(row, asOf) && (after is null || DueListKey.Of(row).CompareTo(after.Key) > 0)));
        return DueListPage.Of(rows, asOf, begun, knownAt: null, limit);
    }

    /// <summary>Counts what the list would show at an instant.</summary>
    /// <exception cref="DueListBehindException">Too many rows are other than they were written.</exception>
    public async Task<CountedSummary> Summary(TenantId tenant, DueListFilter filter, Instant now, CancellationToken cancel)
    {
        var facet = await RareFacet(tenant, filter, cancel);
        var zones = DateTimeZoneProviders.Tzdb.Ids.ToDictionary(id => id, id => now.InZone(DateTimeZoneProviders.Tzdb[id]).Date, StringComparer.Ordinal);
        NpgsqlBatchCommand[] commands =
        [
            DueListSql.ForMany(), KeptSummaries.RowsCommand(tenant), DueListSql.NextChange(tenant, now), DueListSql.Counts(tenant, filter, facet, zones, now, DueListSummary.MostNamed),
            DueListSql.Changed(tenant, filter, now, MostChanged + 1),
        ];
        var (written, until, summary, changed) = await database.QuerySnapshot(tenant, commands, async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            var mark = await KeptSummaries.ReadRows(reader, stop);
            await reader.NextResultAsync(stop);
            var next = await reader.ReadAsync(stop) && !reader.IsDBNull(0) ? Instant.FromDateTimeUtc(reader.GetFieldValue<DateTime>(0)) : Instant.MaxValue;
            await reader.NextResultAsync(stop);
            var counts = await DueListSummary.Read(reader, stop);
            await reader.NextResultAsync(stop);
            return (mark, next, counts, await ReadRows(reader, stop));
        }, cancel);
        until = Instant.Min(until, NextDay(now));
        foreach (var row in await Bring(tenant, changed, now, cancel))
        {
            if (row.NextChange(now) is { } next) until = Instant.Min(until, next);
            if (filter.Passes(row, now)) summary.Add(row, now);
        }
        return new CountedSummary(summary, written, now, until);
    }

    /// <summary>A day may begin somewhere on earth at every quarter of an hour, and at no other time.</summary>
    private static Instant NextDay(Instant now)
    {
        const long quarter = 15 * NodaConstants.TicksPerMinute;
        return Instant.FromUnixTimeTicks((now.ToUnixTimeTicks() / quarter + 1) * quarter);
    }

    /// <summary>Of several filters the one of fewest lines: by how many was worth a look, since a tag may be on all lines or on one.</summary>
    private async Task<DueListDriver?> Driver(TenantId tenant, DueListFilter filter, CancellationToken cancel)
    {
        var drivers = DueListSql.Drivers(filter);
        if (drivers.Count < 2) return drivers.Count == 0 ? null : drivers[0];
        return drivers.Zip(await Sizes(tenant, drivers, MostCountedForPage, cancel)).MinBy(by => by.Second).First;
    }

    /// <summary>The tag or flag of fewest lines, if these are few; else null.</summary>
    private async Task<DueListDriver?> RareFacet(TenantId tenant, DueListFilter filter, CancellationToken cancel)
    {
        List<DueListDriver> facets = [.. DueListSql.Drivers(filter).Where(by => by.Facet is not null)];
        if (facets.Count == 0) return null;
        var (rarest, lines) = facets.Zip(await Sizes(tenant, facets, MostLookedUp, cancel)).MinBy(by => by.Second);
        return lines < MostLookedUp ? rarest : null;
    }

    private Task<List<long>> Sizes(TenantId tenant, IReadOnlyList<DueListDriver> drivers, int most, CancellationToken cancel) =>
        database.Query(tenant, [DueListSql.InOrder(), DueListSql.Sizes(tenant, drivers, most)], async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            await reader.ReadAsync(stop);
            return Enumerable.Range(0, drivers.Count).Select(reader.GetInt64).ToList();
        }, cancel);

    /// <summary>Rows that time has changed, brought to an instant.</summary>
    private async Task<IEnumerable<StandingRow>> Bring(TenantId tenant, List<StandingRow> changed, Instant now, CancellationToken cancel)
    {
        if (changed.Count > MostChanged) throw new DueListBehindException();
        var byLadder = changed.Where(row => !(row.HoldsUntil <= now)).Select(row => row.At(now));
        var byFacts = await Appraise(tenant, [.. changed.Where(row => row.HoldsUntil <= now)], now, cancel);
        return byLadder.Concat(byFacts);
    }

    /// <summary>Rows from their facts. One that this program cannot appraise is listed to settle, never left out.</summary>
    private async Task<List<StandingRow>> Appraise(TenantId tenant, IReadOnlyList<StandingRow> rows, Instant now, CancellationToken cancel)
    {
        if (rows.Count > MostAppraised) throw new DueListBehindException();
        var appraised = new List<StandingRow>(rows.Count);
        foreach (var some in rows.GroupBy(row => row.CardId).Chunk(Ledger.Limits.StreamsAtOnce))
        {
            var stored = await cards.LoadMany(tenant, [.. some.Select(card => card.Key)], cancel);
            for (var i = 0; i < some.Length; i++)
            {
                try
                {
                    var loaded = stored[i].Open();
                    var wanted = some[i].Select(row => row.LineId).ToHashSet();
                    appraised.AddRange(CardStandingView.Rows(loaded.Id, loaded.Card, loaded.Rules, now).Where(row => wanted.Contains(row.LineId)));
                }
                catch (Exception error)
                {
                    log.LogError(error, "Card {Card} of {Tenant} could not be appraised; its last known rows are listed.", some[i].Key, tenant);
                    appraised.AddRange(some[i].Select(row => row.NotAppraisedAt(now)));
                }
            }
        }
        return appraised;
    }

    internal static async Task<List<StandingRow>> ReadRows(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var rows = new List<StandingRow>();
        while (await reader.ReadAsync(cancel)) rows.Add(ReadRow(reader));
        return rows;
    }

    /// <summary>A row in the columns of <see cref="DueListSql.Columns"/>.</summary>
    private static StandingRow ReadRow(NpgsqlDataReader reader)
    {
        using var ladder = JsonDocument.Parse(reader.GetString(21));
        return new StandingRow(
            reader.GetGuid(0), reader.GetGuid(1), Text(2), Text(3), Text(4), Text(5), Text(6) ?? "", DateTimeZoneProviders.Tzdb[reader.GetString(7)],
            Words.Stage(reader.GetString(8)), reader.GetInt16(9), Date(10), reader.GetInt16(11), reader.GetBoolean(12), Date(13),
            Moment(14), Date(15), Date(16), Text(17), Text(18), Text(19) is { } sure ? Enum.Parse<Confidence>(sure, ignoreCase: true) : null, reader.GetBoolean(23),
            reader.GetFieldValue<string[]>(20), StandingRow.ReadLadder(ladder.RootElement), Moment(22))
        {
            Tags = reader.GetFieldValue<string[]>(24), Eid = Text(25), Retired = reader.GetBoolean(26), Detached = reader.GetBoolean(27),
        };

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        LocalDate? Date(int column) => reader.IsDBNull(column) || reader.GetFieldValue<DateOnly>(column) is var day && day == DateOnly.MaxValue
            ? null
            : LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(column));
        Instant? Moment(int column) => reader.IsDBNull(column) ? null : Instant.FromDateTimeUtc(reader.GetFieldValue<DateTime>(column));
    }
}
