using System.Text.Json;

namespace SimLedger.Server.Exporting;

/// <summary>How a member of an object in JSON becomes the text of a cell.</summary>
internal static class ExportCells
{
    /// <summary>The column of a member: texts as they are, nothing for null or what is not there, the items of a list joined by <c>;</c>.</summary>
    public static ExportColumn Member(string name) => new(name, row => row.TryGetProperty(name, out var value) ? Text(value) : "");

    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(';', value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
