using Microsoft.AspNetCore.Http.Timeouts;
using Npgsql;

namespace SimLedger.Server.Http;

/// <summary>Whatever goes wrong leaves as a problem: bare status codes of the framework, a lost database, our own bugs.</summary>
internal static class ProblemAnswers
{
    private const int ClientGone = 499;

    public static async Task Around(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.ContentType is null && OfBareStatus(http) is { } problem) await problem.ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested && http.Features.Get<IHttpRequestTimeoutFeature>()?.RequestTimeoutToken.IsCancellationRequested != true)
        {
            http.Response.StatusCode = ClientGone; // Nobody reads this but the log.
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await (error.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => new Problem(ProblemKind.BodyTooLarge, "The body is larger than a command may have."),
                StatusCodes.Status408RequestTimeout => new Problem(ProblemKind.RequestTooSlow, "The body came too slowly. Nothing was recorded; send it at once."),
                _ => new Problem(ProblemKind.InvalidRequest, "The request is not well-formed HTTP."),
            }).ExecuteAsync(http);
        }
        catch (Exception error) when (error is NpgsqlException { IsTransient: true } or TimeoutException && !http.Response.HasStarted)
        {
            Log(http).LogWarning(error, "The database could not be reached for {Method} {Path}.", http.Request.Method, http.GetEndpoint()?.DisplayName);
            await new Problem(ProblemKind.DatabaseUnavailable, "Repeat the request with the same idempotency key in a while.") { RetryAfter = TimeSpan.FromSeconds(2) }.ExecuteAsync(http);
        }
        catch (Exception error) when (error is not OperationCanceledException && !http.Response.HasStarted)
        {
            Log(http).LogError(error, "Request {RequestId} failed in an unforeseen way.", http.TraceIdentifier);
            await new Problem(ProblemKind.Internal, $"The error is logged under {http.TraceIdentifier}. Repeating the request with the same idempotency key is safe.").ExecuteAsync(http);
        }
    }

    private static Problem? OfBareStatus(HttpContext http)
    {
        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                return new Problem(ProblemKind.NotFound, "Check path and method; every address starts with /v1, ids are UUIDs.");
            case StatusCodes.Status405MethodNotAllowed:
                // Whatever takes GET takes HEAD.
                http.Response.Headers.Allow = string.Join(", ", http.Response.Headers.Allow.ToString().Split(", ").SelectMany(m => m == HttpMethods.Get ? [m, HttpMethods.Head] : new[] { m }));
                return new Problem(ProblemKind.MethodNotAllowed, $"Allowed here: {http.Response.Headers.Allow}.");
            case StatusCodes.Status415UnsupportedMediaType:
                return new Problem(ProblemKind.UnsupportedMediaType, "Send the body in the media type that this address takes.");
            case >= 400 and < 500 and not ClientGone:
                return new Problem(ProblemKind.InvalidRequest, "The request is not as this address takes it.");
            default:
                return null;
        }
    }

    private static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("SimLedger.Http");
}
