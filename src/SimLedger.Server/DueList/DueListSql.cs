using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;

namespace SimLedger.Server.DueList;

/// <summary>The statements of the due list, made from its filter.</summary>
/// <remarks>
/// Rows come in the order of the list from the index that serves one of the filters, its driver: for each of its values the first ones, merged. The other
/// filters are asked of the rows on the way. A line of two tags that are both asked for comes twice and is told once.
/// </remarks>
internal static class DueListSql
{
    public const string Columns = """
        s.card_id, s.line_id, s.number, s.iccid, s.carrier, s.product, s.owner, s.zone, s.stage, s.band, s.due_on, s.rank, s.closed, s.ends_on,
        s.deadline_at, s.renew_by, s.prepare_from, s.clock, s.rule_version, s.confidence, s.flags, s.ladder, s.holds_until, s.own_rules, s.tags, s.eid, s.retired, s.detached
        """;

    /// <summary>UTC+14: no calendar on earth is ahead of it.</summary>
    private static readonly Offset EarliestDay = Offset.FromHours(14);

    /// <summary>
    /// For statements that go through an index in order: of values that it does not know, PostgreSQL thinks that they fit many rows and would rather
    /// collect and sort all of them, thousands for a page of fifty; and would make its plan anew each time, which takes longer than the rows.
    /// </summary>
    public static NpgsqlBatchCommand InOrder() => new("select set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)");

    /// <summary>
    /// For statements that go through many rows: made for the very values, with memory for a million lines, counted and not sorted on disk.
    /// </summary>
    public static NpgsqlBatchCommand ForMany() => new("select set_config('work_mem', '64MB', true), set_config('plan_cache_mode', 'force_custom_plan', true)");

    /// <summary>The filters that have an index in the order of the list. Of several, the one of fewest lines is to be gone through; of equal ones the first.</summary>
    public static IReadOnlyList<DueListDriver> Drivers(DueListFilter filter) =>
    [
        .. filter.Owners is { } owners ? [new("owner", null, Distinct(owners))] : Array.Empty<DueListDriver>(),
        .. filter.Carriers is { } carriers ? [new("carrier", null, Distinct(carriers))] : Array.Empty<DueListDriver>(),
        // Nearly all lines are active: they have no index of their own, the list itself is gone through.
        .. filter.Stages is { } stages && !stages.Contains(Stage.Active) ? [new("stage", null, Distinct(stages.Select(Words.Of)))] : Array.Empty<DueListDriver>(),
        .. filter.Tags is { } tags ? [new("value", "tag", Distinct(tags))] : Array.Empty<DueListDriver>(),
        .. filter.Flags is { } flags ? [new("value", "flag", Distinct(flags))] : Array.Empty<DueListDriver>(),
    ];

    /// <summary>How many open lines each driver has, up to a bound; one row, a column each.</summary>
    /// <param name="most">Lines that are counted before one driver is taken for as large as another.</param>
    public static NpgsqlBatchCommand Sizes(TenantId tenant, IReadOnlyList<DueListDriver> drivers, int most)
    {
        var statement = new ListBuilder(tenant);
        // A look into the index for each value: of "any of them" a plan may go through all values there are instead.
        return statement.Command("select " + string.Join(", ", drivers.Select(by =>
        {
            var lines = by.Facet is null
                ? $"select from card_standing s where s.tenant_id = $1 and not s.closed{StageIndex(by)} and s.{by.Column} = v.value limit {most}"
                : $"select from line_facets f where f.tenant_id = $1 and f.facet = '{by.Facet}' and f.value = v.value and not f.closed limit {most}";
            return $"(select count(*) from (select from unnest({statement.Next(by.Values)}::text[]) v (value) cross join lateral ({lines}) l limit {most}) c)";
        })));
    }

    /// <summary>
    /// The first rows that hold at an instant and pass, as stored; and those that time has changed since they were written, of which what time changes is not asked here. One
    /// statement, so that both tell of one moment; a last column says which are the changed ones.
    /// </summary>
    /// <param name="by">Null: no filter has an index of its own.</param>
    /// <param name="mostChanged">Of the changed ones.</param>
    public static NpgsqlBatchCommand Page(TenantId tenant, DueListFilter filter, DueListDriver? by, DueListKey? after, Instant now, int limit, int mostChanged)
    {
        var statement = new ListBuilder(tenant);
        var holding = statement.Rows(filter, by, after, now, limit, closed: false);
        if (filter.MayListClosed)
        {
            // The few that are closed have one index of their own in order, but by tag and flag.
            var closed = statement.Rows(filter, by?.Facet is null ? null : by, after, now, limit, closed: true);
            holding = $"select * from (({holding}) union all ({closed})) s order by s.band, s.due_on, s.rank, s.line_id limit {limit}";
        }
        return statement.Command($"select h.*, false from ({holding}) h union all select c.*, true from ({statement.Changed(filter, now, mostChanged)}) c");
    }

    /// <summary>The rows that time has changed since they were written. What time changes is not asked of them here.</summary>
    public static NpgsqlBatchCommand Changed(TenantId tenant, DueListFilter filter, Instant now, int most)
    {
        var statement = new ListBuilder(tenant);
        return statement.Command(statement.Changed(filter, now, most));
    }

    /// <summary>When the next of the rows that hold at an instant changes by time.</summary>
    public static NpgsqlBatchCommand NextChange(TenantId tenant, Instant now)
    {
        var statement = new ListBuilder(tenant);
        return statement.Command($"select min(s.next_change_at) from card_standing s where s.tenant_id = $1 and s.next_change_at > {statement.Next(now.ToDateTimeUtc())}");
    }

    /// <summary>How many of the rows that hold at an instant pass, by bucket, by carrier and by owner: the largest of both, and those that are named.</summary>
    /// <param name="facet">The tag or flag of so few lines that each is looked up; null: rows are gone through.</param>
    /// <param name="zones">What day it is where: asked of the calendar once a zone and not once a line, which took two thirds of the time.</param>
    public static NpgsqlBatchCommand Counts(TenantId tenant, DueListFilter filter, DueListDriver? facet, IReadOnlyDictionary<string, LocalDate> zones, Instant now, int most)
    {
        var statement = new ListBuilder(tenant);
        var instant = statement.Next(now.ToDateTimeUtc());
        var open = filter.MayListClosed ? filter.ClosedToo ? "" : " and (not s.closed or s.stage = 'lost')" : " and not s.closed";
        var changed = $"select {{0}} from card_standing s where s.tenant_id = $1 and s.next_change_at <= {instant}{statement.Lasting(filter)}";
        var rows = facet is null
            ? "card_standing s"
            : $"(select distinct f.line_id from line_facets f where f.tenant_id = $1 and f.facet = '{facet.Facet}' and f.value = any ({statement.Next(facet.Values)})) f cross join lateral (select * from card_standing r where r.tenant_id = $1 and r.line_id = f.line_id offset 0) s";
        return statement.Command($"""
            with counted as materialized (
                select s.carrier, s.owner, {Bucket} as bucket, count(*) as lines
                from (select s.carrier, s.owner, s.band, s.due_on, s.renew_by, coalesce(z.today, ({instant} at time zone s.zone)::date) as today
                      from {rows} left join unnest({statement.Next(zones.Keys.ToArray())}::text[], {statement.Next(zones.Values.Select(day => day.ToDateOnly()).ToArray())}::date[]) z (zone, today) on z.zone = s.zone
                      where s.tenant_id = $1 and (s.next_change_at is null or s.next_change_at > {instant}){open}{statement.Passing(filter, now, "s")}{statement.Faceted(filter, facet)}) s
                group by 1, 2, 3)
            select 'all', null, bucket, sum(lines)::bigint from counted group by bucket
            union all
            select 'carrier', carrier, bucket, sum(lines)::bigint from counted
            where coalesce(carrier, '') in (select * from (select coalesce(carrier, '') from counted group by 1 order by sum(lines) desc, 1 limit {most}) c
                                            union all {string.Format(CultureInfo.InvariantCulture, changed, "coalesce(s.carrier, '')")})
            group by carrier, bucket
            union all
            select 'owner', owner, bucket, sum(lines)::bigint from counted
            where coalesce(owner, '') in (select * from (select coalesce(owner, '') from counted group by 1 order by sum(lines) desc, 1 limit {most}) o
                                          union all {string.Format(CultureInfo.InvariantCulture, changed, "coalesce(s.owner, '')")})
            group by owner, bucket
            """);
    }

    private const string Bucket = """
        case when s.band = 0 then 'settle' when s.renew_by < s.today then 'overdue' when s.due_on <= s.today + 7 then 'within7'
             when s.due_on <= s.today + 30 then 'within30' when s.due_on <= s.today + 90 then 'within90' else 'later' end
        """;

    // In the words of the partial index.
    private static string StageIndex(DueListDriver? by) => by?.Column == "stage" ? " and s.stage <> 'active'" : "";

    private static string[] Distinct(IEnumerable<string> values) => [.. values.Distinct(StringComparer.Ordinal)];

    private sealed class ListBuilder(TenantId tenant) : StatementBuilder(tenant)
    {
        /// <summary>A select of the rows that time has changed since they were written.</summary>
        public string Changed(DueListFilter filter, Instant now, int most) =>
            $"select {Columns} from card_standing s where s.tenant_id = $1 and s.next_change_at <= {Next(now.ToDateTimeUtc())}{Lasting(filter)} limit {most}";

        /// <summary>A select of the first rows that hold, open or closed ones.</summary>
        public string Rows(DueListFilter filter, DueListDriver? driver, DueListKey? after, Instant now, int limit, bool closed)
        {
            var conditions = new StringBuilder();
            conditions.Append(CultureInfo.InvariantCulture, $" and (s.next_change_at is null or s.next_change_at > {Next(now.ToDateTimeUtc())})");
            if (closed && !filter.ClosedToo) conditions.Append(" and s.stage = 'lost'");
            // The place of a line stands in both tables; the one that is gone through in order is asked for it.
            var key = driver?.Facet is null ? "s" : "f";
            conditions.Append(Passing(filter, now, key, driver?.Column));
            conditions.Append(Faceted(filter, driver));
            if (after is { } row)
            {
                conditions.Append(CultureInfo.InvariantCulture, $" and ({Place(key)}) > ({Next((short)row.Band)}, {Next(DueListKey.Day(row.DueOn))}, {Next((short)row.Rank)}, {Next(row.LineId)})");
            }
            var end = $"order by {Place(key)} limit {limit}";
            var open = closed ? "s.closed" : "not s.closed";
            if (driver is not { } by) return $"select {Columns} from card_standing s where s.tenant_id = $1 and {open}{conditions} {end}";

            var values = Next(by.Values);
            var rows = by.Facet is null
                ? $"select {Columns} from card_standing s where s.tenant_id = $1 and {open}{(closed ? "" : StageIndex(by))} and s.{by.Column} = v.value{conditions} {end}"
                // OFFSET 0 keeps the order of the facets: else all rows might be joined first and sorted after.
                : $"select {Columns} from line_facets f cross join lateral (select * from card_standing r where r.tenant_id = $1 and r.line_id = f.line_id offset 0) s where f.tenant_id = $1 and f.facet = '{by.Facet}' and f.value = v.value and f.closed = {(closed ? "true" : "false")}{conditions} {end}";
            return $"select distinct on ({Place("s")}) s.* from unnest({values}::text[]) v (value) cross join lateral ({rows}) s order by {Place("s")} limit {limit}";
        }

        /// <summary>What is asked of a row that holds, but for tags, flags and whether it is closed.</summary>
        /// <param name="driver">The column whose values the rows are gone through by already.</param>
        public string Passing(DueListFilter filter, Instant now, string key, string? driver = null)
        {
            var conditions = new StringBuilder();
            if (filter.Settle is { } settle) conditions.Append(CultureInfo.InvariantCulture, $" and {key}.band = {(settle ? 0 : 1)}");
            if (filter.WithinDays is { } days)
            {
                var latest = now.WithOffset(EarliestDay).Date.PlusDays(days);
                // The first bounds the range of the index, the second counts in the line's own calendar.
                conditions.Append(CultureInfo.InvariantCulture, $" and ({key}.band, {key}.due_on) <= (1, {Next(DueListKey.Day(latest))})");
                conditions.Append(CultureInfo.InvariantCulture, $" and (s.band = 0 or s.due_on <= ({Next(now.ToDateTimeUtc())} at time zone s.zone)::date + {Next(days)})");
            }
            if (driver != "stage" && filter.Stages is { } stages) conditions.Append(CultureInfo.InvariantCulture, $" and s.stage = any ({Next(stages.Select(Words.Of).ToArray())})");
            if (filter.Ranks is { } ranks) conditions.Append(CultureInfo.InvariantCulture, $" and {key}.rank = any ({Next(ranks.Select(r => (short)r).ToArray())})");
            if (driver != "carrier" && filter.Carriers is { } carriers) conditions.Append(CultureInfo.InvariantCulture, $" and s.carrier = any ({Next(carriers.ToArray())})");
            if (driver != "owner" && filter.Owners is { } owners) conditions.Append(CultureInfo.InvariantCulture, $" and s.owner = any ({Next(owners.ToArray())})");
            if (filter.Products is { } products) conditions.Append(CultureInfo.InvariantCulture, $" and s.product = any ({Next(products.ToArray())})");
            return conditions.ToString();
        }

        /// <summary>What is asked of a row whatever the time.</summary>
        public string Lasting(DueListFilter filter)
        {
            var conditions = new StringBuilder();
            if (filter.Carriers is { } carriers) conditions.Append(CultureInfo.InvariantCulture, $" and s.carrier = any ({Next(carriers.ToArray())})");
            if (filter.Owners is { } owners) conditions.Append(CultureInfo.InvariantCulture, $" and s.owner = any ({Next(owners.ToArray())})");
            if (filter.Products is { } products) conditions.Append(CultureInfo.InvariantCulture, $" and s.product = any ({Next(products.ToArray())})");
            if (filter.Ranks is { } ranks) conditions.Append(CultureInfo.InvariantCulture, $" and s.rank = any ({Next(ranks.Select(r => (short)r).ToArray())})");
            if (filter.Tags is { } tags) conditions.Append(CultureInfo.InvariantCulture, $" and s.tags && {Next(tags.ToArray())}");
            return conditions.ToString();
        }

        /// <summary>Tags and flags, but the one that the rows are gone through by already.</summary>
        public string Faceted(DueListFilter filter, DueListDriver? driver)
        {
            var conditions = new StringBuilder();
            if (driver?.Facet != "tag" && filter.Tags is { } tags) conditions.Append(CultureInfo.InvariantCulture, $" and s.tags && {Next(tags.ToArray())}");
            if (driver?.Facet != "flag" && filter.Flags is { } flags) conditions.Append(CultureInfo.InvariantCulture, $" and s.flags && {Next(flags.ToArray())}");
            return conditions.ToString();
        }

        private static string Place(string table) => $"{table}.band, {table}.due_on, {table}.rank, {table}.line_id";
    }
}

/// <summary>A filter whose rows one index has in the order of the list.</summary>
/// <param name="Facet">A tag or flag; null: a column of the row.</param>
internal sealed record DueListDriver(string Column, string? Facet, string[] Values);
