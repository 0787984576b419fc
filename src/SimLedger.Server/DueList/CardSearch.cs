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
    /// <summary>Cards in order that have a line as asked for, after one.</summary>
    /// <param name="after">Exclusive; <see cref="Guid.Empty"/>: from the first.</param>
    /// <remarks>A line that time has changed since its row was written may come though it is, or is no more, closed: who asks looks at it.</remarks>
    public Task<IReadOnlyList<Guid>> Cards(TenantId tenant, CardFilter filter, Guid after, Instant now, int limit, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder("select s.card_id from card_standing s where s.tenant_id = $1 and s.card_id > $2");
        Next(tenant.Value);
        Next(after);
        if (filter.Number is { } number) sql.Append(CultureInfo.InvariantCulture, $" and {Begins("s.number", Full(number))}");
        if (filter.Iccid is { } iccid) sql.Append(CultureInfo.InvariantCulture, $" and {Begins("s.iccid", iccid)}");
        if (filter.Eid is { } eid) sql.Append(CultureInfo.InvariantCulture, $" and {Begins("s.eid", eid)}");
        if (filter.Owner is { } owner) sql.Append(CultureInfo.InvariantCulture, $" and {OwnerBegins(owner)}");
        if (filter.Any is { } any)
        {
            sql.Append(CultureInfo.InvariantCulture, $" and ({Begins("s.number", Full(any))} or {Begins("s.iccid", any)} or {Begins("s.eid", any)} or {OwnerBegins(any)})");
        }
        if (filter.Carriers is { } carriers) sql.Append(CultureInfo.InvariantCulture, $" and s.carrier = any ({Next(carriers.ToArray())})");
        if (filter.Tags is { } tags)
        {
            sql.Append(CultureInfo.InvariantCulture, $" and s.line_id in (select f.line_id from line_facets f where f.tenant_id = $1 and f.facet = 'tag' and f.value = any ({Next(tags.ToArray())}))");
        }
        if (filter.Closed is { } closed) sql.Append(CultureInfo.InvariantCulture, $" and (s.closed = {Next(closed)} or s.next_change_at <= {Next(now.ToDateTimeUtc())})");
        sql.Append(CultureInfo.InvariantCulture, $" group by s.card_id order by s.card_id limit {Next(limit)}");
        command.CommandText = sql.ToString();
        // A plan made for any first characters would be made for too many or too few.
        return database.Query(tenant, [new NpgsqlBatchCommand("select set_config('plan_cache_mode', 'force_custom_plan', true)"), command], async (reader, stop) =>
        {
            await reader.NextResultAsync(stop);
            var cards = new List<Guid>();
            while (await reader.ReadAsync(stop)) cards.Add(reader.GetGuid(0));
            return (IReadOnlyList<Guid>)cards;
        }, cancel);

        string Next(object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }

        // By range, which "C" orders as the index does.
        string Begins(string column, string prefix) =>
            After(prefix) is { } end ? $"({column} >= {Next(prefix)} and {column} < {Next(end)})" : $"{column} >= {Next(prefix)}";

        // Open and closed lines have an index on the owner each.
        string OwnerBegins(string prefix) => $"((not s.closed and {Begins("s.owner", prefix)}) or (s.closed and {Begins("s.owner", prefix)}))";
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
