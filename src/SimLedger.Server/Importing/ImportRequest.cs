using System.Text.Json;
using SimLedger.Server.Http;

namespace SimLedger.Server.Importing;

/// <summary>What a job of kind import is asked to do; its file is in <see cref="ImportFiles"/>.</summary>
/// <param name="Name">Of the file, for people.</param>
/// <param name="Sha256">Of the file, in lower-case hexadecimal digits.</param>
internal sealed record ImportRequest(string Name, bool DryRun, string? Reason, long Bytes, string Sha256)
{
    public ReadOnlyMemory<byte> Write() => JsonText.Object(json =>
    {
        json.WriteString("name", Name);
        json.WriteBoolean("dryRun", DryRun);
        json.WriteString("reason", Reason);
        json.WriteNumber("bytes", Bytes);
        json.WriteString("sha256", Sha256);
    });

    public static ImportRequest Read(ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        var root = document.RootElement;
        return new ImportRequest(
            root.GetProperty("name").GetString()!, root.GetProperty("dryRun").GetBoolean(), root.GetProperty("reason").GetString(),
            root.GetProperty("bytes").GetInt64(), root.GetProperty("sha256").GetString()!);
    }
}
