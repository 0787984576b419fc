using System.Text.Json;
using NodaTime.Text;
using SimLedger.Server.Http;
using SimLedger.Tests.Rules.Schema;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>docs/openapi.json, as tests look at it.</summary>
internal static class ApiFile
{
    public static readonly string Path = System.IO.Path.Combine(Repository.Root, "docs", "openapi.json");

    public static readonly JsonElement Root = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Path));

    public static readonly IReadOnlyList<Operation> Operations =
    [
        .. from path in Root.GetProperty("paths").EnumerateObject()
           from member in path.Value.EnumerateObject()
           where member.Name is not "parameters"
           select new Operation(path.Name, new HttpMethod(member.Name.ToUpperInvariant()), path.Value, member.Value),
    ];

    private static readonly SchemaWalk Walk = new(new Dictionary<string, JsonElement> { ["openapi.json"] = Root }, "openapi.json", IsOfFormat);

    public static Operation Operation(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>What a reference leads to, or the element itself.</summary>
    public static JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind is JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(Root, (at, step) => at.GetProperty(step));
        }
        return element;
    }

    /// <summary>Where a value is not as the schema has it; null: it is.</summary>
    public static string? Fault(JsonElement schema, JsonElement value) => Walk.Fault(schema, value);

    public static bool IsValid(JsonElement schema, JsonElement value) => Walk.IsValid(schema, value);

    /// <summary>
    /// The schemas that take part in describing a value: the schema itself, what it refers to, and of alternatives those that the value satisfies.
    /// </summary>
    public static IEnumerable<JsonElement> Parts(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is not JsonValueKind.Object) return [];

        IEnumerable<JsonElement> parts = [schema];
        if (schema.TryGetProperty("$ref", out _)) parts = parts.Concat(Parts(Resolve(schema), value));
        foreach (var combination in new[] { "allOf", "anyOf", "oneOf" })
        {
            if (schema.TryGetProperty(combination, out var branches))
            {
                parts = parts.Concat(branches.EnumerateArray().Where(branch => combination == "allOf" || IsValid(branch, value)).SelectMany(branch => Parts(branch, value)));
            }
        }
        return parts;
    }

    /// <summary>Members of an answer that no schema describes. Clients must bear them; the file must not lack them.</summary>
    public static IEnumerable<string> Undescribed(JsonElement schema, JsonElement value, string place = "")
    {
        if (schema.ValueKind is JsonValueKind.True) return [];
        var parts = Parts(schema, value).ToList();
        if (value.ValueKind is JsonValueKind.Array)
        {
            return value.EnumerateArray().SelectMany((item, index) =>
                parts.Where(part => part.TryGetProperty("items", out _)).Take(1).SelectMany(part => Undescribed(part.GetProperty("items"), item, $"{place}/{index}")));
        }
        return value.ValueKind is not JsonValueKind.Object ? [] : value.EnumerateObject().SelectMany(member =>
        {
            var of = parts.Select(part => OfMember(part, member.Name)).Where(found => found is not null).Select(found => found!.Value).ToList();
            return of.Count == 0 ? [$"{place}/{member.Name}"] : of.SelectMany(found => Undescribed(found, member.Value, $"{place}/{member.Name}"));
        });
    }

    private static JsonElement? OfMember(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var members) && members.TryGetProperty(name, out var own) ? own
        : schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind is not JsonValueKind.False ? others
        : null;

    private static bool IsOfFormat(string format, string text) => format switch
    {
        "date" => LocalDatePattern.Iso.Parse(text).Success,
        "date-time" => text.Length > 10 && SentTime.Read(text) is not null,
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new NotSupportedException($"The format {format} is not known to these tests."),
    };
}
