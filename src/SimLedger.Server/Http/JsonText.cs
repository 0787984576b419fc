using System.Text.Encodings.Web;
using System.Text.Json;

namespace SimLedger.Server.Http;

/// <summary>How JSON is written: Chinese stays readable. Answers are never embedded in HTML, so nothing needs HTML escapes.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object, as bytes to be stored or sent.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> writeMembers) => Bytes(json =>
    {
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    });

    /// <summary>One value on one line, without its end.</summary>
    public static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> write)
    {
        var line = Bytes(write);
        OnOneLine(line);
        return line;
    }

    /// <summary>What was stored is written in its stored bytes. Within JSON a bare line break can only be white space between values.</summary>
    public static void OnOneLine(Span<byte> json)
    {
        json.Replace((byte)'\n', (byte)' ');
        json.Replace((byte)'\r', (byte)' ');
    }

    /// <summary>Answers one object.</summary>
    public static async Task Answer(HttpContext http, int status, Action<Utf8JsonWriter> writeMembers)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, Written);
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Written)) write(json);
        return bytes.ToArray();
    }
}
