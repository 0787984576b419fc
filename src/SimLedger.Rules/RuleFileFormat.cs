using System.Text.Json;
using SimLedger.Rules.Reading;

namespace SimLedger.Rules;

/// <summary>Tells rule packs and vector files apart before either is read.</summary>
public static class RuleFileFormat
{
    /// <summary>What the file says it is.</summary>
    /// <returns>Its member <c>format</c>; null if there is none, or if the file is no JSON: a reader then says what is wrong with it.</returns>
    /// <remarks>Never throws: the file was written by people. Nothing is kept of the file; it may be as large as a vector file.</remarks>
    public static string? Of(ReadOnlyMemory<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(JsonText.WithoutMark(utf8Json).Span);
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return null;

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isFormat = reader.ValueTextEquals("format"u8);
                reader.Read();
                if (isFormat) return reader.TokenType is JsonTokenType.String ? reader.GetString() : null;

                reader.Skip();
            }

            return null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null; // The second is how the parser says "half of a surrogate pair".
        }
    }
}
