using System.Text.Json;
using System.Text.Unicode;

namespace SimLedger.Rules.Reading;

/// <summary>Turns the bytes of a file into JSON, or into a finding.</summary>
internal static class JsonText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>Null after a finding.</returns>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8Json, int maxBytes, FindingList findings)
    {
        if (utf8Json.Length > maxBytes)
        {
            findings.Error("$", $"The file is larger than {maxBytes} bytes.", "Split it.");
            return null;
        }

        if (!Utf8.IsValid(utf8Json.Span))
        {
            findings.Error("$", "The file is not UTF-8.", "Save it as UTF-8.");
            return null;
        }

        try
        {
            return JsonDocument.Parse(WithoutMark(utf8Json));
        }
        catch (JsonException broken)
        {
            findings.Error(
                "$",
                $"The file is no JSON from line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1} on: {Reason(broken)}",
                "Correct it at that place; comments and commas before a bracket are not allowed, and 64 levels are the deepest.");
            return null;
        }
    }

    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8Json) =>
        utf8Json.Span.StartsWith(ByteOrderMark) ? utf8Json[ByteOrderMark.Length..] : utf8Json;

    // The parser counts lines from zero and says so at the end of its message; people count from one.
    private static string Reason(JsonException broken) =>
        broken.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var end and > 0 ? broken.Message[..end] : broken.Message;
}
