using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>Who holds a name: the way from a phone number or an ICCID to its stream.</summary>
public sealed class HeldNames(TenantDatabase database)
{
    private const string HoldersSql = """
        select r.kind, r.value, r.stream_id
        from unnest($2::text[], $3::text[]) as n (kind, value)
        join lateral (select * from reservations r where r.tenant_id = $1 and r.kind = n.kind and r.value = n.value limit 1) r on true
        """;

    /// <returns>The streams that hold the names; names that nobody holds are absent.</returns>
    public Task<IReadOnlyDictionary<Reservation, Guid>> Holders(TenantId tenant, IReadOnlyCollection<Reservation> names, CancellationToken cancel)
    {
        var command = new NpgsqlBatchCommand(HoldersSql)
        {
            Parameters =
            {
                new() { Value = tenant.Value }, new() { Value = names.Select(n => n.Kind).ToArray() }, new() { Value = names.Select(n => n.Value).ToArray() },
            },
        };
        return database.Query(tenant, [command], async (reader, stop) =>
        {
            var holders = new Dictionary<Reservation, Guid>();
            while (await reader.ReadAsync(stop)) holders[new Reservation(reader.GetString(0), reader.GetString(1))] = reader.GetGuid(2);
            return (IReadOnlyDictionary<Reservation, Guid>)holders;
        }, cancel);
    }
}
