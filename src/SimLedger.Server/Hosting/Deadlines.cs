using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SimLedger.Server.Http;

namespace SimLedger.Server.Hosting;

/// <summary>How long and how large a request and its connection may be. Everything has a bound, so that no client can hold the server.</summary>
internal static class Deadlines
{
    /// <summary>No request is worked on longer, whatever the database does; the client gets 503 and may repeat it. Covers the longest wait that can be asked for.</summary>
    public static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(30);

    /// <summary>A browser sends its headers in one packet; who needs longer holds a connection for nothing.</summary>
    public static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(10);

    /// <summary>Over the minute after which most balancers give an idle connection up: the server must not be the first, or a request meets a closed one.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(130);

    /// <summary>Bytes a second of a body or of reading an answer, after five seconds of grace: a modem's speed.</summary>
    private const double SlowestRate = 240;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Each costs some kilobytes and a file handle; more than this of one process is an attack or a missing balancer. Further ones are closed at once.</summary>
    private const int MostConnections = 4000;

    /// <summary>The largest body of any address, bulk and rule packs included; each address has its own below it.</summary>
    private const int LargestBody = 1024 * 1024;

    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.RequestHeadersTimeout = HeadersTime;
        limits.KeepAliveTimeout = IdleTime;
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestRate, Grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestRate, Grace);
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = 0; // There are no web sockets here.
        limits.MaxRequestBodySize = LargestBody;
        // Kestrel refuses what is longer with an empty body; above our own bounds, so that a request over those gets a problem that says so.
        limits.MaxRequestLineSize = 4 * RequestSize.LongestAddress;
        limits.MaxRequestHeadersTotalSize = 4 * RequestSize.LargestHeaders;
    }

    public static void Set(RequestTimeoutOptions timeouts) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
    {
        Timeout = RequestTime,
        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        WriteTimeoutResponse = http => new Problem(ProblemKind.Busy, $"The request took longer than {RequestTime.TotalSeconds:0} seconds. Repeat it with the same idempotency key.")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        }.ExecuteAsync(http),
    };
}
