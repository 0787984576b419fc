using System.Text.Json;

namespace SimLedger.Tests.Rules;

/// <summary>Changes a JSON text at one place, named by a JSON Pointer.</summary>
internal static class JsonPlaces
{
    /// <summary>Every value below the root.</summary>
    public static IEnumerable<string> In(string json) => In(JsonDocument.Parse(json).RootElement, "");

    /// <summary>The text with another value at a place, which may name a new member; null: without it.</summary>
    public static string With(string json, string place, string? value)
    {
        var path = place.Split('/')[1..];
        return Written(JsonDocument.Parse(json).RootElement, 0)!;

        string? Written(JsonElement element, int depth)
        {
            if (depth == path.Length) return value;
            if (element.ValueKind is JsonValueKind.Array)
            {
                return $"[{string.Join(',', element.EnumerateArray().Select((item, i) => Step(item, $"{i}")).OfType<string>())}]";
            }

            var members = element.EnumerateObject().Select(member => Step(member.Value, member.Name) is { } kept ? $"\"{member.Name}\":{kept}" : null).OfType<string>();
            var isNew = depth == path.Length - 1 && !element.TryGetProperty(path[depth], out _);
            return $"{{{string.Join(',', isNew ? members.Append($"\"{path[depth]}\":{value}") : members)}}}";

            string? Step(JsonElement child, string name) => name == path[depth] ? Written(child, depth + 1) : child.GetRawText();
        }
    }

    private static IEnumerable<string> In(JsonElement element, string at) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => In(member.Value, $"{at}/{member.Name}").Prepend($"{at}/{member.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => In(item, $"{at}/{i}").Prepend($"{at}/{i}")),
        _ => [],
    };
}
