using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SimLedger.Server.Http;

/// <summary>The media types that an address can answer with; one without this metadata answers JSON.</summary>
internal sealed record AnswerTypes(params IReadOnlyList<string> Offered)
{
    // A client that asks for problems alone still gets its answer: it can read JSON.
    private static readonly AnswerTypes Json = new("application/json", "application/problem+json");

    public static AnswerTypes Of(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<AnswerTypes>() ?? Json;

    /// <summary>Whether a request may be answered with one of them: Accept as in RFC 9110, section 12.5.1.</summary>
    /// <param name="accept">None, or one that cannot be read: everything is taken.</param>
    public bool Suit(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept) || !MediaTypeHeaderValue.TryParseList(accept, out var ranges)) return true;
        return Offered.Any(offered => Weight(new MediaTypeHeaderValue(offered), ranges) > 0);
    }

    /// <summary>That of the narrowest range that holds the type; parameters such as charset do not count, there is one form of each.</summary>
    private static double Weight(MediaTypeHeaderValue offered, IList<MediaTypeHeaderValue> ranges)
    {
        var (weight, narrowest) = (0.0, -1);
        foreach (var range in ranges)
        {
            var narrow = range.MatchesAllTypes ? 0 : !range.Type.Equals(offered.Type, StringComparison.OrdinalIgnoreCase) ? -1
                : range.MatchesAllSubTypes ? 1 : range.SubType.Equals(offered.SubType, StringComparison.OrdinalIgnoreCase) ? 2 : -1;
            if (narrow > narrowest) (weight, narrowest) = (range.Quality ?? 1, narrow);
        }
        return weight;
    }
}

internal static class AnswerTypesOfEndpoints
{
    /// <summary>Says what an address answers with instead of JSON; its problems are problem+json all the same.</summary>
    public static TBuilder Answers<TBuilder>(this TBuilder endpoint, params string[] types) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AnswerTypes(types));
}
