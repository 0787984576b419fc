using System.Text.Encodings.Web;
using System.Text.Json;

namespace SimLedger.Server.Http;

/// <summary>How JSON is written: Chinese stays readable. Answers are never embedded in HTML, so nothing needs HTML escapes.</summary>
internal static class JsonText
{
    public static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
