using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Sizes, types, methods, paths and headers that are not as they must be: a problem each, nothing recorded, never a 500.</summary>
public sealed class StrictRequests(StrictInput.OneCard card) : IClassFixture<StrictInput.OneCard>
{
    private const string TopUp = """{"amount":"10"}""";

    private readonly string _topUps = $"{card.Path}/top-ups";

    [Theory]
    [InlineData(64 * 1024, false)]
    [InlineData(64 * 1024 + 1, true)]
    [InlineData(1024 * 1024 + 1, true)]
    public async Task A_body_over_the_limit_is_refused_whatever_is_in_it(int bytes, bool tooLarge)
    {
        var before = await card.Facts();

        // Expect: who is refused by the length does not send the body into a connection that is closing.
        var answer = await card.Client.Post(_topUps, "{" + new string(' ', bytes - 2) + "}", null, ("Expect", "100-continue"));

        if (tooLarge) answer.Problem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        else answer.Problem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(before, await card.Facts());
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json-patch")]
    [InlineData("not a type")]
    [InlineData("application/json; charset=gb2312")]
    [InlineData("application/json; charset=utf-16")]
    public async Task A_body_of_another_type_is_refused(string type)
    {
        var before = await card.Facts();

        var answer = await card.Client.Send(HttpMethod.Post, _topUps, ApiClient.Json(Encoding.UTF8.GetBytes(TopUp), type), ("Idempotency-Key", "k"));

        answer.Problem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        Assert.Equal(before, await card.Facts());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    [InlineData("application/merge-patch+json")]
    public async Task Json_by_its_other_spellings_is_taken(string type) =>
        (await card.Client.Send(HttpMethod.Post, _topUps, ApiClient.Json(Encoding.UTF8.GetBytes(TopUp), type), ("Idempotency-Key", Guid.NewGuid().ToString()))).Is(HttpStatusCode.OK);

    [Theory]
    [InlineData("PUT", "/v1/cards", "GET, HEAD, POST")]
    [InlineData("GET", "/v1/plans", "POST")]
    [InlineData("DELETE", "", "GET, HEAD")]
    [InlineData("PATCH", "", "GET, HEAD")]
    [InlineData("GET", "/top-ups", "POST")]
    [InlineData("POST", "/history", "GET, HEAD")]
    [InlineData("POST", "/v1/due-list", "GET, HEAD")]
    public async Task A_method_not_taken_here_is_told_which_are(string method, string path, string allowed)
    {
        var answer = await card.Client.Send(new HttpMethod(method), path.StartsWith("/v1", StringComparison.Ordinal) ? path : card.Path + path, null);

        answer.Problem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal(allowed, answer.Header("Allow"));
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v1/card")]
    [InlineData("/v1/cards/1")]
    [InlineData("/v1/cards/0193d7c4-8a00-7000-8000-00000000000")]
    [InlineData("/v1/cards/0193d7c4-8a00-7000-8000-000000000001/nothing")]
    [InlineData("/")]
    [InlineData("/favicon.ico")]
    public async Task A_path_that_leads_nowhere_is_a_problem_too(string path) => (await card.Client.Get(path)).Problem(HttpStatusCode.NotFound, "not-found");

    [Theory]
    [InlineData("/v1/cards/0193d7c4-8a00-7000-8000-000000000001?asof=2026-01-01", "asof")]
    [InlineData("/v1/due-list?%F0%9F%98%80=1", "😀")]
    public async Task An_unknown_member_of_the_query_is_told_by_name(string path, string name) =>
        Assert.Equal(name, (await card.Client.Get(path)).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors")[0].GetProperty("pointer").GetString());

    [Fact]
    public async Task Names_in_a_query_are_cut_between_characters()
    {
        var answer = await card.Client.Get($"/v1/due-list?{new string('x', 99)}{Uri.EscapeDataString("😀😀")}=1");

        var pointer = answer.Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors")[0].GetProperty("pointer").GetString()!;
        Assert.Equal(new string('x', 99), pointer);
    }

    [Fact]
    public async Task A_command_with_a_query_is_refused_as_nobody_would_read_it() =>
        (await card.Client.Post($"{_topUps}?amount=10&dryRun=true", TopUp)).Problem(HttpStatusCode.BadRequest, "invalid-request");

    [Theory]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: b", "idempotency-key-malformed")]
    [InlineData("Idempotency-Key: k\r\nSimLedger-Reason: %F0%9F%98\r\nSimLedger-Reason: two", "invalid-request")]
    [InlineData("Idempotency-Key: k\r\nIf-Match: \"1\"\r\nIf-Match: \"2\"", "invalid-request")]
    public async Task A_header_given_twice_is_refused(string headers, string code)
    {
        var answer = await Raw($"POST {_topUps} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {card.Client.Key}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {TopUp.Length}\r\n{headers}\r\n\r\n{TopUp}", breakOff: false);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_records_nothing()
    {
        var before = await card.Facts();

        await Raw($"POST {_topUps} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {card.Client.Key}\r\nConnection: close\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 500\r\n\r\n{TopUp}", breakOff: true);

        Assert.Equal(before, await card.Facts());
    }

    /// <summary>Says exactly this, which no well-behaved client would, and hears the answer to its end.</summary>
    private async Task<string> Raw(string request, bool breakOff)
    {
        var address = new Uri(card.Api.Host.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        if (breakOff) socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException) when (breakOff)
        {
            return ""; // The server hung up on a body that cannot come any more; whether it closes or resets is the kernel's timing.
        }
    }
}
