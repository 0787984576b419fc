using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;

namespace SimLedger.Benchmarks;

/// <summary>
/// Durable appends a second, each one fact with its idempotency key, chain and a row of card_standing, over 200 unequal tenants, beside pgbench
/// inserting one row of the same bytes a transaction; in turns, in the same run.
/// </summary>
internal static partial class AppendBenchmark
{
    private const int Slices = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(4);
    private static readonly byte[] Fact = Encoding.UTF8.GetBytes(
        """{"lineId":"01a1fc89-ef57-7353-acf9-0e0666a6fd0f","at":"2026-11-21T10:00:00+08:00","amount":"300","currency":"PHP","channel":"app","orderNumber":"A-20261121-000001"}""");

    public static async Task<List<Result>> Run(Bench bench, int[] lanesToTry)
    {
        var results = new List<Result>();
        var pgbench = FindPgbench();
        foreach (var lanes in lanesToTry)
        {
            var name = await bench.CreateDatabase();
            await using var database = TenantDatabase.Open(bench.App(name));
            for (var rank = 1; rank <= Bench.Tenants; rank++) await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(rank), CancellationToken.None);
            await Bench.Scalar(bench.Superuser(name), "create table plain (tenant_id text, stream_id uuid, data json, at timestamptz default now(), id bigserial, primary key (tenant_id, id))");
            await using var ledger = new EventLedger(database, [CardStandingView.View], TimeProvider.System, NullLogger<EventLedger>.Instance, lanes);
            var tenants = Bench.Draw(100_000, seed: 7);
            var next = 0;
            await Bench.Load(32, TimeSpan.FromSeconds(3), _ => AppendOne(ledger, tenants[Interlocked.Increment(ref next) % tenants.Length]));

            foreach (var callers in new[] { 1, 8, 32, 128 })
            {
                var (rates, references, times) = (new List<double>(), new List<double>(), new List<double>());
                for (var slice = 0; slice < Slices; slice++)
                {
                    var (took, rate) = await Bench.Load(callers, Slice, _ => AppendOne(ledger, tenants[Interlocked.Increment(ref next) % tenants.Length]));
                    rates.Add(rate);
                    times.AddRange(took);
                    if (pgbench is not null) references.Add(await Pgbench(pgbench, bench, name, callers));
                }
                var label = $"append, {lanes} lane(s), {callers} callers";
                results.Add(Result.Print($"{label}", Bench.Median(rates), "appends/s"));
                results.Add(Result.Print($"{label}: p50", Bench.Percentile(times, 0.50), "ms"));
                results.Add(Result.Print($"{label}: p99", Bench.Percentile(times, 0.99), "ms"));
                if (pgbench is null) continue;
                results.Add(Result.Print($"{label}: pgbench one-row inserts", Bench.Median(references), "rows/s"));
                results.Add(Result.Print($"{label}: ratio to pgbench, slice by slice", Bench.Median(rates.Zip(references, (a, b) => a / b)), "times"));
            }
        }
        return results;
    }

    private static async Task AppendOne(EventLedger ledger, int rank)
    {
        var card = Guid.CreateVersion7();
        var now = SystemClock.Instance.GetCurrentInstant();
        var row = new StandingRow(
            card, Guid.CreateVersion7(), "+639000000089", "8963000000000000894", "ph-tm", "prepaid", "Ana Cruz", DateTimeZoneProviders.Tzdb["Asia/Manila"], Stage.Active, 1,
            new LocalDate(2027, 11, 21), 2, false, new LocalDate(2027, 11, 21), now + Duration.FromDays(365), new LocalDate(2027, 11, 14), new LocalDate(2027, 11, 7),
            "load", "mc-05-12-2017", Confidence.Secondary, false, [], [new StagePeriod(Stage.Lapsed, now + Duration.FromDays(365), null, null)], null);
        var key = card.ToString("N");
        var append = new Append(
            Bench.Tenant(rank), card, 0, [new NewEvent(Guid.CreateVersion7(), "ToppedUp", Fact)], new AuditContext("key:01a1fc89-ef57-7353-acf9-0e0666a6fd0f", "api", null, key), null,
            new IdempotencyEntry(key, card.ToByteArray(), "{}"u8.ToArray()), [CardStandingView.ToInlineRow(row, now)]);
        if (await ledger.Append(append, CancellationToken.None) is not AppendAnswer.Appended) throw new InvalidOperationException("An append was not taken.");
    }

    private static async Task<double> Pgbench(string program, Bench bench, string database, int clients)
    {
        var script = Path.Combine(Path.GetTempPath(), $"simledger-pgbench-{Environment.ProcessId}.sql");
        await File.WriteAllTextAsync(script, $"insert into plain (tenant_id, stream_id, data) values ('tenant-' || (random() * 199)::int, gen_random_uuid(), '{Encoding.UTF8.GetString(Fact)}');\n");
        var settings = new NpgsqlConnectionStringBuilder(bench.Superuser(database));
        var start = new ProcessStartInfo(program,
            ["-n", "-M", "prepared", "-c", $"{clients}", "-j", $"{Math.Min(clients, 2)}", "-T", $"{(int)Slice.TotalSeconds}", "-f", script, "-h", "127.0.0.1", "-p", $"{settings.Port}", "-U", settings.Username!, database])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = settings.Password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(script);
        var rate = Tps().Match(output);
        return rate.Success ? double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"pgbench said: {output}{await errors}");
    }

    private static string? FindPgbench() => new[] { "/usr/bin" }.Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(f => Path.Combine(f, "bin")) : [])
        .Select(f => Path.Combine(f, "pgbench")).LastOrDefault(File.Exists);

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();
}
