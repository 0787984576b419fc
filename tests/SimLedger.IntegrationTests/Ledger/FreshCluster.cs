using Npgsql;
using SimLedger.Server.Hosting;
using SimLedger.Server.LocalPostgres;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>The first migrations of a cluster, where the roles are not there yet. It needs a PostgreSQL of its own: roles are a cluster's.</summary>
public sealed class FreshCluster : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"simledger-tests-{Environment.ProcessId}-fresh-{Guid.NewGuid():N}");
    private PostgresServer _server = null!;

    public async Task InitializeAsync() => _server = await PostgresServer.Start(new PostgresServerOptions { DataFolder = _folder }, _ => { }, default);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task First_migrations_at_once_in_several_databases_all_succeed()
    {
        string[] names = ["one", "two", "three", "four"];
        foreach (var name in names) await _server.Prepare(name, default);

        await Task.WhenAll(names.Select(name => Database.Migrate(_server.ConnectionString(PostgresServer.Administrator, name), TimeProvider.System, default)));

        foreach (var name in names) await IsMigrated(name);
    }

    /// <summary>Where PostgreSQL is rented, the administrator is no superuser.</summary>
    [Fact]
    public async Task An_administrator_who_is_no_superuser_migrates_too()
    {
        await Run("postgres", "create role admin login createrole createdb password 'a-test'");
        await Run("postgres", "create database rented owner admin");
        var admin = new NpgsqlConnectionStringBuilder(_server.ConnectionString(PostgresServer.Administrator, "rented")) { Username = "admin", Password = "a-test" }.ConnectionString;

        await Database.Migrate(admin, TimeProvider.System, default);
        Assert.Empty(await Database.Migrate(admin, TimeProvider.System, default));

        await IsMigrated("rented");
    }

    private async Task IsMigrated(string database) =>
        Assert.Equal((long)Database.Migrations.Count, await Run(database, "select count(*) from schema_migrations"));

    private async Task<object?> Run(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString(PostgresServer.Administrator, database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
