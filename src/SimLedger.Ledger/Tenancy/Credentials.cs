using Npgsql;

namespace SimLedger.Ledger.Tenancy;

/// <summary>Who a key speaks for.</summary>
/// <param name="Scopes">Sorted.</param>
public sealed record Credential(Guid Id, TenantId Tenant, string Name, IReadOnlyList<string> Scopes);

/// <param name="RevokedAt">Null while it is good.</param>
public sealed record CredentialListing(Guid Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>Keys of the organisations, by their SHA-256. The keys themselves are never stored.</summary>
public sealed class Credentials
{
    private const string FindSql = "select tenant_id, credential_id, name, scopes, n from credentials_of($1)";

    private const string AddSql = """
        insert into credentials (key_hash, tenant_id, credential_id, name, scopes, created_at)
        select $1, h.tenant_id, $3, $4, $5, $6 from tenant_heads h where h.tenant_id = $2
        """;

    private const string RevokeSql = "update credentials set revoked_at = $3 where tenant_id = $1 and credential_id = $2 and revoked_at is null";

    private const string IsGoodSql = "select exists (select from credentials where tenant_id = $1 and credential_id = $2 and revoked_at is null)";

    private const string ListSql = """
        select credential_id, name, scopes, created_at, revoked_at from credentials where tenant_id = $1 order by created_at, credential_id limit 1000
        """;

    private readonly TenantDatabase _database;
    private readonly TimeProvider _clock;
    private readonly Coalescer<byte[], Credential?> _looks;

    public Credentials(TenantDatabase database, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        _looks = new Coalescer<byte[], Credential?>(FindTogether, clock);
    }

    /// <summary>Whose key is this? Asked of the database for every request, so that a revoked key ends at once; requests at the same time share round trips.</summary>
    /// <returns>Null: nobody's, or revoked.</returns>
    public Task<Credential?> Find(ReadOnlyMemory<byte> keyHash, CancellationToken cancel) => _looks.Ask(keyHash.ToArray(), cancel);

    /// <summary>Has a key that was found before not been revoked since? For answers that go on for minutes.</summary>
    public Task<bool> IsGood(Credential credential, CancellationToken cancel)
    {
        var look = new NpgsqlBatchCommand(IsGoodSql) { Parameters = { new() { Value = credential.Tenant.Value }, new() { Value = credential.Id } } };
        return _database.Query(credential.Tenant, [look], async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0), cancel);
    }

    /// <returns>False: there is no such organisation.</returns>
    public async Task<bool> Add(TenantId tenant, Guid id, string name, IEnumerable<string> scopes, ReadOnlyMemory<byte> keyHash, CancellationToken cancel)
    {
        var add = new NpgsqlBatchCommand(AddSql)
        {
            Parameters =
            {
                new() { Value = keyHash.ToArray() }, new() { Value = tenant.Value }, new() { Value = id }, new() { Value = name },
                new() { Value = scopes.Order(StringComparer.Ordinal).ToArray() }, new() { Value = _clock.GetUtcNow().UtcDateTime },
            },
        };
        return await _database.Execute(tenant, add, cancel) == 1;
    }

    /// <returns>False: the organisation has no such key that is still good.</returns>
    public async Task<bool> Revoke(TenantId tenant, Guid id, CancellationToken cancel)
    {
        var revoke = new NpgsqlBatchCommand(RevokeSql) { Parameters = { new() { Value = tenant.Value }, new() { Value = id }, new() { Value = _clock.GetUtcNow().UtcDateTime } } };
        return await _database.Execute(tenant, revoke, cancel) == 1;
    }

    /// <summary>The organisation's keys, oldest first, at most 1,000.</summary>
    public Task<IReadOnlyList<CredentialListing>> List(TenantId tenant, CancellationToken cancel)
    {
        var list = new NpgsqlBatchCommand(ListSql) { Parameters = { new() { Value = tenant.Value } } };
        return _database.Query(tenant, [list], async (reader, stop) =>
        {
            var keys = new List<CredentialListing>();
            while (await reader.ReadAsync(stop))
            {
                keys.Add(new CredentialListing(
                    reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<DateTimeOffset>(3),
                    reader.IsDBNull(4) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(4)));
            }
            return (IReadOnlyList<CredentialListing>)keys;
        }, cancel);
    }

    private async Task<IReadOnlyList<Credential?>> FindTogether(IReadOnlyList<byte[]> keyHashes)
    {
        await using var connection = await _database.OpenConnection(CancellationToken.None);
        await using var command = new NpgsqlCommand(FindSql, connection) { Parameters = { new() { Value = keyHashes.ToArray() } } };
        await using var reader = await command.ExecuteReaderAsync();
        var found = new Credential?[keyHashes.Count];
        while (await reader.ReadAsync())
        {
            found[(int)reader.GetInt64(4) - 1] = new Credential(reader.GetGuid(1), TenantId.Of(reader.GetString(0)), reader.GetString(2), reader.GetFieldValue<string[]>(3));
        }
        return found;
    }
}
