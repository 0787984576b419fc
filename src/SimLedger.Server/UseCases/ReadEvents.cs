using System.Globalization;
using Microsoft.AspNetCore.Http.Timeouts;
using SimLedger.Cards;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Feed;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/events?after=…: the organisation's facts in the order of their commits, as a long poll or as Server-Sent Events.</summary>
internal sealed class ReadEvents(EventLedger ledger, TenantHeads heads, FeedWatch watch, FeedStream stream, IHostApplicationLifetime host)
{
    private const int DefaultLimit = 100;
    private const int MostFacts = 1000;
    private const int LongestWait = 30;

    /// <summary>Polls and streams of one organisation that wait at once, in this process.</summary>
    public const int MostOpen = 100;

    private readonly LongRequests _open = new(MostOpen);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/events", async (HttpContext http, ReadEvents events) =>
    {
        if (await (WantsStream(http.Request) ? events.Stream(http) : events.Poll(http)) is { } problem) await problem.ExecuteAsync(http);
    }).Answers("application/json", "text/event-stream");

    private async Task<Problem?> Poll(HttpContext http)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var after = After(query);
        var limit = query.Whole("limit", 1, MostFacts, DefaultLimit);
        var wait = TimeSpan.FromSeconds(query.Whole("wait", 0, LongestWait, 0));
        if (query.Finish() is { } wrong) return wrong;

        var (facts, head) = await Read(tenant, after, limit, http.RequestAborted);
        if (after > head) return Beyond(after, head);
        if (facts.Count == 0 && wait > TimeSpan.Zero)
        {
            using var place = _open.Enter(tenant);
            if (place is null) return _open.TooMany("waiting polls and streams");
            // It waits as long as it asked to, which the time-out of ordinary requests would cut short.
            http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
            await Wait(http, tenant, after, wait);
            (facts, head) = await Read(tenant, after, limit, http.RequestAborted);
        }

        await JsonText.Answer(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("events");
            foreach (var fact in facts) FactJson.Write(json, fact);
            json.WriteEndArray();
            json.WriteNumber("next", facts.Count > 0 ? facts[^1].Position : after);
            json.WriteNumber("head", head);
        });
        return null;
    }

    private async Task<Problem?> Stream(HttpContext http)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var after = After(query);
        if (query.Finish() is { } wrong) return wrong;
        if (http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last])
        {
            // A client that was cut off repeats the address that it began with; this says how far it has come since.
            if (!TryPosition(last, out after))
            {
                return new Problem(ProblemKind.InvalidRequest, "Last-Event-ID is none of ours.", [new MemberError("Last-Event-ID", ValueCode.HeaderMalformed, "The id of the last event received is expected: a position such as 3352.")]);
            }
        }
        var head = await heads.Of(tenant, http.RequestAborted);
        if (after > head.Position) return Beyond(after, head.Position);
        using var place = _open.Enter(tenant);
        if (place is null) return _open.TooMany("waiting polls and streams");

        http.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        await stream.Run(http, Caller.Of(http).Credential, after);
        return null;
    }

    /// <summary>The facts first and the head after them, so that the head is never behind what is shown.</summary>
    private async Task<(IReadOnlyList<StoredEvent> Facts, long Head)> Read(TenantId tenant, long after, int limit, CancellationToken cancel)
    {
        var facts = await ledger.ReadFeed(tenant, after, limit, cancel);
        return (facts, (await heads.Of(tenant, cancel)).Position);
    }

    private async Task Wait(HttpContext http, TenantId tenant, long after, TimeSpan wait)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping);
        try
        {
            await watch.Beyond(tenant, after, wait, ended.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The server stops: what there is now is the answer, and the next poll goes to another.
        }
    }

    private static long After(RequestQuery query)
    {
        if (query.One("after") is not { } text) return 0;
        if (!TryPosition(text, out var after)) query.Wrong("after", ValueCode.OutOfRange, "A position is expected: next of the answer before, or 0 for the start.");
        return after;
    }

    private static bool TryPosition(string text, out long position) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position);

    private static bool WantsStream(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.Quality != 0 && type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));

    private static Problem Beyond(long after, long head) => new(
        ProblemKind.PositionBeyondHead,
        $"The feed goes up to position {head}; {after} was never given out by this database. It was restored to an earlier state, or this is another one. Find out which before you go on: after a restore "
        + $"discard what you took over after {head} and go on from there; of another database begin anew at 0.");
}
