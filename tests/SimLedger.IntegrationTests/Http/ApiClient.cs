using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Sends real requests with one API key.</summary>
public sealed class ApiClient(string url, TenantId tenant, string? key, Guid keyId)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2) });

    public TenantId Tenant { get; } = tenant;

    public string? Key { get; } = key;

    public Guid KeyId { get; } = keyId;

    /// <summary>The same key at another server.</summary>
    public ApiClient At(string otherUrl) => new(otherUrl, Tenant, Key, KeyId);

    /// <summary>The same server with another key; null: none.</summary>
    public ApiClient With(string? otherKey) => new(url, Tenant, otherKey, KeyId);

    public Task<ApiAnswer> Get(string path) => Send(HttpMethod.Get, path, null);

    /// <param name="idempotencyKey">Null: a new one.</param>
    public Task<ApiAnswer> Post(string path, string body, string? idempotencyKey = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, Json(body), [("Idempotency-Key", idempotencyKey ?? Guid.NewGuid().ToString()), .. headers]);

    /// <summary>Registers a card that must be taken.</summary>
    public async Task<Guid> Register(string body)
    {
        var answer = await Post("/v1/cards", body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer.Json.GetProperty("cardId").GetGuid();
    }

    public async Task<ApiAnswer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url + path) { Content = content };
        if (Key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // A stream of events has no end to wait for.
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") return new ApiAnswer(response.StatusCode, response.Headers, response.Content.Headers, []);
        return new ApiAnswer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync());
    }

    public static ByteArrayContent Json(string body) => Json(Encoding.UTF8.GetBytes(body));

    public static ByteArrayContent Json(byte[] body, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}

/// <summary>What came back, kept whole.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    public string? ETag => Headers.TryGetValues("ETag", out var tags) ? tags.Single() : null;

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>Checks that this is a problem in the form every problem has.</summary>
    public JsonElement Problem(HttpStatusCode status, string code)
    {
        Assert.True(Status == status, $"{(int)Status}, not {(int)status}: {Text}");
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        var problem = Json;
        Assert.True(problem.GetProperty("code").GetString() == code, Text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.EndsWith($"/{code}", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.True(Guid.TryParseExact(Header("X-Request-Id"), "D", out _), "A problem is reported with its request's id.");
        return problem;
    }

    public ApiAnswer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)Status}, not {(int)status}: {Text}");
        return this;
    }
}
