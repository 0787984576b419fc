using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>
/// A fleet file into an empty organisation, by the verb and over HTTP. In turns with it two references, by psql \copy: the rows of the file into a plain table,
/// and all rows that the import has made into their own tables, with their indexes and constraints.
/// </summary>
internal sealed class ImportBenchmark(Bench bench, string folder, int rows)
{
    /// <summary>What an import writes, each with the columns that are the same wherever it is copied to.</summary>
    private static readonly string[] Tables = ["events", "card_standing", "line_facets", "reservations"];

    private readonly string _file = GeneratedFleet.Write(folder, rows);
    private readonly List<Cost> _verb = [];
    private readonly List<Cost> _again = [];
    private readonly List<Cost> _http = [];
    private readonly List<double> _plain = [];
    private readonly List<double> _same = [];
    private double _peak;
    private double _events;

    public static async Task<List<Result>> Run(Bench bench, IReadOnlyList<int> sizes)
    {
        var results = new List<Result>();
        var folder = Directory.CreateTempSubdirectory("simledger-import-").FullName;
        try
        {
            await new ImportBenchmark(bench, folder, 1_000).Slice(again: false); // Warms the disk cache.
            foreach (var rows in sizes)
            {
                var benchmark = new ImportBenchmark(bench, folder, rows);
                for (var slice = 0; slice < Slices(rows); slice++) await benchmark.Slice(again: rows <= 100_000);
                results.AddRange(benchmark.Told());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return results;
    }

    /// <summary>A million rows take minutes: one slice, whose length makes up for the others.</summary>
    private static int Slices(int rows) => rows switch { <= 10_000 => 5, <= 200_000 => 3, _ => 1 };

    private async Task Slice(bool again)
    {
        var (name, key) = await Organisation();
        _verb.Add(await ByVerb(name));
        _events = (double)(long)(await Bench.Scalar(bench.Superuser(name), "select count(*) from events"))!;
        if (again) _again.Add(await ByVerb(name));
        _same.Add(rows / await CopySame(name));
        await Drop(name);

        (name, key) = await Organisation();
        _http.Add(await OverHttp(name, key));
        _plain.Add(rows / await CopyPlain(name));
        await Drop(name);
    }

    private async Task<(string Database, string Key)> Organisation()
    {
        var name = await bench.CreateDatabase();
        await using var database = TenantDatabase.Open(bench.App(name));
        await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(1), CancellationToken.None);
        return (name, await Bench.Key(database, Bench.Tenant(1)));
    }

    private Task<object?> Drop(string name) => Bench.Scalar(bench.Superuser("postgres"), $"drop database {name} with (force)");

    private async Task<Cost> ByVerb(string name)
    {
        var postgres = bench.PostgresSeconds();
        var run = await VerbRun.Of(bench.App(name), "import", _file, "--tenant", Bench.Tenant(1).Value);
        return new Cost(rows / run.Seconds, run.Processor * 1e6 / rows, (bench.PostgresSeconds() - postgres) * 1e6 / rows);
    }

    private async Task<Cost> OverHttp(string name, string key)
    {
        await using var server = ServerUnderTest.Launch(bench.App(name));
        using var client = Bench.Client(server.Url, key);
        client.Timeout = TimeSpan.FromMinutes(30);
        await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
        await using var peak = server.WatchMemory();
        var (clock, own, postgres) = (Stopwatch.StartNew(), server.ProcessorSeconds(), bench.PostgresSeconds());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports") { Content = new StreamContent(File.OpenRead(_file)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        JsonElement job;
        while ((job = await client.GetFromJsonAsync<JsonElement>(answer.Headers.Location)).GetProperty("state").GetString() is "queued" or "running") await Task.Delay(100);
        if (job.GetProperty("state").GetString() != "succeeded" || job.GetProperty("done").GetInt64() != rows) throw new InvalidOperationException(job.GetRawText());
        _peak = Math.Max(_peak, peak.Megabytes);
        return Measured(clock, server.ProcessorSeconds() - own, postgres);
    }

    /// <returns>Seconds.</returns>
    private async Task<double> CopyPlain(string name)
    {
        var columns = GeneratedFleet.Columns(_file);
        await Bench.Scalar(bench.Superuser(name), $"create table fleet (row bigint generated always as identity primary key, {string.Join(", ", columns.Select(c => $"{c} text"))})");
        return await ClientTool.Run(bench.Superuser(name), $"\\copy fleet ({string.Join(", ", columns)}) from '{_file}' (format csv, header)");
    }

    /// <returns>Seconds.</returns>
    private async Task<double> CopySame(string from)
    {
        var (to, _) = await Organisation();
        string File(string table) => Path.Combine(folder, table);
        await ClientTool.Run(bench.Superuser(from), [.. Tables.Select(t => $"\\copy {t} to '{File(t)}' (format binary)")]);
        var seconds = await ClientTool.Run(bench.Superuser(to), [.. Tables.Select(t => $"\\copy {t} from '{File(t)}' (format binary)")]);
        await Drop(to);
        return seconds;
    }

    private Cost Measured(Stopwatch clock, double own, double postgres) =>
        new(rows / clock.Elapsed.TotalSeconds, own * 1e6 / rows, (bench.PostgresSeconds() - postgres) * 1e6 / rows);

    private IEnumerable<Result> Told()
    {
        var label = $"import of {rows:N0} rows";
        foreach (var result in Told($"{label}, by the verb", _verb)) yield return result;
        foreach (var result in Told($"{label}, over HTTP", _http)) yield return result;
        foreach (var result in Told($"{label}, the same file again", _again)) yield return result;
        yield return Result.Print($"{label}: facts a row", _events / rows, "facts");
        double[] rates = [.. _http.Select(run => run.PerSecond)];
        yield return Result.Print($"{label}, over HTTP, beside its rows", rates, "rows/s", "\\copy of the file into a plain table", _plain, Goal.AtLeast(0.5, 0.3));
        yield return Result.Print($"{label}, over HTTP, beside what it makes", rates, "rows/s", "\\copy of that into its own tables", _same);
        yield return Result.Print($"{label}: peak memory of the server", _peak, "MB", Goal.AtMost(null, 400));
    }

    private static IEnumerable<Result> Told(string label, List<Cost> runs)
    {
        if (runs.Count == 0) yield break;
        yield return Result.Print(label, Bench.Median(runs.Select(r => r.PerSecond)), "rows/s");
        yield return Result.Print($"{label}: processor time of the process", Bench.Median(runs.Select(r => r.Own)), "µs a row");
        yield return Result.Print($"{label}: processor time of PostgreSQL", Bench.Median(runs.Select(r => r.Postgres)), "µs a row");
    }

    /// <param name="PerSecond">Rows, by the clock on the wall, the start of the process included.</param>
    /// <param name="Own">Microseconds of processor time a row, the importing process.</param>
    /// <param name="Postgres">Microseconds of processor time a row, PostgreSQL.</param>
    private readonly record struct Cost(double PerSecond, double Own, double Postgres);
}
