using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace SimLedger.Benchmarks;

/// <summary>
/// The reference of all that writes facts: pgbench inserts one row of the fact's bytes a transaction, with a tenant, an id and a time, into a table with
/// a primary key, by a prepared statement, as a superuser whom no row-level security stops. It keeps no order within a card, no key of the request, no
/// chain and no standing. The bytes travel and are parsed as JSON for each row, as a fact's do.
/// </summary>
internal sealed partial class Pgbench
{
    /// <summary>A top-up as it is stored.</summary>
    public static readonly byte[] Fact = Encoding.UTF8.GetBytes(
        """{"lineId":"01a1fc89-ef57-7353-acf9-0e0666a6fd0f","at":"2026-11-21T10:00:00+08:00","amount":"300","currency":"PHP","channel":"app","orderNumber":"A-20261121-000001"}""");

    private const string TableSql = "create table plain (tenant_id text, stream_id uuid, data json, at timestamptz default now(), id bigserial, primary key (tenant_id, id))";
    private const string InsertSql = "insert into plain (tenant_id, stream_id, data) values ('tenant-' || (random() * 199)::int, gen_random_uuid(), :fact);\n";

    private readonly Bench _bench;
    private readonly string _program;
    private readonly string _database;
    private readonly Dictionary<int, (double Caller, double Postgres)> _beginnings = [];

    private Pgbench(Bench bench, string program, string database) => (_bench, _program, _database) = (bench, program, database);

    /// <summary>Makes the table beside those of the ledger.</summary>
    /// <exception cref="InvalidOperationException">There is no pgbench.</exception>
    public static async Task<Pgbench> Prepare(Bench bench, string database)
    {
        var program = Find() ?? throw new InvalidOperationException("pgbench is not there, and without it nothing to compare with. Install it (Debian: postgresql-contrib, in a PostgreSQL's own packages: bin/pgbench).");
        await Bench.Scalar(bench.Superuser(database), TableSql);
        return new Pgbench(bench, program, database);
    }

    /// <summary>One slice. What it costs to begin, connections and passwords, is not counted.</summary>
    public async Task<Rate> Run(int clients, TimeSpan time)
    {
        if (!_beginnings.TryGetValue(clients, out var beginning))
        {
            var (_, _, first, own) = await Measure(clients, ["-t", "1"]);
            _beginnings[clients] = beginning = (own, first);
        }
        var (perSecond, rows, postgres, caller) = await Measure(clients, ["-T", $"{(int)time.TotalSeconds}"]);
        return new Rate(perSecond, (caller - beginning.Caller) * 1e6 / rows, 0, (postgres - beginning.Postgres) * 1e6 / rows);
    }

    /// <returns>Rows a second, rows, and seconds of processor time of PostgreSQL and of pgbench.</returns>
    private async Task<(double PerSecond, double Rows, double Postgres, double Caller)> Measure(int clients, string[] howLong)
    {
        var script = Path.Combine(Path.GetTempPath(), $"simledger-pgbench-{Environment.ProcessId}.sql");
        await File.WriteAllTextAsync(script, InsertSql);
        var settings = new NpgsqlConnectionStringBuilder(_bench.Superuser(_database));
        string[] arguments =
        [
            "-n", "-M", "prepared", "-c", $"{clients}", "-j", $"{Math.Min(clients, Environment.ProcessorCount)}", .. howLong, "-D", $"fact={Encoding.UTF8.GetString(Fact)}", "-f", script,
            "-h", "127.0.0.1", "-p", $"{settings.Port}", "-U", settings.Username!, _database,
        ];
        var start = new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = settings.Password;
        var (postgres, caller) = (_bench.PostgresSeconds(), ProcessorTime.OfEndedChildren());
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(script);
        var (rate, rows) = (Tps().Match(output), Transactions().Match(output));
        if (!rate.Success || !rows.Success) throw new InvalidOperationException($"pgbench said: {output}{await errors}");
        return (Number(rate), Number(rows), _bench.PostgresSeconds() - postgres, ProcessorTime.OfEndedChildren() - caller);
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>The newest; that on the path last, where Debian has a script which looks for the others.</summary>
    private static string? Find()
    {
        const string versions = "/usr/lib/postgresql";
        var installed = Directory.Exists(versions) ? Directory.GetDirectories(versions).OrderByDescending(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0) : Enumerable.Empty<string>();
        return installed.Select(f => Path.Combine(f, "bin")).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).Select(f => Path.Combine(f, "pgbench")).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();

    [GeneratedRegex(@"number of transactions actually processed: ([0-9]+)")]
    private static partial Regex Transactions();
}
