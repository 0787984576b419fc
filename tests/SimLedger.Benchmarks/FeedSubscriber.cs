using System.Text;
using System.Text.Json;

namespace SimLedger.Benchmarks;

/// <summary>A client that keeps a view of an organisation by its feed: the version and the newest top-up of each card, and how many facts there are of each type.</summary>
internal sealed class FeedSubscriber(HttpClient http)
{
    private const int PageSize = 1000;

    private readonly Dictionary<Guid, (int Version, string? ToppedUpAt)> _cards = [];
    private readonly Dictionary<string, int> _types = [];

    public long Position { get; private set; }

    public int Cards => _cards.Count;

    /// <summary>Reads by polls up to the end.</summary>
    public async Task Poll()
    {
        while (true)
        {
            using var page = JsonDocument.Parse(await http.GetByteArrayAsync($"/v1/events?after={Position}&limit={PageSize}"));
            foreach (var fact in page.RootElement.GetProperty("events").EnumerateArray()) Take(fact);
            if (Position >= page.RootElement.GetProperty("head").GetInt64()) return;
        }
    }

    /// <summary>Reads a stream of Server-Sent Events up to a position.</summary>
    public async Task Stream(long end)
    {
        while (Position < end)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/events?after={Position}");
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8, false, 1 << 16);
            while (Position < end && await lines.ReadLineAsync() is { } line)
            {
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                using var fact = JsonDocument.Parse(line.AsMemory(6));
                Take(fact.RootElement);
            }
        }
    }

    private void Take(JsonElement fact)
    {
        var position = fact.GetProperty("position").GetInt64();
        if (position != Position + 1) throw new InvalidOperationException($"{position} came after {Position}.");
        Position = position;
        var type = fact.GetProperty("type").GetString()!;
        _types[type] = _types.GetValueOrDefault(type) + 1;
        var card = fact.GetProperty("cardId").GetGuid();
        var known = _cards.GetValueOrDefault(card);
        _cards[card] = (fact.GetProperty("version").GetInt32(), type == "ToppedUp" ? fact.GetProperty("data").GetProperty("at").GetString() : known.ToppedUpAt);
    }
}
