using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SimLedger.Server.LocalPostgres;

/// <summary>How to run our own PostgreSQL.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Holds everything; null: /var/lib/simledger for root, else simledger in the user's data folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>If another process of ours runs it already, use it, and leave it running. For verbs beside the server.</summary>
    public bool MayAttach { get; init; }

    /// <summary>Further settings of PostgreSQL, as name=value.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}

/// <summary>
/// A PostgreSQL of our own on the loopback address: made at first use, ended with us, taken over when a killed server left it behind.
/// Folder: pg (its data), log, passwords, lock and owner (the process that holds it).
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The bootstrap superuser. The server itself never works as it.</summary>
    public const string Administrator = "simledger_admin";

    private const long LargestLog = 10 * 1024 * 1024;
    private static readonly string[] Roles = [Administrator, "simledger_owner", "simledger_app", "simledger_worker", "simledger_verify", "simledger_backup"];
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly PostgresBinaries? _binaries;
    private readonly PostgresUser _user;
    private readonly FileStream? _lock;
    private readonly Dictionary<string, string> _passwords;

    private PostgresServer(string folder, PostgresBinaries? binaries, PostgresUser user, FileStream? folderLock, Dictionary<string, string> passwords, int port) =>
        (_folder, _binaries, _user, _lock, _passwords, Port) = (folder, binaries, user, folderLock, passwords, port);

    public int Port { get; }

    /// <summary>Another process of ours owns it and will end it.</summary>
    public bool Attached => _lock is null;

    private string Data => Path.Combine(_folder, "pg");

    /// <summary>Starts it, or takes over or attaches to the one that runs.</summary>
    /// <param name="say">Gets what a person who waits should know.</param>
    /// <exception cref="LocalPostgresException">It cannot be; what, where and the cure.</exception>
    public static async Task<PostgresServer> Start(PostgresServerOptions options, Action<string> say, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(options.DataFolder ?? DefaultFolder());
        var user = PostgresUser.Choose();
        MakeFolder(folder);
        await user.MustReach(folder, "The data folder", "Open it with chmod a+x, or set SIMLEDGER_DATA to a folder that user can reach.", cancel);
        var folderLock = TryLock(folder);
        if (folderLock is null) return options.MayAttach ? await Attach(folder, user, cancel) : throw InUse(folder);
        try
        {
            return await StartOwned(folder, folderLock, user, options, say, cancel);
        }
        catch
        {
            await folderLock.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string role, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = role, Password = _passwords[role], Database = database, SslMode = SslMode.Disable,
        RequireAuth = "ScramSHA256", // Whoever takes the port after a crash must not be told the password by asking for it in clear.
        MaxPoolSize = 40, // Of the server's max_connections of 200: several processes fit.
    }.ConnectionString;

    /// <summary>Creates the database if it is not there.</summary>
    public async Task Prepare(string database, CancellationToken cancel)
    {
        if (await Scalar($"select 1 from pg_database where datname = '{database}'", cancel) is not null) return;
        try
        {
            await Scalar($"create database {database}", cancel);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // A verb beside us was first.
        }
    }

    /// <summary>Lets the roles that exist log in with the passwords of our folder.</summary>
    public async Task SetPasswords(CancellationToken cancel)
    {
        foreach (var role in Roles.Where(r => r != Administrator))
        {
            if (await Scalar($"select 1 from pg_roles where rolname = '{role}'", cancel) is not null) await Scalar($"alter role {role} login password '{_passwords[role]}'", cancel);
        }
    }

    /// <summary>Ends it, unless it belongs to another process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_lock is null) return;
        try
        {
            var (code, _) = await _user.Run(_binaries!.Tool("pg_ctl"), ["stop", "-D", Data, "-m", "fast", "-w", "-t", "50"], StopTime, CancellationToken.None);
            // What does not end in order is ended at once: it loses nothing, and recovers at the next start.
            if (code != 0) await _user.Run(_binaries.Tool("pg_ctl"), ["stop", "-D", Data, "-m", "immediate", "-w", "-t", "20"], StopTime, CancellationToken.None);
        }
        finally
        {
            await _lock.DisposeAsync();
        }
    }

    private static async Task<PostgresServer> StartOwned(
        string folder, FileStream folderLock, PostgresUser user, PostgresServerOptions options, Action<string> say, CancellationToken cancel)
    {
        var data = Path.Combine(folder, "pg");
        var versionFile = Path.Combine(data, "PG_VERSION");
        int? major = File.Exists(versionFile) ? int.Parse((await File.ReadAllTextAsync(versionFile, cancel)).Trim(), CultureInfo.InvariantCulture) : null;
        var binaries = await PostgresBinaries.Find(major, say, cancel);
        await user.MustReach(binaries.Folder, "PostgreSQL in", "Install it where all users can read it, or set SIMLEDGER_POSTGRES_BIN.", cancel);
        var passwords = Passwords(folder, mayMake: major is null);
        if (major is null) await Initialise(folder, binaries, user, passwords, say, cancel);

        say($"The data is in {folder}.");
        if (await Running(folder, passwords, isOwner: true, cancel) is { } running)
        {
            say($"Took over the PostgreSQL that an earlier server left running on port {running}.");
            return new PostgresServer(folder, binaries, user, folderLock, passwords, running);
        }
        var port = await Launch(folder, binaries, user, options.Settings, cancel);
        return new PostgresServer(folder, binaries, user, folderLock, passwords, port);
    }

    private static async Task<PostgresServer> Attach(string folder, PostgresUser user, CancellationToken cancel)
    {
        for (var tries = 0; tries < 60; tries++) // The owner may be starting just now.
        {
            if (File.Exists(Path.Combine(folder, "passwords")))
            {
                var passwords = Passwords(folder, mayMake: false);
                if (await Running(folder, passwords, isOwner: false, cancel) is { } port) return new PostgresServer(folder, null, user, null, passwords, port);
            }
            await Task.Delay(500, cancel);
        }
        throw new LocalPostgresException($"Another server owns {folder} but its PostgreSQL does not answer. End it (process {Owner(folder)}) and start again.");
    }

    /// <summary>The port of a PostgreSQL that runs on our data; null: none does. One that is still recovering is waited for.</summary>
    private static async Task<int?> Running(string folder, Dictionary<string, string> passwords, bool isOwner, CancellationToken cancel)
    {
        var pidFile = Path.Combine(folder, "pg", "postmaster.pid");
        var deadline = Environment.TickCount64 + (long)StartTime.TotalMilliseconds;
        while (File.Exists(pidFile) && Environment.TickCount64 < deadline)
        {
            var lines = await File.ReadAllLinesAsync(pidFile, cancel);
            if (lines.Length > 0 && !IsPostmasterOf(folder, lines[0]))
            {
                // Its process has gone, or its number now belongs to another: PostgreSQL would refuse to start beside that one. Only who holds
                // the folder's lock may clear it away: a live postmaster ends itself when its file is gone.
                if (isOwner) File.Delete(pidFile);
                return null;
            }
            if (lines.Length >= 4 && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && await Answers(folder, passwords, port, cancel)) return port;
            await Task.Delay(250, cancel);
        }
        return null;
    }

    /// <summary>The process lives and, where the system shows it, works in this folder, however the folder is spelled.</summary>
    private static bool IsPostmasterOf(string folder, string pidText)
    {
        if (!int.TryParse(pidText, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return false;
        if (OperatingSystem.IsLinux())
        {
            var data = Path.Combine(folder, "pg");
            try
            {
                // A postmaster's working directory is its data folder.
                var works = new DirectoryInfo($"/proc/{pid}/cwd").ResolveLinkTarget(returnFinalTarget: true);
                return works is not null && works.FullName == RealPath(data);
            }
            catch (UnauthorizedAccessException)
            {
                return true; // It lives, as another user; whether it is ours its port tells.
            }
            catch (IOException)
            {
                return false; // It has gone.
            }
        }
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>What answers on the port is the cluster of this folder: both tell the same system identifier.</summary>
    private static async Task<bool> Answers(string folder, Dictionary<string, string> passwords, int port, CancellationToken cancel)
    {
        // The first member of pg_control, in every version: an unsigned number of 8 bytes in the machine's order.
        var control = await File.ReadAllBytesAsync(Path.Combine(folder, "pg", "global", "pg_control"), cancel);
        var candidate = new PostgresServer(folder, null, new PostgresUser("", null, null), null, passwords, port);
        try
        {
            var identifier = await candidate.Scalar("select system_identifier::text from pg_control_system()", cancel);
            return identifier is string text && text == ((long)BitConverter.ToUInt64(control)).ToString(CultureInfo.InvariantCulture);
        }
        catch (NpgsqlException)
        {
            return false; // Nothing answers there yet, or it is still recovering, or it is not ours.
        }
    }

    private static async Task Initialise(
        string folder, PostgresBinaries binaries, PostgresUser user, Dictionary<string, string> passwords, Action<string> say, CancellationToken cancel)
    {
        say($"Making a PostgreSQL {binaries.Major} data folder in {folder} …");
        foreach (var half in Directory.EnumerateDirectories(folder, "simledger-initdb-*")) Directory.Delete(half, recursive: true); // Of an initdb that was killed.
        var making = Path.Combine(folder, $"simledger-initdb-{Guid.NewGuid():N}");
        Directory.CreateDirectory(making);
        var passwordFile = Path.Combine(making, "password");
        WriteSecret(passwordFile, passwords[Administrator]);
        await user.Own(making, cancel);
        var target = Path.Combine(making, "pg");
        var (code, output) = await user.Run(
            binaries.Tool("initdb"),
            ["-D", target, "-U", Administrator, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums"], StartTime, cancel);
        if (code != 0) throw new LocalPostgresException($"initdb failed in {folder}: {LastLines(output)}");
        await File.AppendAllTextAsync(Path.Combine(target, "postgresql.conf"), """

            # SimLedger: on the loopback address only, and an acknowledged commit is on disk.
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            max_connections = 200
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            """.ReplaceLineEndings("\n") + "\n", cancel);
        Directory.Move(target, Path.Combine(folder, "pg"));
        Directory.Delete(making, recursive: true);
        var log = Path.Combine(folder, "log");
        Directory.CreateDirectory(log);
        await user.Own(log, cancel);
    }

    private static async Task<int> Launch(string folder, PostgresBinaries binaries, PostgresUser user, IReadOnlyList<string> settings, CancellationToken cancel)
    {
        var log = Path.Combine(folder, "log", "postgres.log");
        if (File.Exists(log) && new FileInfo(log).Length > LargestLog) File.Delete(log);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            // Terse: the DETAIL of an error quotes values of rows, and a log is no place for numbers. Here, not in postgresql.conf, so that older folders have it too.
            var options = string.Join(' ', settings.Select(s => $"-c {s}").Prepend($"-p {port} -c log_error_verbosity=terse -c shared_buffers={SharedBuffers() >> 20}MB -c max_wal_size=4GB"));
            var (code, output) = await user.RunDetached(
                binaries.Tool("pg_ctl"), ["start", "-D", Path.Combine(folder, "pg"), "-l", log, "-w", "-t", "110", "-o", options], StartTime, cancel);
            if (code == 0) return port;
            await Task.Delay(TimeSpan.FromSeconds(1), cancel); // Another took the port, or backends of one that was killed are still ending.
            if (attempt == 5) throw new LocalPostgresException($"PostgreSQL did not start in {folder}: {LastLines(File.Exists(log) ? await File.ReadAllTextAsync(log, cancel) : output)} Its log is {log}.");
        }
    }

    /// <summary>
    /// A quarter of the memory, as PostgreSQL's manual has it, and no more than an index of some million lines needs: of its own accord it takes 128 MB, and each write then evicts a page for
    /// each index that it touches (measured: a fifth of an append's time). What is not used is not taken.
    /// </summary>
    private static long SharedBuffers() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 128L << 20, 4L << 30);

    private async Task<object?> Scalar(string sql, CancellationToken cancel)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(Administrator, "postgres")) { Pooling = false, Timeout = 5 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel);
    }

    private static string DefaultFolder()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess) return "/var/lib/simledger";
        var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
        return Path.Combine(string.IsNullOrEmpty(data) ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create) : data, "simledger");
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LocalPostgresException($"The data folder {folder} cannot be made: {error.Message} Set SIMLEDGER_DATA to one that can.", error);
        }
    }

    /// <summary>The system lets go of the lock when we end, however we end.</summary>
    private static FileStream? TryLock(string folder)
    {
        try
        {
            var locked = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(Path.Combine(folder, "owner"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return locked;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LocalPostgresException($"The data folder {folder} belongs to another user. Run as that user, or set SIMLEDGER_DATA to a folder of your own.", error);
        }
    }

    private static string Owner(string folder) => File.Exists(Path.Combine(folder, "owner")) ? File.ReadAllText(Path.Combine(folder, "owner")) : "unknown";

    private static LocalPostgresException InUse(string folder) => new(
        $"Another server (process {Owner(folder)}) works in the data folder {folder}. End it, or set SIMLEDGER_DATA to another folder.");

    private static Dictionary<string, string> Passwords(string folder, bool mayMake)
    {
        var path = Path.Combine(folder, "passwords");
        if (!File.Exists(path))
        {
            if (!mayMake) throw new LocalPostgresException($"The file {path} is missing: without it the PostgreSQL in {folder} lets nobody in. Put it back from a backup.");
            var staging = path + "." + Guid.NewGuid().ToString("N");
            WriteSecret(staging, string.Concat(Roles.Select(role => $"{role}={RandomNumberGenerator.GetHexString(40, lowercase: true)}\n")));
            File.Move(staging, path);
        }
        return File.ReadAllLines(path).Select(line => line.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
    }

    /// <summary>A file that only we can read, from its first byte on.</summary>
    private static void WriteSecret(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>The path with every symbolic link on it resolved.</summary>
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string LastLines(string text) => string.Join(" | ", text.Trim().Split('\n').TakeLast(4).Select(l => l.Trim()));
}
