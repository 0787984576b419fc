using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SimLedger.IntegrationTests.OpenApi;

namespace SimLedger.IntegrationTests.Http.Hostile;

/// <summary>A body that is well but for one place, for every place that the file describes.</summary>
internal static class BodyPlaces
{
    private const string Mark = "@@here@@";

    /// <summary>Every member of the body, those of objects and lists within it too, as pointers; and every value within a rule pack.</summary>
    public static IEnumerable<string> Of(Operation operation, JsonNode body) =>
        Within(operation.Body!.Value, "").Concat(operation.Id == "askImpact" ? Values(body["pack"]!, "/pack") : []).Distinct();

    /// <summary>The body with that at the place, which need not be JSON at all; what leads there is made where it is missing.</summary>
    public static byte[] With(Operation operation, JsonNode body, string place, string raw)
    {
        var root = body.DeepClone();
        var steps = place.Split('/')[1..];
        var (at, schema) = (root, operation.Body!.Value);
        for (var i = 0; i < steps.Length; i++)
        {
            schema = Below(schema, steps[i]);
            if (i == steps.Length - 1) Set(at, steps[i], JsonValue.Create(Mark));
            else at = Get(at, steps[i]) ?? Set(at, steps[i], Sample(schema) ?? throw new InvalidOperationException($"No sample of {place}."));
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace($"\"{Mark}\"", raw, StringComparison.Ordinal));
    }

    /// <summary>What the place may hold; a schema without limits within a rule pack, whose format is described elsewhere.</summary>
    public static JsonElement SchemaOf(Operation operation, string place) => place.Split('/')[1..].Aggregate(operation.Body!.Value, Below);

    private static JsonElement Below(JsonElement schema, string step)
    {
        schema = AsObjectOrList(schema);
        if (schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("properties", out var members) && members.TryGetProperty(step, out var member)) return member;
        return schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("items", out var items) ? items : JsonSerializer.SerializeToElement(true);
    }

    /// <summary>References followed, and of "this or null" this.</summary>
    private static JsonElement AsObjectOrList(JsonElement schema)
    {
        schema = ApiFile.Resolve(schema);
        return schema.ValueKind is JsonValueKind.Object && schema.TryGetProperty("anyOf", out var branches) && !schema.TryGetProperty("type", out _)
            ? AsObjectOrList(branches.EnumerateArray().First())
            : schema;
    }

    private static IEnumerable<string> Within(JsonElement schema, string place)
    {
        schema = AsObjectOrList(schema);
        if (schema.ValueKind is not JsonValueKind.Object) return [];
        if (schema.TryGetProperty("properties", out var members)) return members.EnumerateObject().SelectMany(member => Within(member.Value, $"{place}/{member.Name}").Prepend($"{place}/{member.Name}"));
        return schema.TryGetProperty("items", out var items) ? Within(items, $"{place}/0").Prepend($"{place}/0") : [];
    }

    private static IEnumerable<string> Values(JsonNode node, string place) => node switch
    {
        JsonObject o => o.SelectMany(member => member.Value is null ? [] : Values(member.Value, $"{place}/{member.Key}").Prepend($"{place}/{member.Key}")),
        JsonArray a => a.SelectMany((item, index) => Values(item!, $"{place}/{index}").Prepend($"{place}/{index}")),
        _ => [],
    };

    /// <summary>The least that is valid.</summary>
    private static JsonNode? Sample(JsonElement schema)
    {
        schema = AsObjectOrList(schema);
        if (schema.TryGetProperty("examples", out var examples)) return JsonNode.Parse(examples[0].GetRawText());
        if (schema.TryGetProperty("enum", out var words)) return JsonNode.Parse(words[0].GetRawText());
        if (schema.TryGetProperty("items", out var items)) return new JsonArray(Sample(items));
        if (schema.TryGetProperty("properties", out var members))
        {
            var needed = schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [];
            return new JsonObject(needed.Select(name => KeyValuePair.Create(name, Sample(members.GetProperty(name)))));
        }
        return JsonValue.Create("x");
    }

    private static JsonNode? Get(JsonNode at, string step) => at is JsonArray list ? int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) is var i && i < list.Count ? list[i] : null : at[step];

    private static JsonNode Set(JsonNode at, string step, JsonNode value)
    {
        if (at is not JsonArray list) at[step] = value;
        else if (int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) is var i && i < list.Count) list[i] = value;
        else list.Add(value);
        return value;
    }
}
