using Npgsql;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>A database with two organisations, acme and globex, that have one row each in every table with a tenant_id.</summary>
public sealed class TwoOrganisations : IAsyncLifetime
{
    /// <summary>Not there when a transaction of the connection never named tenants.</summary>
    public const string Unset = "(unset)";

    /// <summary>What the setting is after a transaction that named tenants: an empty string, not null.</summary>
    public const string LeftBehind = "(left behind)";

    /// <summary>How the row of an organisation is written, for each table; {0} is the organisation. A new table with a tenant_id needs its row here.</summary>
    private static readonly Dictionary<string, string> Rows = new()
    {
        ["tenant_heads"] = "(tenant_id, recorded_at, created_at) values ('{0}', now(), now())",
        ["events"] = """
            (tenant_id, position, stream_id, version, event_id, type, data, salt, digest, recorded_at, actor, origin)
            values ('{0}', 1, gen_random_uuid(), 1, gen_random_uuid(), 'Happened', '{{"secret":"{0}"}}', '\x00', sha256('{0}'), now(), 'key:{0}', 'test')
            """,
        ["idempotency"] = "(tenant_id, key, request_hash, result, position, expires_at) values ('{0}', 'k', '\\x00', '{{}}', 1, now() + interval '1 day')",
        ["reservations"] = "(tenant_id, kind, value, stream_id) values ('{0}', 'number', 'number-of-{0}', gen_random_uuid())",
        ["rule_packs"] = "(tenant_id, code, revision, hash, body, published_at, actor) values ('{0}', 'pack', 1, sha256('{0}'), '{0}', now(), 'key:{0}')",
        ["credentials"] = "(key_hash, tenant_id, credential_id, name, scopes, created_at) values (sha256('key of {0}'), '{0}', gen_random_uuid(), '{0}', '{{read}}', now())",
        ["jobs"] = "(tenant_id, job_id, kind, subject, state, request, actor, created_at) values ('{0}', gen_random_uuid(), 'impact', 'of {0}', 'queued', '{{}}', 'key:{0}', now())",
        ["import_files"] = "(tenant_id, job_id, kind, chunk, bytes, created_at) values ('{0}', gen_random_uuid(), 'file', 0, '{0}', now())",
        ["card_standing"] = """
            (tenant_id, line_id, card_id, zone, stage, band, due_on, rank, closed, flags, ladder, stream_version, rules_revision)
            values ('{0}', '00000000-0000-0000-0000-000000000001', gen_random_uuid(), 'Asia/Manila', 'active', 1, '2030-01-01', 1, false, '{{}}', '[]', 1, 1)
            """,
        ["line_facets"] = """
            (tenant_id, line_id, facet, value, closed, band, due_on, rank)
            values ('{0}', '00000000-0000-0000-0000-000000000001', 'tag', 'of {0}', false, 1, '2030-01-01', 1)
            """,
        ["standing_marks"] = "(tenant_id, written) values ('{0}', 1)",
    };

    public TestDatabase Database { get; private set; } = null!;

    public static IEnumerable<string> Tables => Rows.Keys;

    public static string Insert(string table, string tenant) => $"insert into {table} {string.Format(null, Rows[table], tenant)}";

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Create();
        foreach (var table in Tables)
        {
            foreach (var tenant in new[] { "acme", "globex" }) await Database.Tamper(Insert(table, tenant));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Runs one statement as the role, in a transaction that has the setting so, and commits it.</summary>
    /// <returns>The first value of a query, or the rows written; or the SQLSTATE of the refusal.</returns>
    public async Task<object?> Try(string role, string setting, string sql)
    {
        // No pool: a connection whose setting was never made is one that has just been opened.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.As(role)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        if (setting == LeftBehind)
        {
            await using var earlier = await connection.BeginTransactionAsync();
            await Name(connection, "globex");
            await earlier.CommitAsync();
        }
        await using var transaction = await connection.BeginTransactionAsync();
        if (setting is not (Unset or LeftBehind)) await Name(connection, setting);
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            object? answer = await reader.ReadAsync() ? reader.GetValue(0) : null;
            await reader.CloseAsync();
            await transaction.CommitAsync();
            return answer ?? (long)reader.RecordsAffected;
        }
        catch (PostgresException refusal)
        {
            return refusal.SqlState;
        }
    }

    /// <summary>All that the organisation has in the table, as one text.</summary>
    public async Task<string> Content(string table, string tenant) =>
        (string)(await Database.Tamper($"select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {table} t where tenant_id = '{tenant}'"))!;

    private static async Task Name(NpgsqlConnection connection, string tenants)
    {
        await using var name = new NpgsqlCommand("select set_config('simledger.tenants', $1, true)", connection) { Parameters = { new() { Value = tenants } } };
        await name.ExecuteNonQueryAsync();
    }
}
