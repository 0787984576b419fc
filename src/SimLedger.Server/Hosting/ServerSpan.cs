using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace SimLedger.Server.Hosting;

/// <summary>
/// Fills the span that ASP.NET Core begins for a request: method, route as a template, status. Never the path or the query as they came: numbers
/// and names of people stand in them.
/// </summary>
internal static class ServerSpan
{
    private static readonly HashSet<string> Methods = new(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"], StringComparer.Ordinal);

    public static async Task Around(HttpContext http, RequestDelegate next)
    {
        // Taken before: a handler may put another method in its place.
        var method = Methods.Contains(http.Request.Method) ? http.Request.Method : "_OTHER";
        try
        {
            await next(http);
        }
        finally
        {
            if (http.Features.Get<IHttpActivityFeature>()?.Activity is { } span) Fill(span, http, method);
        }
    }

    private static void Fill(Activity span, HttpContext http, string method)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null)
        {
            // An orchestrator asks every few seconds: nobody wants a trace of that.
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }
        if (!span.IsAllDataRequested) return;
        var (route, status) = ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, http.Response.StatusCode);
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method);
        if (route is not null) span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        if (status < StatusCodes.Status500InternalServerError) return;
        span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error);
    }
}
