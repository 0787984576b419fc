using Microsoft.Net.Http.Headers;
using SimLedger.Rules.Explaining;

namespace SimLedger.Server.Http;

/// <summary>The language an answer is told in, as the reader wishes it: Accept-Language, RFC 9110 section 12.5.4.</summary>
internal static class RequestLanguage
{
    /// <summary>The language of the highest weight that we have; of equal weights the first. English where none fits: a reader wants an answer, not 406.</summary>
    public static Language Of(HttpRequest request)
    {
        var wishes = request.GetTypedHeaders().AcceptLanguage.Where(wish => wish.Value.HasValue).ToList();
        var refused = wishes.Where(wish => wish.Quality == 0).Select(wish => Named(wish.Value.ToString())).ToHashSet();
        foreach (var wish in wishes.Where(wish => wish.Quality != 0).OrderByDescending(wish => wish.Quality ?? 1))
        {
            var language = wish.Value == "*" ? Language.All.FirstOrDefault(any => !refused.Contains(any)) : Named(wish.Value.ToString());
            if (language is not null) return language;
        }

        return Language.All[0];
    }

    /// <summary>Says in the answer what it depends on and what was chosen.</summary>
    public static void Announce(HttpResponse response, Language language)
    {
        response.Headers.ContentLanguage = language.Tag;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
    }

    // By the first subtag: who reads any Chinese reads the only one we have sooner than English.
    private static Language? Named(string range) =>
        Language.All.FirstOrDefault(language => string.Equals(First(language.Tag), First(range), StringComparison.OrdinalIgnoreCase));

    private static string First(string tag) => tag.Split('-', 2)[0];
}
