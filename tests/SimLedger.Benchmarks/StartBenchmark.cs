using System.Diagnostics;
using System.Text;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Benchmarks;

/// <summary>From the start of `serve` on a warm database to the first answered due list; resident memory idle and after 30 s of mixed load.</summary>
internal static class StartBenchmark
{
    public static async Task<List<Result>> Run(Bench bench)
    {
        var results = new List<Result>();
        var name = await bench.CreateDatabase();
        await using var database = TenantDatabase.Open(bench.App(name));
        await new Tenants(database, TimeProvider.System).Create(Bench.Tenant(1), CancellationToken.None);
        var key = await Bench.Key(database, Bench.Tenant(1));

        var starts = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var server = ServerUnderTest.Launch(bench.App(name));
            using var client = Bench.Client(server.Url, key);
            await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
            if (i > 0) starts.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds); // The first one warms the disk cache.
        }
        results.Add(Result.Print("start to the first answered due list", Bench.Median(starts), "ms"));

        await using var loaded = ServerUnderTest.Launch(bench.App(name));
        using var http = Bench.Client(loaded.Url, key);
        await ServerUnderTest.FirstAnswer(http, "/v1/due-list");
        await Task.Delay(TimeSpan.FromSeconds(3));
        results.Add(Result.Print("resident memory, idle", loaded.ResidentMegabytes(), "MB"));
        var cards = new List<string>();
        for (var i = 0; i < 16; i++) cards.Add(await Register(http, i));
        var (times, rate) = await Bench.Load(16, TimeSpan.FromSeconds(30), async caller =>
        {
            (await http.GetAsync("/v1/due-list?limit=50")).EnsureSuccessStatusCode();
            cards[caller] = await TopUpOrReplace(http, cards[caller], caller);
        });
        results.Add(Result.Print("mixed load, 16 clients: a due list and a top-up", rate, "pairs/s"));
        results.Add(Result.Print("mixed load, 16 clients: p99 of a pair", Bench.Percentile(times, 0.99), "ms"));
        results.Add(Result.Print("resident memory, after 30 s of load", loaded.ResidentMegabytes(), "MB"));
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
