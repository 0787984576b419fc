using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Addresses and headers as programs with bugs and people with time send them: clear problems wherever the framework's server lets a request through.</summary>
public sealed class StrangeAddresses(StrictInput.OneCard card) : IClassFixture<StrictInput.OneCard>
{
    [Theory]
    [InlineData("/v1/cards/NOT-A-UUID")]
    [InlineData("/v1/cards/0193d7c48a007000800000000000000%31%32")]
    [InlineData("/v1/cards%2F0193d7c4-8a00-7000-8000-000000000001")]
    [InlineData("/v1%2Fdue-list")]
    [InlineData("/v1/cards/0193d7c4-8a00-7000-8000-000000000001%2Fhistory")]
    [InlineData("/v1//due-list")]
    [InlineData("//v1/due-list")]
    [InlineData("/v1/due-list/x")]
    [InlineData("/v1/due%2Dlist%20")]
    [InlineData("/v1/%F0%9F%98%80")]
    [InlineData("/v1/%FF%FE")]
    public async Task An_address_that_leads_nowhere_is_a_problem(string path) =>
        (await card.Client.Get(path)).Problem(HttpStatusCode.NotFound, "not-found");

    [Theory]
    [InlineData("/v1/carriers/a%2Fb")]
    [InlineData("/v1/carriers/%F0%9F%98%80")]
    public async Task A_name_may_be_any_text_and_is_not_found(string path) =>
        (await card.Client.Get(path)).Problem(HttpStatusCode.NotFound, "carrier-not-found");

    [Theory]
    [InlineData("/V1/CARDS/")]
    [InlineData("/v1/cards/")]
    public async Task Case_and_a_slash_at_the_end_do_not_matter_and_need_a_key_all_the_same(string path)
    {
        (await card.Client.Post(path, """{"lines":[]}""")).Is(HttpStatusCode.BadRequest);
        (await card.Client.With(null).Post(path, "{}")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData(8 * 1024 - 4, HttpStatusCode.NotFound, "not-found")]
    [InlineData(8 * 1024 + 1, HttpStatusCode.RequestUriTooLong, "uri-too-long")]
    [InlineData(30 * 1024, HttpStatusCode.RequestUriTooLong, "uri-too-long")]
    public async Task A_long_address_is_refused_by_a_problem(int length, HttpStatusCode status, string code)
    {
        (await card.Client.Get($"/v1/{new string('x', length - 4)}")).Problem(status, code);
        if (status == HttpStatusCode.RequestUriTooLong) (await card.Client.Get($"/v1/due-list?{new string('x', length)}")).Problem(status, code);
    }

    [Theory]
    [InlineData(20 * 1024, HttpStatusCode.OK, null)]
    [InlineData(40 * 1024, HttpStatusCode.RequestHeaderFieldsTooLarge, "headers-too-large")]
    [InlineData(120 * 1024, HttpStatusCode.RequestHeaderFieldsTooLarge, "headers-too-large")]
    public async Task Large_headers_are_refused_by_a_problem(int length, HttpStatusCode status, string? code)
    {
        foreach (var headers in new[] { [("Cookie", new string('x', length))], Enumerable.Range(0, 64).Select(i => ($"X-{i}", new string('x', length / 64))).ToArray() })
        {
            var answer = (await card.Client.Send(HttpMethod.Get, "/v1/due-list", null, headers)).Is(status);
            if (code is not null) answer.Problem(status, code);
        }
    }

    // Refused before there is a request that we could answer: a status of the framework's server, and the connection closed.
    [Theory]
    [InlineData("GET /v1/due-list\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET v1/due-list HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/due-list HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/due-list HTTP/1.1\r\nHost: x\r\nX-Broken\r\n\r\n", 400)]
    [InlineData("GET /v1/due-list HTTP/4.2\r\nHost: x\r\n\r\n", 505)]
    [InlineData("POST /v1/cards HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    public async Task What_is_not_HTTP_is_refused_by_a_bare_status(string request, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status}", await Raw(request), StringComparison.Ordinal);

    [Fact]
    public async Task Beyond_four_times_the_bounds_the_status_is_bare()
    {
        Assert.StartsWith("HTTP/1.1 414", await Raw($"GET /{new string('x', 40 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await Raw($"GET / HTTP/1.1\r\nHost: x\r\nCookie: {new string('x', 140 * 1024)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await Raw($"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: x\r\n"))}\r\n"), StringComparison.Ordinal);
    }

    /// <summary>What the framework's server makes of bytes that no client of its kind would send.</summary>
    private async Task<string> Raw(string request)
    {
        using var socket = new TcpClient();
        var url = new Uri(card.Api.Host.Url);
        await socket.ConnectAsync(url.Host, url.Port);
        var stream = socket.GetStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        var (answer, read) = (new byte[4096], 0);
        try
        {
            for (int got; read < answer.Length && (got = await stream.ReadAsync(answer.AsMemory(read), limit.Token)) > 0;) read += got;
        }
        catch (IOException)
        {
            // Reset once the answer was sent, as there was more to read than the server wanted.
        }
        return Encoding.ASCII.GetString(answer, 0, read);
    }
}
