using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;
using SimLedger.Server.LocalPostgres;

namespace SimLedger.IntegrationTests;

/// <summary>
/// A fresh, migrated database in a real PostgreSQL that the tests start themselves, once, and end with the process.
/// </summary>
public sealed class TestDatabase
{
    // Not by process id alone: ids come again, and a run that was killed leaves its folder behind.
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"simledger-tests-{Environment.ProcessId}-{Guid.NewGuid():N}");
    private static readonly Lazy<Task<PostgresServer>> Server = new(StartServer);
    /// <summary>Roles belong to the whole server: two databases being prepared at once would alter them under each other's hands.</summary>
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private static int _count;

    private TestDatabase(PostgresServer server, string name) => (Postgres, Name) = (server, name);

    public PostgresServer Postgres { get; }

    public string Name { get; }

    /// <summary>As the server works: no rights beyond its own.</summary>
    public string App => Postgres.ConnectionString("simledger_app", Name);

    /// <summary>Sees and may do all; for looking behind the walls and for tampering.</summary>
    public string Superuser => Postgres.ConnectionString(PostgresServer.Administrator, Name);

    public string As(string role) => Postgres.ConnectionString(role, Name);

    public static async Task<TestDatabase> Create()
    {
        var server = await Server.Value;
        var database = new TestDatabase(server, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}");
        await OneAtATime.WaitAsync();
        try
        {
            await server.Prepare(database.Name, CancellationToken.None);
            await Database.Migrate(database.Superuser, TimeProvider.System, CancellationToken.None);
            await server.SetPasswords(CancellationToken.None);
        }
        finally
        {
            OneAtATime.Release();
        }
        return database;
    }

    public TenantDatabase Open() => TenantDatabase.Open(App);

    public static async Task CreateTenant(TenantDatabase database, string name) =>
        Assert.True(await new Tenants(database, TimeProvider.System).Create(TenantId.Of(name), CancellationToken.None));

    /// <summary>Runs a statement past all walls.</summary>
    public async Task<object?> Tamper(string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends the tests' PostgreSQL; after the last test.</summary>
    internal static async Task End()
    {
        if (!Server.IsValueCreated) return;
        await (await Server.Value).DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static Task<PostgresServer> StartServer() =>
        PostgresServer.Start(new PostgresServerOptions { DataFolder = Folder, Settings = ["max_connections=300"] }, _ => { }, CancellationToken.None);
}
