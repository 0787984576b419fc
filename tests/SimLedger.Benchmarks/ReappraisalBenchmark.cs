using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.Hosting;
using SimLedger.Server.Jobs;
using SimLedger.Server.RulesInForce;
using SimLedger.Server.UseCases;

namespace SimLedger.Benchmarks;

/// <summary>
/// One organisation's lines brought under a changed pack: the impact of the change, then the job that writes every line anew; how much of it the rules
/// themselves are. Beside the job, in turns, what any such job must do at least: read the facts once and update the rows, by plain SQL.
/// </summary>
internal sealed class ReappraisalBenchmark(Bench bench, string database, IServiceProvider services, int lines)
{
    private const int Slices = 5;
    private const string Carrier = "ph-tm";
    private const int Sample = 10_000;

    private readonly List<Result> _results = [];
    private readonly TenantId _tenant = Bench.Tenant(1);

    public static async Task<List<Result>> Run(Bench bench, int lines)
    {
        var name = await bench.CreateDatabase();
        var services = new ServiceCollection();
        services.AddLogging();
        WebServer.AddServices(services, bench.App(name), TimeProvider.System);
        await using var provider = services.BuildServiceProvider();
        var benchmark = new ReappraisalBenchmark(bench, name, provider, lines);
        await benchmark.Run();
        return benchmark._results;
    }

    private async Task Run()
    {
        await services.GetRequiredService<Tenants>().Create(_tenant, CancellationToken.None);
        await SeededFleet.Write(bench.Superuser(database), lines);
        var label = $"{lines:N0} lines";
        Print($"rebuild, {label}", [await Measure(lines, () => services.GetRequiredService<Reappraisal>().Rebuild(_tenant, CancellationToken.None))]);

        var (impacts, jobs, reads, updates) = (new List<Cost>(), new List<Cost>(), new List<Cost>(), new List<Cost>());
        var moved = 0L;
        for (var slice = 0; slice < Slices; slice++)
        {
            await Bench.Scalar(bench.Superuser(database), "vacuum analyze card_standing");
            var change = Changed(longer: slice % 2 == 0);
            impacts.Add(await Measure(lines / 5, async () => moved = (await Impact(change)).Moved));
            await Publish(change);
            jobs.Add(await Measure(lines, Reappraise));
            await Bench.Scalar(bench.Superuser(database), "vacuum analyze card_standing");
            reads.Add(await Measure(lines, ReadFacts));
            updates.Add(await Measure(lines, () => Bench.Scalar(bench.Superuser(database), "update card_standing set rules_revision = rules_revision - 1")));
        }
        if (moved == 0) throw new InvalidOperationException("The changed pack moved no line.");

        Print($"impact, {label}", impacts);
        Print($"reappraisal, {label}", jobs);
        Print($"reappraisal, {label}: reference, read the facts", reads);
        Print($"reappraisal, {label}: reference, update the rows", updates);
        Add($"reappraisal, {label}: ratio to the reference, slice by slice", Bench.Median(jobs.Select((job, i) => job.PerSecond * (1 / reads[i].PerSecond + 1 / updates[i].PerSecond))), "times");
        var evaluation = await EvaluationAlone();
        Add($"reappraisal, {label}: the evaluator alone", evaluation, "µs a line");
        Add($"reappraisal, {label}: the evaluator's share of all processor time", 100 * evaluation / Bench.Median(jobs.Select(j => j.Server + j.Postgres)), "%");
    }

    private async Task<Impact> Impact(PackChange change)
    {
        var proposed = await services.GetRequiredService<RuleProposals>().Of(_tenant, change, own: true, CancellationToken.None);
        return await services.GetRequiredService<RuleImpact>().Of(_tenant, proposed, change.Code, (_, _) => { }, CancellationToken.None);
    }

    private async Task Publish(PackChange change)
    {
        await using var owner = new NpgsqlConnection(bench.Superuser(database));
        await owner.OpenAsync();
        await PublishedPacks.PublishShared(owner, [change], DateTimeOffset.UtcNow, "bench", CancellationToken.None);
    }

    private async Task Reappraise()
    {
        var now = DateTimeOffset.UtcNow;
        var job = new Job(Guid.CreateVersion7(), Reappraisal.JobName, "1", JobState.Running, 0, null, 0, "{}"u8.ToArray(), null, "bench", now, now, null, false);
        var run = new JobRun(_tenant, job);
        await services.GetRequiredService<Reappraisal>().Job.Work(run, CancellationToken.None);
        if (run.Done != lines || run.Failed != 0) throw new InvalidOperationException($"{run.Done} lines were reappraised, {run.Failed} failed, {lines} were meant.");
    }

    private async Task ReadFacts()
    {
        await using var connection = new NpgsqlConnection(bench.Superuser(database));
        await connection.OpenAsync();
        await using var facts = await connection.BeginRawBinaryCopyAsync("copy (select stream_id, version, event_id, type, data from events) to stdout (format binary)");
        await facts.CopyToAsync(Stream.Null);
    }

    private static (RulePack Pack, Question Question) Asked(LoadedCard loaded, Line line)
    {
        var pack = Appraisal.PackOf(loaded.Card, loaded.Rules.Packs);
        return (pack, Appraisal.QuestionOf(loaded.Card, line, pack, SystemClock.Instance.GetCurrentInstant()));
    }

    /// <returns>Microseconds of processor time a line.</returns>
    private async Task<double> EvaluationAlone()
    {
        var cards = services.GetRequiredService<CardLedger>();
        var asked = new List<(RulePack Pack, Question Question)>();
        foreach (var ids in (await CardIds()).Chunk(SimLedger.Ledger.Limits.StreamsAtOnce))
        {
            foreach (var stored in await cards.LoadMany(_tenant, ids, CancellationToken.None))
            {
                var loaded = stored.Open();
                asked.AddRange(loaded.Card.Lines.Select(line => Asked(loaded, line)));
            }
        }
        double Once()
        {
            var started = ProcessorTime.Own();
            foreach (var (pack, question) in asked) GC.KeepAlive(Evaluator.Evaluate(pack, question));
            return (ProcessorTime.Own() - started) * 1e6 / asked.Count;
        }
        for (var i = 0; i < 20; i++) Once();
        return Bench.Median(Enumerable.Range(0, 11).Select(_ => Once()));
    }

    private async Task<List<Guid>> CardIds()
    {
        await using var connection = new NpgsqlConnection(bench.Superuser(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select card_id from card_standing order by card_id limit {Sample}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>The shipped pack, or one whose clocks run a day longer.</summary>
    private static PackChange Changed(bool longer)
    {
        var pack = JsonNode.Parse(File.ReadAllBytes(Path.Combine(ShippedPacks.Folder, $"{Carrier}.json")))!;
        foreach (var clock in pack["products"]!.AsArray().SelectMany(p => p!["rules"]!.AsArray()).SelectMany(r => r!["clocks"]!.AsArray()))
        {
            var length = clock!["length"]!;
            if (longer) length["n"] = length["n"]!.GetValue<int>() + 1;
        }
        return new PackChange(Carrier, System.Text.Encoding.UTF8.GetBytes(pack.ToJsonString()));
    }

    private async Task<Cost> Measure(int count, Func<Task> work)
    {
        var (clock, own, postgres) = (Stopwatch.StartNew(), ProcessorTime.Own(), bench.PostgresSeconds());
        await work();
        return new Cost(count / clock.Elapsed.TotalSeconds, (ProcessorTime.Own() - own) * 1e6 / count, (bench.PostgresSeconds() - postgres) * 1e6 / count);
    }

    private void Print(string label, IReadOnlyList<Cost> costs)
    {
        Add(label, Bench.Median(costs.Select(c => c.PerSecond)), "lines/s");
        Add($"{label}: processor time of this process", Bench.Median(costs.Select(c => c.Server)), "µs a line");
        Add($"{label}: processor time of PostgreSQL", Bench.Median(costs.Select(c => c.Postgres)), "µs a line");
    }

    private void Add(string label, double value, string unit) => _results.Add(Result.Print(label, value, unit));

    /// <param name="PerSecond">Lines, by the clock on the wall.</param>
    /// <param name="Server">Microseconds of processor time a line, this process.</param>
    /// <param name="Postgres">Microseconds of processor time a line, PostgreSQL.</param>
    private readonly record struct Cost(double PerSecond, double Server, double Postgres);
}
