using System.Diagnostics;
using Npgsql;
using SimLedger.Server.LocalPostgres;

namespace SimLedger.IntegrationTests.LocalPostgres;

/// <summary>Each test has a data folder of its own, and ends what it started.</summary>
public sealed class OwnPostgres : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"simledger-own-{Guid.NewGuid():N}");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (File.Exists(PidFile))
        {
            await using var left = await Start(); // Takes over what a test left behind, and ends it.
        }
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private string PidFile => Path.Combine(_folder, "pg", "postmaster.pid");

    [Fact]
    public async Task What_was_stored_is_there_after_a_restart()
    {
        await using (var first = await Start())
        {
            await first.Prepare("kept", default);
            await Run(first, "create table t as select 7 as n");
        }
        Assert.False(File.Exists(PidFile));

        await using var second = await Start();
        Assert.Equal(7, await Run(second, "select n from t"));
    }

    [Fact]
    public async Task A_killed_postgresql_recovers_at_the_next_start()
    {
        await using (var first = await Start())
        {
            await first.Prepare("kept", default);
            await Run(first, "create table t as select 7 as n");
            KillPostmaster();
        }

        await using var second = await Start();
        Assert.Equal(7, await Run(second, "select n from t"));
    }

    [Fact]
    public async Task The_folder_has_one_owner_and_others_may_attach()
    {
        await using var owner = await Start();

        var refused = await Assert.ThrowsAsync<LocalPostgresException>(Start);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message);

        await using (var attached = await Start(new PostgresServerOptions { DataFolder = _folder, MayAttach = true }))
        {
            Assert.True(attached.Attached);
            Assert.Equal(owner.Port, attached.Port);
        }
        Assert.True(File.Exists(PidFile), "The attached one ended, the owner's PostgreSQL goes on.");
    }

    [Fact]
    public async Task The_postgresql_of_a_killed_server_is_taken_over()
    {
        var data = new Dictionary<string, string> { ["SIMLEDGER_DATA"] = _folder };
        var server = await ServerProcess.Serve(null, data);
        var pid = await File.ReadAllTextAsync(PidFile);
        await server.Kill();

        await using (var next = await ServerProcess.Serve(null, data))
        {
            Assert.Equal(pid, await File.ReadAllTextAsync(PidFile));
            Assert.Contains("Took over", next.Output);
        }
        Assert.False(File.Exists(PidFile), "Ended in order, PostgreSQL ends with it.");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_server_ends_itself_and_its_postgresql_when_told_to(string signal)
    {
        var server = await ServerProcess.Serve(null, new Dictionary<string, string> { ["SIMLEDGER_DATA"] = _folder });

        Assert.Equal(0, await server.Stop(signal));
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task A_folder_of_another_version_is_told_with_the_cure()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "pg"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "pg", "PG_VERSION"), "9\n");

        var refused = await Assert.ThrowsAsync<LocalPostgresException>(Start);
        Assert.Contains("PostgreSQL 9", refused.Message);
        Directory.Delete(Path.Combine(_folder, "pg"), recursive: true);
    }

    [Fact]
    public async Task A_half_made_folder_is_made_again()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "simledger-initdb-half", "pg"));

        await using var server = await Start();

        Assert.Empty(Directory.GetDirectories(_folder, "simledger-initdb-*"));
    }

    [Fact]
    public async Task A_folder_that_postgresqls_user_cannot_reach_is_named()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return; // Only root runs PostgreSQL as somebody else.
        var closed = Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

        var refused = await Assert.ThrowsAsync<LocalPostgresException>(() => Start(new PostgresServerOptions { DataFolder = Path.Combine(closed, "data") }));
        Assert.Contains(closed, refused.Message);
    }

    [Fact]
    public async Task Its_log_tells_of_errors_but_not_the_values_of_the_rows()
    {
        const string number = "+639170000123";
        await using var server = await Start();
        await server.Prepare("kept", default);
        await Run(server, "create table t (number text constraint t_number_taken unique)");
        await Run(server, "insert into t values ($1)", number);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Run(server, "insert into t values ($1)", number));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
        var log = await File.ReadAllTextAsync(Path.Combine(_folder, "log", "postgres.log"));
        Assert.Contains("t_number_taken", log, StringComparison.Ordinal);
        Assert.DoesNotContain(number, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_installed_one_npm_brings_it()
    {
        var environment = new Dictionary<string, string> { ["SIMLEDGER_DATA"] = _folder, [PostgresBinariesOverride] = "npm" };

        var (code, output, errors) = await ServerProcess.Run(["tenant", "create", "acme"], null, environment);

        Assert.True(code == 0, errors);
        Assert.StartsWith("slk_live_", output.TrimEnd().Split('\n')[^1]);
        Assert.Equal("18", (await File.ReadAllTextAsync(Path.Combine(_folder, "pg", "PG_VERSION"))).Trim());
    }

    private const string PostgresBinariesOverride = "SIMLEDGER_POSTGRES_BIN";

    private Task<PostgresServer> Start() => Start(new PostgresServerOptions { DataFolder = _folder });

    private static Task<PostgresServer> Start(PostgresServerOptions options) => PostgresServer.Start(options, _ => { }, CancellationToken.None);

    private void KillPostmaster()
    {
        using var postmaster = Process.GetProcessById(int.Parse(File.ReadLines(PidFile).First(), System.Globalization.CultureInfo.InvariantCulture));
        postmaster.Kill();
        postmaster.WaitForExit(TimeSpan.FromSeconds(10));
    }

    private static async Task<object?> Run(PostgresServer server, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(PostgresServer.Administrator, "kept") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync();
    }
}
