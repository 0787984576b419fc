using System.Diagnostics;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>A subscriber that keeps a view catches up with all facts of an organisation, by polls and by a stream; in turns with it, the same facts are only read.</summary>
internal static class FeedBenchmark
{
    public static async Task<List<Result>> Run(Bench bench, IReadOnlyList<int> sizes)
    {
        var results = new List<Result>();
        foreach (var size in sizes) results.AddRange(await Of(bench, size));
        return results;
    }

    private static async Task<IEnumerable<Result>> Of(Bench bench, int facts)
    {
        var name = await SeededFleet.CreateDatabase(bench, facts / SeededFleet.FactsOfLine);
        await using var database = TenantDatabase.Open(bench.App(name));
        var key = await Bench.Key(database, Bench.Tenant(1));

        var (polls, streams, byPsql, byNpgsql) = (new List<Cost>(), new List<Cost>(), new List<double>(), new List<double>());
        await using (var server = ServerUnderTest.Launch(bench.App(name)))
        {
            using var http = Bench.Client(server.Url, key);
            await ServerUnderTest.FirstAnswer(http, "/v1/due-list");
            // Warms the cache, and has the code compiled that is measured.
            await FactsReference.ByNpgsql(bench.Superuser(name));
            await new FeedSubscriber(http).Poll();
            await new FeedSubscriber(http).Stream(facts);
            for (var slice = 0; slice < Bench.Slices; slice++)
            {
                polls.Add(await Measure(bench, server, facts, http, subscriber => subscriber.Poll()));
                byNpgsql.Add(await ByNpgsql(bench, name));
                streams.Add(await Measure(bench, server, facts, http, subscriber => subscriber.Stream(facts)));
                byPsql.Add(facts / await FactsReference.ByPsql(bench.Superuser(name)));
            }
        }
        await Bench.Scalar(bench.Superuser("postgres"), $"drop database {name} with (force)");
        var label = $"feed, catching up with {facts:N0} facts";
        return
        [
            .. Told($"{label}, by polls of 1,000", polls, byPsql, byNpgsql),
            .. Told($"{label}, by a stream", streams, byPsql, byNpgsql),
        ];
    }

    private static async Task<double> ByNpgsql(Bench bench, string name)
    {
        var started = Stopwatch.GetTimestamp();
        return await FactsReference.ByNpgsql(bench.Superuser(name)) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<Cost> Measure(Bench bench, ServerUnderTest server, int facts, HttpClient http, Func<FeedSubscriber, Task> catchUp)
    {
        var subscriber = new FeedSubscriber(http);
        var (clock, own, ofServer, postgres) = (Stopwatch.StartNew(), ProcessorTime.Own(), server.ProcessorSeconds(), bench.PostgresSeconds());
        await catchUp(subscriber);
        var cost = new Cost(
            facts / clock.Elapsed.TotalSeconds, (server.ProcessorSeconds() - ofServer) * 1e6 / facts, (bench.PostgresSeconds() - postgres) * 1e6 / facts, (ProcessorTime.Own() - own) * 1e6 / facts);
        if (subscriber.Position != facts || subscriber.Cards != facts / SeededFleet.FactsOfLine) throw new InvalidOperationException($"The subscriber came to {subscriber.Position} with {subscriber.Cards} cards.");
        return cost;
    }

    private static Result[] Told(string label, List<Cost> costs, List<double> byPsql, List<double> byNpgsql) =>
    [
        Result.Print(label, Bench.Median(costs.Select(c => c.PerSecond)), "facts/s", Goal.AtLeast(null, 30_000)),
        Result.Print($"{label}: processor time of the server", Bench.Median(costs.Select(c => c.Server)), "µs a fact"),
        Result.Print($"{label}: processor time of PostgreSQL", Bench.Median(costs.Select(c => c.Postgres)), "µs a fact"),
        Result.Print($"{label}: processor time of the subscriber", Bench.Median(costs.Select(c => c.Subscriber)), "µs a fact"),
        Result.Print($"{label}, beside psql", [.. costs.Select(c => c.PerSecond)], "facts/s", "psql reads the facts", byPsql, Goal.AtLeast(0.5, null)),
        Result.Print($"{label}, beside Npgsql", [.. costs.Select(c => c.PerSecond)], "facts/s", "Npgsql reads the facts in order", byNpgsql, Goal.AtLeast(0.5, null)),
    ];

    private readonly record struct Cost(double PerSecond, double Server, double Postgres, double Subscriber);
}
