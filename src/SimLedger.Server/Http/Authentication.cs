using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Http;

/// <summary>Lets requests to /v1 pass with a good key and the scope their method needs. Runs after routing, which knows the address.</summary>
public sealed class Authentication(RequestDelegate next, Credentials credentials)
{
    public const string Read = "read";
    public const string Write = "write";

    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/v1"))
        {
            await next(http);
            return;
        }

        var (caller, problem) = await Identify(http);
        if (problem is not null)
        {
            await problem.ExecuteAsync(http);
            return;
        }
        http.Features.Set(caller);
        await next(http);
    }

    private static bool IsRead(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<RecordsNothing>() is not null;

    private async Task<(Caller? Caller, Problem? Problem)> Identify(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, new Problem(ProblemKind.Unauthenticated, "Send the header Authorization: Bearer slk_live_… with one of the organisation's API keys."));
        }
        var key = value[Scheme.Length..].Trim();
        if (!ApiKey.IsWellFormed(key))
        {
            return (null, new Problem(ProblemKind.Unauthenticated, "The API key is mistyped or cut off: its checksum does not fit."));
        }
        if (await credentials.Find(ApiKey.Hash(key), http.RequestAborted) is not { } credential)
        {
            return (null, new Problem(ProblemKind.Unauthenticated, "The API key is not known here or was revoked."));
        }
        var scope = IsRead(http) ? Read : Write;
        return credential.Scopes.Contains(scope, StringComparer.Ordinal)
            ? (new Caller(credential), null)
            : (null, new Problem(ProblemKind.ScopeMissing, $"This needs the scope {scope}; the key has {string.Join(", ", credential.Scopes)}."));
    }
}

/// <summary>Marks an address whose POST records nothing, such as a quote: it takes a body, and the scope of reading is enough.</summary>
internal sealed class RecordsNothing;
