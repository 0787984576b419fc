using System.Diagnostics;
using System.Text;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>Resident memory of the server's process: idle, and after 30 s of mixed load.</summary>
internal static class MemoryBenchmark
{
    private const int Clients = 16;
    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(30);

    public static async Task<List<Result>> Run(Bench bench)
    {
        var name = await bench.CreateDatabase();
        await using var database = TenantDatabase.Open(bench.App(name));
        await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(1), CancellationToken.None);
        await using var server = ServerUnderTest.Launch(bench.App(name));
        using var http = Bench.Client(server.Url, await Bench.Key(database, Bench.Tenant(1)));
        await ServerUnderTest.FirstAnswer(http, "/v1/due-list");
        await Task.Delay(UntilIdle);
        List<Result> results = [Result.Print("resident memory, idle", server.ResidentMegabytes(), "MB", Goal.AtMost(null, 100))];
        var cards = new List<string>();
        for (var i = 0; i < Clients; i++) cards.Add(await Register(http, i));
        await using var peak = server.WatchMemory();
        var (times, rate) = await Bench.Load(Clients, Load, async caller =>
        {
            (await http.GetAsync("/v1/due-list?limit=50")).EnsureSuccessStatusCode();
            cards[caller] = await TopUpOrReplace(http, cards[caller], caller);
        });
        results.Add(Result.Print("resident memory, after 30 s of load", server.ResidentMegabytes(), "MB", Goal.AtMost(null, 300)));
        results.Add(Result.Print("resident memory, the most during the load", peak.Megabytes, "MB"));
        results.Add(Result.Print($"mixed load, {Clients} clients: a due list and a top-up", rate, "pairs/s"));
        results.Add(Result.Print($"mixed load, {Clients} clients: p99 of a pair", Bench.Percentile(times, 0.99), "ms"));
        return results;
    }

    private static async Task<string> Register(HttpClient http, int caller)
    {
        var number = $"+6390{caller:00}{Stopwatch.GetTimestamp() % 100_000_000:00000000}";
        var answer = await Post(http, "/v1/cards", $$"""{"carrier":"ph-tm","lines":[{"number":"{{number}}","product":"prepaid"}]}""");
        answer.EnsureSuccessStatusCode();
        return answer.Headers.Location!.ToString();
    }

    /// <summary>A card has a few facts a month; one that has 30 is left for a new one, so that the load stays like life.</summary>
    private static async Task<string> TopUpOrReplace(HttpClient http, string card, int caller)
    {
        using var answer = await Post(http, $"{card}/top-ups", """{"amount":"300","currency":"PHP"}""");
        answer.EnsureSuccessStatusCode();
        return answer.Headers.ETag!.Tag.Trim('"') == "30" ? await Register(http, caller) : card;
    }

    private static Task<HttpResponseMessage> Post(HttpClient http, string path, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        return http.SendAsync(request);
    }
}
