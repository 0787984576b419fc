using System.Globalization;
using System.Text.Json;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>One request that the file describes.</summary>
internal sealed record Operation(string Path, HttpMethod Method, JsonElement OfPath, JsonElement Described)
{
    public string Id => Described.GetProperty("operationId").GetString()!;

    /// <summary>Needs a key; every address under /v1 does.</summary>
    public bool IsSecured => !Described.TryGetProperty("security", out var own) || own.GetArrayLength() > 0;

    /// <summary>Of the path and of the operation, references followed.</summary>
    public IReadOnlyList<JsonElement> Parameters => [.. Listed(OfPath).Concat(Listed(Described))];

    /// <summary>Schema of the body; null: it takes none.</summary>
    public JsonElement? Body => Described.TryGetProperty("requestBody", out var body) ? Media(body)?.GetProperty("schema") : null;

    /// <summary>Examples of the body by name.</summary>
    public IEnumerable<(string Name, JsonElement Value)> BodyExamples => Body is null
        ? []
        : Media(Described.GetProperty("requestBody"))!.Value.GetProperty("examples").EnumerateObject().Select(example => (example.Name, example.Value.GetProperty("value")));

    /// <summary>The example of a body that is a file; null: it takes none.</summary>
    public string? FileExample => Body is null && Described.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().Single().Value.GetProperty("example").GetString() : null;

    /// <summary>By their status; without those told of a range, such as 4XX.</summary>
    public IEnumerable<(int Status, JsonElement Response)> Responses => Described.GetProperty("responses").EnumerateObject().Where(response => !response.Name.EndsWith("XX", StringComparison.Ordinal))
        .Select(response => (int.Parse(response.Name, CultureInfo.InvariantCulture), ApiFile.Resolve(response.Value)));

    public override string ToString() => $"{Method} {Path}";

    public IEnumerable<JsonElement> ParametersIn(string place) => Parameters.Where(parameter => parameter.GetProperty("in").GetString() == place);

    /// <summary>Schema of the JSON that is answered with this status; null: none is described.</summary>
    public JsonElement? Answer(int status) => Responses.Where(response => response.Status == status).Select(response => Media(response.Response)).FirstOrDefault()?.GetProperty("schema");

    /// <summary>Codes of problems of this status.</summary>
    public IReadOnlyList<string> Codes(int status) => [.. Responses.Where(response => response.Status == status).SelectMany(response => CodesOf(response.Response))];

    /// <summary>Codes of what can happen at any address.</summary>
    public IReadOnlyList<string> OtherCodes => Described.GetProperty("responses").TryGetProperty("4XX", out var others) ? CodesOf(ApiFile.Resolve(others)) : [];

    private static IReadOnlyList<string> CodesOf(JsonElement response) =>
        response.TryGetProperty("x-problem-codes", out var codes) ? [.. codes.EnumerateArray().Select(code => code.GetString()!)] : [];

    /// <summary>The JSON of a body or response; null: it has none.</summary>
    public static JsonElement? Media(JsonElement holder) => holder.TryGetProperty("content", out var content)
        ? content.EnumerateObject().Where(media => media.Name is "application/json" or "application/problem+json").Select(media => (JsonElement?)media.Value).FirstOrDefault()
        : null;

    private static IEnumerable<JsonElement> Listed(JsonElement holder) =>
        holder.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(ApiFile.Resolve) : [];
}
