using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>A request that a caller wants carried out once, and what it was told.</summary>
/// <param name="Key">Its idempotency key; also stands in the facts, so that a second effect would be seen.</param>
internal sealed record Wish(string Tenant, string Key, string Path, object Body)
{
    /// <summary>Some attempt ended without telling whether it took effect.</summary>
    public bool WasUnknown { get; set; }

    /// <summary>Ids of the facts that the server acknowledged; null: never settled.</summary>
    public IReadOnlyList<Guid>? Acknowledged { get; set; }
}

/// <summary>What all callers of a kill run saw.</summary>
internal sealed class KillRunLog
{
    public ConcurrentBag<Wish> Wishes { get; } = [];

    /// <summary>How often which answer came: a status and code, or the connection was lost.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new();

    /// <summary>What no caller may ever be told.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    public void Count(string answer) => Answers.AddOrUpdate(answer, 1, (_, n) => n + 1);
}

/// <summary>A client as the documentation wants it: one key a request, repeated to whichever server answers until it is settled.</summary>
internal sealed class KillRunCaller(string tenant, string apiKey, int number, int seed, Func<int, string> serverUrl, int servers, KillRunLog log) : IDisposable
{
    private const int OneInRegisters = 12;
    private const int OneInRepeats = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(35) };
    private int _count;

    public void Dispose() => _http.Dispose();

    /// <summary>Registers a card and returns its id.</summary>
    /// <param name="patience">Ends the attempts; what is not settled by then stays so.</param>
    public async Task<Guid?> Register(CancellationToken patience)
    {
        var key = NextKey();
        var digits = (number * 100_000 + _count).ToString("0000000", CultureInfo.InvariantCulture);
        var wish = new Wish(tenant, key, "/v1/cards", new { carrier = "ph-tm", lines = new[] { new { number = $"+63917{digits}", product = "prepaid" } }, notes = key });
        return (await Settle(wish, patience))?.GetProperty("cardId").GetGuid();
    }

    /// <summary>Tops up hot cards, now and then registers one, until told to stop; then settles what is open.</summary>
    public async Task Run(IReadOnlyList<Guid> hotCards, CancellationToken stop, CancellationToken patience)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_random.Next(OneInRegisters) == 0)
            {
                await Register(patience);
                continue;
            }
            var key = NextKey();
            var card = hotCards[_random.Next(hotCards.Count)];
            await Settle(new Wish(tenant, key, $"/v1/cards/{card:D}/top-ups", new { amount = "15", currency = "PHP", source = key }), patience);
        }
    }

    private string NextKey() => $"wish-{number}-{++_count}";

    private async Task<JsonElement?> Settle(Wish wish, CancellationToken patience)
    {
        log.Wishes.Add(wish);
        var server = _random.Next(servers);
        while (!patience.IsCancellationRequested)
        {
            if (await Attempt(wish, server, patience) is { } answer)
            {
                wish.Acknowledged = Facts(answer);
                if (_random.Next(OneInRepeats) == 0) await Repeat(wish, answer, (server + 1) % servers, patience);
                return answer;
            }
            if (log.Wrong.Count > 100) return null; // Something is thoroughly wrong; the first ones tell what.
            await Task.Delay(Pause, CancellationToken.None);
            server = _random.Next(servers);
        }
        return null;
    }

    /// <summary>As a client that forgot it had its answer, at another server: the same must come.</summary>
    private async Task Repeat(Wish wish, JsonElement first, int server, CancellationToken patience)
    {
        if (await Attempt(wish, server, patience) is not { } again) return; // That server is down just now.
        log.Count("repeated");
        if (again.GetProperty("position").GetInt64() != first.GetProperty("position").GetInt64() || !Facts(again).SequenceEqual(Facts(first)))
        {
            log.Wrong.Enqueue($"{wish.Key} was answered {first} and then {again}");
        }
    }

    /// <returns>The answer of a success; null: to be repeated.</returns>
    private async Task<JsonElement?> Attempt(Wish wish, int server, CancellationToken patience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, serverUrl(server) + wish.Path) { Content = JsonContent.Create(wish.Body) };
        request.Headers.Add("Authorization", $"Bearer {apiKey}");
        request.Headers.Add("Idempotency-Key", wish.Key);
        try
        {
            using var response = await _http.SendAsync(request, patience);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(patience);
            if (response.IsSuccessStatusCode)
            {
                log.Count(response.Headers.Contains("Idempotency-Replayed") ? "replayed" : "done");
                return answer;
            }
            var code = answer.GetProperty("code").GetString()!;
            log.Count($"{(int)response.StatusCode} {code}");
            if (code is "outcome-unknown") wish.WasUnknown = true;
            // The server says of these that a repetition is safe and may succeed. Any other refusal has no reason here: every request is sound.
            if (code is not ("outcome-unknown" or "busy" or "database-unavailable" or "card-busy" or "request-in-flight"))
            {
                log.Wrong.Enqueue($"{wish.Key} was answered {(int)response.StatusCode} {answer}");
            }
            return null;
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
        {
            log.Count("server down"); // Never sent.
            return null;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            wish.WasUnknown = true;
            log.Count("connection lost");
            return null;
        }
    }

    private static List<Guid> Facts(JsonElement answer) => [.. answer.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("factId").GetGuid())];
}
