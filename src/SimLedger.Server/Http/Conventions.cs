namespace SimLedger.Server.Http;

/// <summary>What holds for every address alike.</summary>
internal static class Conventions
{
    /// <summary>Gives the request an id: in its answer, with its facts, and in every line that is logged while it is worked on.</summary>
    public static async Task WithRequestId(HttpContext http, RequestDelegate next)
    {
        http.TraceIdentifier = Guid.CreateVersion7().ToString("D");
        http.Response.Headers[RequestId.Header] = http.TraceIdentifier;
        var log = http.RequestServices.GetRequiredService<ILogger<RequestDelegate>>();
        using (log.BeginScope(new KeyValuePair<string, object?>[] { new("RequestId", http.TraceIdentifier) })) await next(http);
    }

    /// <summary>HEAD is answered as GET would be: the server of the framework leaves the body out, as it knows the method that came over the wire.</summary>
    public static Task HeadAsGet(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        return next(http);
    }

    /// <summary>A client that cannot read what the address answers with is told so, before anything is recorded.</summary>
    public static Task CheckAccept(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint) return next(http); // Nothing here, or not by this method: that is the news.
        var types = AnswerTypes.Of(endpoint);
        return types.Suit(http.Request.Headers.Accept)
            ? next(http)
            : new Problem(ProblemKind.NotAcceptable, $"This address answers with {string.Join(" or ", types.Offered)}. Send Accept with it or with */*, or leave Accept out.").ExecuteAsync(http);
    }
}
