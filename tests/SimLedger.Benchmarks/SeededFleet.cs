using System.Globalization;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>Cards with one line each and five facts on average, as an organisation of many years has them, written into the tables of the ledger directly.</summary>
internal static class SeededFleet
{
    /// <summary>
    /// Ids rise with time, as those of the ledger do. A card's first three facts lie together; what came later lies among that of all other cards.
    /// The chain is not made: who measures here does not verify it.
    /// </summary>
    private const string FactsSql = """
        with cards as materialized (
            select i, (lpad(to_hex(1600000000000 + i * 1000::bigint), 12, '0') || '7' || substr(md5('c' || i), 1, 3) || '8' || substr(md5('c' || i), 4, 15))::uuid as card,
                   (lpad(to_hex(1600000000000 + i * 1000::bigint), 12, '0') || '7' || substr(md5('l' || i), 1, 3) || '8' || substr(md5('l' || i), 4, 15))::uuid as line,
                   '+639' || lpad(i::text, 9, '0') as number, '8963' || lpad(i::text, 15, '0') as iccid,
                   (array['ph-tm', 'hk-cmhk', 'gb-giffgaff', 'us-tello', 'id-telkomsel'])[1 + i % 5] as carrier,
                   (array['prepaid', 'one-card-two-numbers', 'payg', 'payg', 'prepaid'])[1 + i % 5] as product,
                   (array['PHP', 'HKD', 'GBP', 'USD', 'IDR'])[1 + i % 5] as currency, (array['300', '50', '10', '10', '25000'])[1 + i % 5] as amount,
                   now() - make_interval(days => 30 + i % 60 * 7919 % 60) as newest
            from generate_series(1, {0}) i),
        facts as (
            select c.i, c.card, 0 as round, v.version, v.type, v.data
            from cards c cross join lateral (values
                (1, 'CardRegistered', format('{"carrier":"%s","formFactor":"physical","iccid":"%s"}', c.carrier, c.iccid)),
                (2, 'LineAttached', format('{"lineId":"%s","product":"%s"}', c.line, c.product)),
                (3, 'NumberAssigned', format('{"lineId":"%s","number":"%s"}', c.line, c.number))) v (version, type, data)
            union all
            select c.i, c.card, n, 3 + n, 'ToppedUp', format(
                '{"lineId":"%s","at":"%s","amount":"%s","currency":"%s","orderNumber":"A-%s-%s"}', c.line,
                to_char((c.newest - make_interval(days => 30 * (k.many - n))) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), c.amount, c.currency, c.i, n)
            from cards c cross join lateral (select case c.i % 2 when 0 then 3 else 1 end as many) k cross join lateral generate_series(1, k.many) n)
        insert into events (tenant_id, position, stream_id, version, event_id, type, data, salt, digest, recorded_at, actor, origin)
        select 'tenant-1', row_number() over (order by f.round, f.i, f.version), f.card, f.version, gen_random_uuid(), f.type, f.data::json, uuid_send(gen_random_uuid()),
               sha256(uuid_send(gen_random_uuid())), now(), 'key:01a1fc89-ef57-7353-acf9-0e0666a6fd0f', 'api'
        from facts f
        """;

    private const string HeadSql = "update tenant_heads set position = (select max(position) from events where tenant_id = 'tenant-1') where tenant_id = 'tenant-1'";

    /// <summary>Facts of a line, on average.</summary>
    public const int FactsOfLine = 5;

    /// <summary>A fresh database with one organisation, tenant-1, that has so many lines' facts and no standings yet.</summary>
    public static async Task<string> CreateDatabase(Bench bench, int lines)
    {
        var name = await bench.CreateDatabase();
        await using (var database = TenantDatabase.Open(bench.App(name))) await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(1), CancellationToken.None);
        await Write(bench.Superuser(name), lines);
        return name;
    }

    /// <param name="connection">Of the superuser; the organisation tenant-1 exists and has no facts.</param>
    public static async Task Write(string connection, int lines)
    {
        var patient = new NpgsqlConnectionStringBuilder(connection) { Options = "-c work_mem=256MB -c synchronous_commit=off" }.ConnectionString;
        await Bench.Scalar(patient, FactsSql.Replace("{0}", lines.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await Bench.Scalar(patient, HeadSql);
        await Bench.Scalar(patient, "vacuum analyze events");
    }
}
