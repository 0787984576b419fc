using SimLedger.Rules.Quoting;

namespace SimLedger.Server.Http;

/// <summary>The language of sentences, by Accept-Language: Chinese for any zh, else English.</summary>
internal static class SpokenLanguage
{
    /// <summary>Chooses, and says so in the answer's headers.</summary>
    public static string For(HttpContext http)
    {
        var language = Of(http.Request);
        http.Response.Headers.ContentLanguage = language;
        http.Response.Headers.Vary = "Accept-Language";
        return language;
    }

    private static string Of(HttpRequest request)
    {
        var (chosen, weight) = (QuoteSentences.English, 0d);
        foreach (var accepted in request.GetTypedHeaders().AcceptLanguage)
        {
            var tag = accepted.Value.AsSpan();
            var known = IsOf(tag, "zh") ? QuoteSentences.Chinese : IsOf(tag, "en") || tag is "*" ? QuoteSentences.English : null;
            if (known is null || (accepted.Quality ?? 1) <= weight) continue;
            (chosen, weight) = (known, accepted.Quality ?? 1);
        }
        return chosen;
    }

    private static bool IsOf(ReadOnlySpan<char> tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');
}
