namespace SimLedger.Server.Http;

/// <summary>Bounds of what comes before the body, checked where a problem can still be answered.</summary>
internal static class RequestSize
{
    /// <summary>Characters of path and query: what proxies pass on.</summary>
    public const int LongestAddress = 8 * 1024;

    /// <summary>Characters of all headers, names included.</summary>
    public const int LargestHeaders = 32 * 1024;

    public static Task Check(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        var address = request.Path.Value?.Length + request.QueryString.Value?.Length;
        if (address > LongestAddress) return new Problem(ProblemKind.UriTooLong, $"Path and query have {address} characters, at most {LongestAddress} are taken. Ask for less at once.").ExecuteAsync(http);

        var headers = 0;
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values) headers += name.Length + (value?.Length ?? 0);
        }
        return headers <= LargestHeaders
            ? next(http)
            : new Problem(ProblemKind.HeadersTooLarge, $"The headers have {headers} characters, at most {LargestHeaders} are taken. Leave out what is not needed, such as cookies.").ExecuteAsync(http);
    }
}
