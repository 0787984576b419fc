using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.DueList;

/// <summary>Which cards are looked for; all that is given together. What is null is not asked.</summary>
/// <param name="Number">First characters, with the plus or without; so with the other three.</param>
/// <param name="Any">First characters of any of the four.</param>
/// <param name="Carriers">Codes of packs, or names as given where there is none.</param>
/// <param name="Tags">Any of them.</param>
/// <param name="Closed">Cards with a line that is closed, or with one that is not.</param>
public sealed record CardFilter(
    string? Number, string? Iccid, string? Eid, string? Owner, string? Any, IReadOnlyList<string>? Carriers, IReadOnlyList<string>? Tags, bool? Closed)
{
    /// <summary>One text for one meaning: what a cursor is bound to.</summary>
    public string Binding => "cards|" + JsonSerializer.Serialize<object?[]>([Number, Iccid, Eid, Owner, Any, InOrder(Carriers), InOrder(Tags), Closed]);

    private static string[]? InOrder(IReadOnlyList<string>? values) => values is null ? null : [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>Finds cards by the first characters of what they are known by, in the order of their ids, which is that of their registering.</summary>
public sealed class CardSearch(TenantDatabase database)
{
    /// <summary>Cards that are looked up one by one and sorted. Of more, cards are gone through in order, for every few of them fit.</summary>
    private const int MostLookedUp = 2_000;

    /// <summary>Cards in order that have a line as asked for, after one.</summary>
    /// <param name="after">Exclusive; <see cref="Guid.Empty"/>: from the first.</param>
    /// <remarks>A line that time has changed since its row was written may come though it is, or is no more, closed: who asks looks at it.</remarks>
    public async Task<IReadOnlyList<Guid>> Cards(TenantId tenant, CardFilter filter, Guid after, Instant now, int limit, CancellationToken cancel)
    {
        var ways = Ways(filter).Count();
        var sizes = ways == 0 ? [] : await database.Query(tenant, [ByIndexes(), Sizes(tenant, filter)], async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            await reader.ReadAsync(stop);
            return Enumerable.Range(0, ways).Select(reader.GetInt64).ToList();
        }, cancel);
        var narrowest = ways > 0 && sizes.Min() < MostLookedUp ? sizes.IndexOf(sizes.Min()) : (int?)null;
        return await database.Query(tenant, [ByIndexes(), Found(tenant, filter, narrowest, after, now, limit)], async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            var cards = new List<Guid>();
            while (await reader.ReadAsync(stop)) cards.Add(reader.GetGuid(0));
            return (IReadOnlyList<Guid>)cards;
        }, cancel);
    }

    /// <summary>As for pages of the due list, but what is looked up may be sorted.</summary>
    private static NpgsqlBatchCommand ByIndexes() => new("select set_config('enable_bitmapscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)");

    /// <summary>The parts of the filter that have indexes: each a select of all cards, open and closed, that one of them finds.</summary>
    private static IEnumerable<Func<SearchBuilder, string>> Ways(CardFilter filter)
    {
        if (filter.Number is { } number) yield return s => ByName(s, "number", Full(number));
        if (filter.Iccid is { } iccid) yield return s => ByName(s, "iccid", iccid);
        if (filter.Eid is { } eid) yield return s => ByName(s, "eid", eid);
        if (filter.Owner is { } owner) yield return s => ByOwner(s, owner);
        if (filter.Any is { } any)
        {
            yield return s => string.Join(" union all ", ByName(s, "number", Full(any)), ByName(s, "iccid", any), ByName(s, "eid", any), ByOwner(s, any));
        }
        if (filter.Tags is { } tags)
        {
            yield return s => $"select r.card_id from unnest({s.Next(tags.ToArray())}::text[]) v (value) cross join lateral (select f.line_id from line_facets f where f.tenant_id = $1 and f.facet = 'tag' and f.value = v.value offset 0) f join card_standing r on r.tenant_id = $1 and r.line_id = f.line_id";
        }
    }

    /// <summary>What is not closed holds its names in reservations; what is closed may have given them back.</summary>
    private static string ByName(SearchBuilder s, string name, string prefix) =>
        $"select r.stream_id as card_id from reservations r where r.tenant_id = $1 and r.kind = '{name}' and {s.Begins("r.value", prefix)} union all select r.card_id from card_standing r where r.tenant_id = $1 and r.closed and {s.Begins($"r.{name}", prefix)}";

    // Open and closed lines have an index on the owner each.
    private static string ByOwner(SearchBuilder s, string prefix) =>
        $"select r.card_id from card_standing r where r.tenant_id = $1 and not r.closed and {s.Begins("r.owner", prefix)} union all select r.card_id from card_standing r where r.tenant_id = $1 and r.closed and {s.Begins("r.owner", prefix)}";

    /// <summary>How many each way finds, up to <see cref="MostLookedUp"/>; one row, a column each.</summary>
    private static NpgsqlBatchCommand Sizes(TenantId tenant, CardFilter filter)
    {
        var statement = new SearchBuilder(tenant);
        return statement.Command("select " + string.Join(", ", Ways(filter).Select(way => $"(select count(*) from (select from ({way(statement)}) w limit {MostLookedUp}) c)")));
    }

    private static NpgsqlBatchCommand Found(TenantId tenant, CardFilter filter, int? by, Guid after, Instant now, int limit)
    {
        var statement = new SearchBuilder(tenant);
        var place = statement.Next(after);
        var rows = by is { } way
            // OFFSET 0: each card found is looked up by its key, whatever else might be thought of.
            ? $"(select distinct w.card_id from ({Ways(filter).ElementAt(way)(statement)}) w where w.card_id > {place}) f cross join lateral (select * from card_standing r where r.tenant_id = $1 and r.card_id = f.card_id offset 0) s"
            : "card_standing s";
        var sql = new StringBuilder().Append(CultureInfo.InvariantCulture, $"select s.card_id from {rows} where s.tenant_id = $1 and s.card_id > {place}");
        if (filter.Number is { } number) sql.Append(CultureInfo.InvariantCulture, $" and {statement.Begins("s.number", Full(number))}");
        if (filter.Iccid is { } iccid) sql.Append(CultureInfo.InvariantCulture, $" and {statement.Begins("s.iccid", iccid)}");
        if (filter.Eid is { } eid) sql.Append(CultureInfo.InvariantCulture, $" and {statement.Begins("s.eid", eid)}");
        if (filter.Owner is { } owner) sql.Append(CultureInfo.InvariantCulture, $" and {statement.Begins("s.owner", owner)}");
        if (filter.Any is { } any)
        {
            sql.Append(CultureInfo.InvariantCulture, $" and ({statement.Begins("s.number", Full(any))} or {statement.Begins("s.iccid", any)} or {statement.Begins("s.eid", any)} or {statement.Begins("s.owner", any)})");
        }
        if (filter.Carriers is { } carriers) sql.Append(CultureInfo.InvariantCulture, $" and s.carrier = any ({statement.Next(carriers.ToArray())})");
        if (filter.Tags is { } tags) sql.Append(CultureInfo.InvariantCulture, $" and s.tags && {statement.Next(tags.ToArray())}");
        if (filter.Closed is { } closed) sql.Append(CultureInfo.InvariantCulture, $" and (s.closed = {statement.Next(closed)} or s.next_change_at <= {statement.Next(now.ToDateTimeUtc())})");
        return statement.Command(sql.Append(CultureInfo.InvariantCulture, $" group by s.card_id order by s.card_id limit {limit}").ToString());
    }

    private sealed class SearchBuilder(TenantId tenant) : StatementBuilder(tenant)
    {
        /// <summary>By range, which "C" orders as the index does.</summary>
        public string Begins(string column, string prefix) =>
            After(prefix) is { } end ? $"({column} >= {Next(prefix)} and {column} < {Next(end)})" : $"{column} >= {Next(prefix)}";
    }

    // A plus that a client did not escape came as a space.
    private static string Full(string number) => $"+{number.TrimStart('+', ' ')}";

    /// <summary>The first text after all that begin with the prefix, by code points as UTF-8 orders them; null: there is none.</summary>
    internal static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        for (var last = runes.Count - 1; last >= 0; last--)
        {
            if (runes[last].Value == 0x10FFFF) continue;
            var next = runes[last].Value == 0xD7FF ? 0xE000 : runes[last].Value + 1;
            return string.Concat(runes.Take(last).Append(new Rune(next)));
        }
        return null;
    }
}
