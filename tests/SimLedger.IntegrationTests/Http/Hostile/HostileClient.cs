using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SimLedger.IntegrationTests.Http.Hostile;

/// <summary>Sends what a well-behaved client would not: addresses and headers byte by byte. No request may take longer than its deadline.</summary>
internal sealed class HostileClient(string url, string key)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5), RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1, UseCookies = false,
    })
    {
        Timeout = Deadline,
    };

    /// <param name="pathAndQuery">Sent as it is.</param>
    /// <param name="headers">Beside the key and, with a body, its type and an idempotency key of its own; one named here goes before.</param>
    public async Task<HostileAnswer> Send(HttpMethod method, string pathAndQuery, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(url + pathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            // The server may refuse a body without having read it; then it is not sent.
            if (body.Length > 500_000) request.Headers.ExpectContinue = true;
        }
        (string Name, string Value)[] usual = body is null ? [("Authorization", $"Bearer {key}")] : [("Authorization", $"Bearer {key}"), ("Content-Type", "application/json"), ("Idempotency-Key", Guid.NewGuid().ToString())];
        foreach (var (name, value) in usual.ExceptBy(headers.Select(header => header.Name), header => header.Name).Concat(headers))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var id = response.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.Single() : null;
        return new HostileAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, id, bytes);
    }
}

/// <summary>What came back.</summary>
/// <param name="RequestId">Null: the request was refused before the program saw it.</param>
internal sealed record HostileAnswer(HttpStatusCode Status, string? MediaType, string? RequestId, byte[] Bytes)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300 or 304;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    /// <summary>Of a batch the answer to its first item that was refused, as if it were the whole: its pointers lead through the list.</summary>
    public HostileAnswer Unwrapped()
    {
        if (Status != HttpStatusCode.MultiStatus) return this;
        var refused = JsonNode.Parse(Bytes)!["items"]!.AsArray().FirstOrDefault(item => item!["problem"] is not null);
        if (refused is null) return this;
        var problem = refused["problem"]!.DeepClone();
        foreach (var error in problem["errors"]?.AsArray() ?? []) error!["pointer"] = $"/items/{refused["index"]}{error["pointer"]}";
        return this with { Status = (HttpStatusCode)refused["status"]!.GetValue<int>(), MediaType = "application/problem+json", Bytes = Encoding.UTF8.GetBytes(problem.ToJsonString()) };
    }
}
