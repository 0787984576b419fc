using Microsoft.Net.Http.Headers;

namespace SimLedger.Server.Http;

/// <summary>What a client has of a resource already: If-None-Match, RFC 9110 section 13.1.2.</summary>
internal static class EntityTag
{
    /// <summary>Whether the client names this tag. An asterisk names none: it does not say what the client has.</summary>
    /// <param name="tag">With its quotes.</param>
    public static bool IsHeldBy(HttpRequest request, string tag) => request.GetTypedHeaders().IfNoneMatch.Any(held => held.Tag == tag && held.Tag != "*");

    /// <summary>Says that an answer may be kept, and shown again after asking.</summary>
    public static void Announce(HttpResponse response, string tag)
    {
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Append(HeaderNames.Vary, HeaderNames.Authorization);
    }
}
