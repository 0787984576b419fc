using System.Security.Cryptography;
using SimLedger.Server.Http;

namespace SimLedger.Server.Hosting;

/// <summary>GET /openapi/v1.json: the API in the words of OpenAPI 3.1, as committed in docs/openapi.json. It tells no secret, so it needs no key.</summary>
internal static class ApiDescription
{
    private static readonly byte[] Bytes = Read();

    /// <summary>Of the content: other bytes, another tag.</summary>
    private static readonly string ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes))[..32]}\"";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi/v1.json", Handle);

    private static async Task Handle(HttpContext http)
    {
        if (new RequestQuery(http.Request).Finish() is { } wrong)
        {
            await wrong.ExecuteAsync(http);
            return;
        }
        http.Response.Headers.ETag = ETag;
        http.Response.Headers.CacheControl = "no-cache"; // Kept, but asked for again: the next version of the server may say more.
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == "*" || known.Tag == ETag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Bytes.Length;
        await http.Response.Body.WriteAsync(Bytes, http.RequestAborted);
    }

    private static byte[] Read()
    {
        using var stream = typeof(ApiDescription).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvalidOperationException("The program was built without its description, docs/openapi.json.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
