using System.Globalization;
using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.Feed;

/// <summary>A client of Server-Sent Events, as a browser reads them.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }) { Timeout = Timeout.InfiniteTimeSpan };

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventStream(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    /// <summary>Comment lines read so far.</summary>
    public int Comments { get; private set; }

    /// <summary>What the server told of how long to wait before coming again.</summary>
    public int? RetryMilliseconds { get; private set; }

    public static async Task<HttpResponseMessage> Ask(string url, string key, string query, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/v1/events{query}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static async Task<EventStream> Open(string url, ApiClient client, string query, string? lastEventId = null)
    {
        var response = await Ask(url, client.Key!, query, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null: the server ended the stream, in order.</summary>
    /// <exception cref="HttpIOException">It was cut off.</exception>
    public async Task<Received?> Next(CancellationToken cancel = default)
    {
        string? id = null, type = null, data = null;
        while (await _lines.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length == 0 && data is not null) return new Received(long.Parse(id!, CultureInfo.InvariantCulture), type!, JsonSerializer.Deserialize<JsonElement>(data));
            if (line.Length == 0) continue;
            if (line.StartsWith(':')) Comments++;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("retry: ", StringComparison.Ordinal)) RetryMilliseconds = int.Parse(line[7..], CultureInfo.InvariantCulture);
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = Assert.IsType<string>(data is null ? line[6..] : null);
            else Assert.Fail($"No field of an event: {line}");
        }
        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    internal sealed record Received(long Id, string Type, JsonElement Data);
}
