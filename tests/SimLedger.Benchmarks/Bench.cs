using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Npgsql;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;
using SimLedger.Server.Http;
using SimLedger.Server.LocalPostgres;

namespace SimLedger.Benchmarks;

/// <summary>A PostgreSQL of its own, with fsync and autovacuum on, and what all measurements share.</summary>
internal sealed class Bench : IAsyncDisposable
{
    /// <summary>Organisations of unequal size: the n-th has a share of 1/n (Zipf).</summary>
    public const int Tenants = 200;

    /// <summary>Of which the median is told.</summary>
    public const int Slices = 5;

    /// <summary>How long a slice of callers that call without pause is.</summary>
    public static TimeSpan Slice { get; private set; } = TimeSpan.FromSeconds(6);

    private readonly string _folder;
    private int _databases;

    private Bench(string folder, PostgresServer postgres, string machine) => (_folder, Postgres, Machine) = (folder, postgres, machine);

    public PostgresServer Postgres { get; }

    /// <summary>What it ran on.</summary>
    public string Machine { get; }

    /// <param name="slice">See <see cref="Slice"/>; shorter ones only while something is being worked on.</param>
    public static async Task<Bench> Start(TimeSpan slice)
    {
        Slice = slice;
        var folder = Path.Combine(Path.GetTempPath(), $"simledger-bench-{Environment.ProcessId}");
        var postgres = await PostgresServer.Start(new PostgresServerOptions { DataFolder = folder }, Console.Error.WriteLine, CancellationToken.None);
        var version = await Scalar(
            postgres.ConnectionString(PostgresServer.Administrator, "postgres"),
            "select split_part(version(), ' on ', 1) || ', fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit') || ', autovacuum ' || current_setting('autovacuum')");
        var machine = $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {Environment.OSVersion}, .NET {Environment.Version}, {version}";
        return new Bench(folder, postgres, machine);
    }

    /// <summary>A fresh, migrated database.</summary>
    public async Task<string> CreateDatabase()
    {
        var name = $"bench_{++_databases}";
        await Postgres.Prepare(name, CancellationToken.None);
        await Database.Migrate(Superuser(name), TimeProvider.System, CancellationToken.None);
        await Postgres.SetPasswords(CancellationToken.None);
        return name;
    }

    public string Superuser(string database) => Postgres.ConnectionString(PostgresServer.Administrator, database);

    public string App(string database) => Postgres.ConnectionString("simledger_app", database);

    /// <summary>Processor time of PostgreSQL, all its processes, in seconds so far; NaN where the system does not tell.</summary>
    public double PostgresSeconds() => ProcessorTime.OfFamily(int.Parse(File.ReadLines(Path.Combine(_folder, "pg", "postmaster.pid")).First(), CultureInfo.InvariantCulture));

    public static TenantId Tenant(int rank) => TenantId.Of($"tenant-{rank}");

    /// <summary>Tenant ranks from 1, drawn by their shares.</summary>
    public static int[] Draw(int count, int seed, int tenants = Tenants)
    {
        var shares = Enumerable.Range(1, tenants).Select(n => 1.0 / n).ToArray();
        var total = shares.Sum();
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var point = random.NextDouble() * total;
            var rank = 0;
            while (rank < tenants - 1 && (point -= shares[rank]) > 0) rank++;
            return rank + 1;
        })];
    }

    public static async Task<object?> Scalar(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        return await command.ExecuteScalarAsync();
    }

    public static async Task<string> Key(TenantDatabase database, TenantId tenant)
    {
        var key = ApiKey.New();
        await new Credentials(database, TimeProvider.System).Add(tenant, Guid.CreateVersion7(), "bench", ["read", "write"], ApiKey.Hash(key), CancellationToken.None);
        return key;
    }

    public static HttpClient Client(string url, string key) => new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
    {
        BaseAddress = new Uri(url), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    public static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? double.NaN : values[Math.Min(values.Count - 1, (int)(values.Count * share))];
    }

    /// <summary>Runs callers for a while; each asks again when it is answered.</summary>
    /// <returns>Milliseconds of each call, and calls a second.</returns>
    public static async Task<(List<double> Times, double PerSecond)> Load(int callers, TimeSpan time, Func<int, Task> call)
    {
        var clock = Stopwatch.StartNew();
        var lists = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var times = new List<double>();
            while (clock.Elapsed < time)
            {
                var started = Stopwatch.GetTimestamp();
                await call(caller);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            return times;
        })));
        var all = lists.SelectMany(t => t).ToList();
        return (all, all.Count / clock.Elapsed.TotalSeconds);
    }

    /// <summary>
    /// After a warm-up: gives PostgreSQL the statistics that autovacuum gives it within its first minute or so. Until then statements are planned for tables that were empty, and what is
    /// measured would hang on when it comes by.
    /// </summary>
    public Task Settle(string database) => Scalar(Superuser(database), "vacuum analyze");

    /// <summary>As <see cref="Load"/>, with what it cost.</summary>
    /// <param name="servers">Processes that do the work; none: this one does.</param>
    /// <returns>Rate, and milliseconds of each call.</returns>
    public async Task<(Rate Rate, List<double> Times)> Measure(int callers, TimeSpan time, Func<int, Task> call, params IReadOnlyList<ServerUnderTest> servers)
    {
        var (own, server, postgres) = (ProcessorTime.Own(), servers.Sum(s => s.ProcessorSeconds()), PostgresSeconds());
        var (times, perSecond) = await Load(callers, time, call);
        var microseconds = 1e6 / times.Count;
        return (new Rate(perSecond, (ProcessorTime.Own() - own) * microseconds, (servers.Sum(s => s.ProcessorSeconds()) - server) * microseconds, (PostgresSeconds() - postgres) * microseconds), times);
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
