using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SimLedger.Server.Hosting;
using SimLedger.Server.LocalPostgres;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>A PostgreSQL of one test's own, that can lose its power and be started again on what its disk holds.</summary>
public sealed class KillablePostgres : IAsyncDisposable
{
    private const string Name = "kill_run";
    private static int _count;

    private readonly string _folder;
    private PostgresServer _server;

    private KillablePostgres(string folder, PostgresServer server) => (_folder, _server) = (folder, server);

    public int Port => _server.Port;

    public string App => _server.ConnectionString("simledger_app", Name);

    public string Superuser => _server.ConnectionString(PostgresServer.Administrator, Name);

    public static async Task<KillablePostgres> Start()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"simledger-kill-run-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        var postgres = new KillablePostgres(folder, await Launch(folder));
        await postgres._server.Prepare(Name, CancellationToken.None);
        await Database.Migrate(postgres.Superuser, TimeProvider.System, CancellationToken.None);
        await postgres._server.SetPasswords(CancellationToken.None);
        return postgres;
    }

    /// <summary>kill -9 of the postmaster; its backends find themselves orphaned and end. Starts it again, which recovers from the log.</summary>
    /// <remarks>The port may be another one afterwards: clients come by a <see cref="CuttingProxy"/>, whose port stays.</remarks>
    public async Task KillAndStartAgain()
    {
        var pid = int.Parse((await File.ReadAllLinesAsync(Path.Combine(_folder, "pg", "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        using var postmaster = Process.GetProcessById(pid);
        postmaster.Kill();
        await postmaster.WaitForExitAsync();
        await _server.DisposeAsync();
        _server = await Launch(_folder);
    }

    /// <summary>Runs a statement past all walls and reads all its rows.</summary>
    public async Task<List<T>> Read<T>(string sql, Func<NpgsqlDataReader, T> row)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Superuser) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(row(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<PostgresServer> Launch(string folder) =>
        PostgresServer.Start(new PostgresServerOptions { DataFolder = folder }, _ => { }, CancellationToken.None);
}
