using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SimLedger.Tests.Rules.Schema;

/// <summary>
/// Validates by the keywords of JSON Schema 2020-12 that the published schemas use; any other is an error, so that none is passed over.
/// Written here because no validator of that draft could be had as a package of its own.
/// </summary>
/// <param name="formats">Whether a text is of the format named; null: formats are remarks, as the draft has it.</param>
internal sealed class SchemaWalk(IReadOnlyDictionary<string, JsonElement> files, string file, Func<string, string, bool>? formats = null)
{
    private static readonly ConcurrentDictionary<string, Regex> Patterns = [];
    private static readonly string[] Remarks = ["$schema", "title", "description", "$defs", "default", "examples"];

    public bool IsValid(JsonElement value) => IsValid(files[file], value);

    /// <param name="schema">One within the file.</param>
    public bool IsValid(JsonElement schema, JsonElement value) => Accepts(schema, value, file);

    /// <summary>Where in the value which keyword refuses it; null: it is valid.</summary>
    public string? Fault(JsonElement schema, JsonElement value) => Fault(schema, value, file, "");

    private string? Fault(JsonElement schema, JsonElement value, string at, string place)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return schema.GetBoolean() ? null : $"{place}: nothing is allowed here";

        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Remarks.Contains(keyword.Name) && !Accepts(keyword, schema, value, at)))
        {
            var rule = keyword.Value;
            var within = keyword.Name switch
            {
                "$ref" => Referred(rule.GetString()!, at) is var (target, inFile) ? Fault(target, value, inFile, place) : null,
                "allOf" => Items(rule).Select(part => Fault(part, value, at, place)).FirstOrDefault(fault => fault is not null),
                "items" => value.EnumerateArray().Select((item, index) => Fault(rule, item, at, $"{place}/{index}")).First(fault => fault is not null),
                "properties" => Members(value).Where(member => rule.TryGetProperty(member.Name, out _))
                    .Select(member => Fault(rule.GetProperty(member.Name), member.Value, at, $"{place}/{member.Name}")).First(fault => fault is not null),
                "additionalProperties" => Members(value).Where(member => !IsListed(schema, member.Name))
                    .Select(member => Fault(rule, member.Value, at, $"{place}/{member.Name}")).First(fault => fault is not null),
                _ => null,
            };
            return within ?? $"{place}: {keyword.Name} {rule.GetRawText()} refuses {value.GetRawText()[..Math.Min(200, value.GetRawText().Length)]}";
        }
        return null;
    }

    private bool Accepts(JsonElement schema, JsonElement value, string at)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return schema.GetBoolean();

        return schema.EnumerateObject().All(keyword => Remarks.Contains(keyword.Name) || Accepts(keyword, schema, value, at));
    }

    private bool Accepts(JsonProperty keyword, JsonElement schema, JsonElement value, string at)
    {
        var rule = keyword.Value;
        return keyword.Name switch
        {
            "$ref" => Referred(rule.GetString()!, at) is var (target, inFile) && Accepts(target, value, inFile),
            "type" => Items(rule).Any(type => IsOfType(value, type.GetString()!)),
            "const" => JsonElement.DeepEquals(rule, value),
            "enum" => Items(rule).Any(allowed => JsonElement.DeepEquals(allowed, value)),
            "allOf" => Items(rule).All(part => Accepts(part, value, at)),
            "anyOf" => Items(rule).Any(part => Accepts(part, value, at)),
            "oneOf" => Items(rule).Count(part => Accepts(part, value, at)) == 1,
            "not" => !Accepts(rule, value, at),
            "if" => !schema.TryGetProperty(Accepts(rule, value, at) ? "then" : "else", out var branch) || Accepts(branch, value, at),
            "then" or "else" => schema.TryGetProperty("if", out _),
            "minimum" => value.ValueKind is not JsonValueKind.Number || value.GetDouble() >= rule.GetDouble(),
            "maximum" => value.ValueKind is not JsonValueKind.Number || value.GetDouble() <= rule.GetDouble(),
            "minLength" => value.ValueKind is not JsonValueKind.String || value.GetString()!.EnumerateRunes().Count() >= rule.GetInt32(),
            "maxLength" => value.ValueKind is not JsonValueKind.String || value.GetString()!.EnumerateRunes().Count() <= rule.GetInt32(),
            "format" => formats is null || value.ValueKind is not JsonValueKind.String || formats(rule.GetString()!, value.GetString()!),
            "pattern" => value.ValueKind is not JsonValueKind.String || Matches(value.GetString()!, rule.GetString()!),
            "items" => value.ValueKind is not JsonValueKind.Array || value.EnumerateArray().All(item => Accepts(rule, item, at)),
            "contains" => value.ValueKind is not JsonValueKind.Array || value.EnumerateArray().Any(item => Accepts(rule, item, at)),
            "minItems" => value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() <= rule.GetInt32(),
            "required" => value.ValueKind is not JsonValueKind.Object || Items(rule).All(name => value.TryGetProperty(name.GetString()!, out _)),
            "minProperties" => value.ValueKind is not JsonValueKind.Object || value.EnumerateObject().Count() >= rule.GetInt32(),
            "maxProperties" => value.ValueKind is not JsonValueKind.Object || value.EnumerateObject().Count() <= rule.GetInt32(),
            "propertyNames" => Members(value).All(member => Accepts(rule, JsonSerializer.SerializeToElement(member.Name), at)),
            "properties" => Members(value).All(member => !rule.TryGetProperty(member.Name, out var own) || Accepts(own, member.Value, at)),
            "additionalProperties" => Members(value).All(member => IsListed(schema, member.Name) || Accepts(rule, member.Value, at)),
            _ => throw new NotSupportedException($"The keyword {keyword.Name} is not known to this walk."),
        };
    }

    /// <summary>What a reference leads to, and in which file.</summary>
    private (JsonElement Schema, string File) Referred(string reference, string at)
    {
        var parts = reference.Split('#');
        var inFile = parts[0].Length > 0 ? parts[0] : at;
        var target = files[inFile];
        foreach (var step in parts.Length > 1 ? parts[1].Split('/', StringSplitOptions.RemoveEmptyEntries) : []) target = target.GetProperty(step);

        return (target, inFile);
    }

    private static bool IsListed(JsonElement schema, string name) => schema.TryGetProperty("properties", out var listed) && listed.TryGetProperty(name, out _);

    // ECMA-262's $ is the end of the text; .NET's would let a line break follow.
    private static bool Matches(string text, string pattern) =>
        Patterns.GetOrAdd(pattern, _ => new Regex(pattern.EndsWith('$') ? pattern[..^1] + "\\z" : pattern, RegexOptions.CultureInvariant)).IsMatch(text);

    private static IEnumerable<JsonElement> Items(JsonElement rule) => rule.ValueKind is JsonValueKind.Array ? rule.EnumerateArray() : [rule];

    private static IEnumerable<JsonProperty> Members(JsonElement value) => value.ValueKind is JsonValueKind.Object ? value.EnumerateObject() : [];

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind is JsonValueKind.Null,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => throw new NotSupportedException($"The type {type} is not known to this walk."),
    };
}
