using System.Text.Encodings.Web;
using System.Text.Json;

namespace SimLedger.Server.Http;

/// <summary>How JSON is written: Chinese stays readable. Answers are never embedded in HTML, so nothing needs HTML escapes.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object, as bytes to be stored or sent.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> writeMembers)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Written))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
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
}
