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

    public IEnumerable<(int Status, JsonElement Response)> Responses => Described.GetProperty("responses").EnumerateObject()
        .Select(response => (int.Parse(response.Name, CultureInfo.InvariantCulture), ApiFile.Resolve(response.Value)));

    public override string ToString() => $"{Method} {Path}";

    public IEnumerable<JsonElement> ParametersIn(string place) => Parameters.Where(parameter => parameter.GetProperty("in").GetString() == place);

    /// <summary>Schema of the JSON that is answered with this status; null: none is described.</summary>
    public JsonElement? Answer(int status) => Responses.Where(response => response.Status == status).Select(response => Media(response.Response)).FirstOrDefault()?.GetProperty("schema");

    /// <summary>Codes of problems of this status.</summary>
    public IReadOnlyList<string> Codes(int status) =>
    [
        .. Responses.Where(response => response.Status == status && response.Response.TryGetProperty("x-problem-codes", out _))
            .SelectMany(response => response.Response.GetProperty("x-problem-codes").EnumerateArray()).Select(code => code.GetString()!),
    ];

    /// <summary>The JSON of a body or response; null: it has none.</summary>
    public static JsonElement? Media(JsonElement holder) => holder.TryGetProperty("content", out var content)
        ? content.EnumerateObject().Where(media => media.Name.EndsWith("json", StringComparison.Ordinal)).Select(media => (JsonElement?)media.Value).FirstOrDefault()
        : null;

    private static IEnumerable<JsonElement> Listed(JsonElement holder) =>
        holder.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(ApiFile.Resolve) : [];
}
