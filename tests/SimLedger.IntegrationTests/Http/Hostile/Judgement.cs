using System.Text;
using System.Text.Json;
using SimLedger.IntegrationTests.OpenApi;

namespace SimLedger.IntegrationTests.Http.Hostile;

/// <summary>What must hold of every answer, whatever was sent.</summary>
internal static class Judgement
{
    /// <summary>Words of the inside. None of the values that are sent holds one, so an answer that does says too much.</summary>
    private static readonly string[] Inside =
        ["Npgsql", "PostgresException", "SqlState", "Exception", "StackTrace", "   at ", "System.", "SimLedger.Server", "SimLedger.Ledger", "SimLedger.Cards", "card_standing", "tenant_id", "select ", "insert into", "relation \"", ".cs:line"];

    private static readonly JsonElement Problem = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["$ref"] = "#/components/schemas/Problem" });

    /// <returns>What is wrong with the answer; null: nothing.</returns>
    public static string? Of(Operation operation, HostileAnswer answer)
    {
        if ((int)answer.Status >= 500 && operation.Id != "isReady") return "It failed.";
        var text = Encoding.UTF8.GetString(answer.Bytes);
        // What is read back holds what was sent before; a description speaks of what it likes.
        if (!answer.IsSuccess && Array.Find(Inside, word => text.Contains(word, StringComparison.Ordinal)) is { } leaked) return $"It tells of the inside: {leaked}";
        if (answer.IsSuccess) return null;

        // Not HTTP at all: NUL in a path, a header that is no UTF-8. The server of the framework says so itself, before there is a request.
        if (answer is { RequestId: null, Bytes.Length: 0, Status: System.Net.HttpStatusCode.BadRequest }) return null;
        if (answer.MediaType != "application/problem+json") return $"It is no problem but {answer.MediaType}.";
        if (ApiFile.Fault(Problem, answer.Json) is { } fault) return $"The problem is malformed: {fault}";
        if (answer.Bytes.Length > 64 * 1024) return $"The problem has {answer.Bytes.Length} bytes.";
        var code = answer.Json.GetProperty("code").GetString()!;
        return operation.Codes((int)answer.Status).Contains(code) || operation.Codes((int)System.Net.HttpStatusCode.MultiStatus).Contains(code) || operation.OtherCodes.Contains(code) ? null : $"{code} is not described for this request.";
    }

    /// <summary>Whether the problem names the place, or something within it.</summary>
    public static bool Names(HostileAnswer answer, string place) => answer.Json.TryGetProperty("errors", out var errors) && errors.EnumerateArray()
        .Select(error => error.GetProperty("pointer").GetString()!).Any(pointer => pointer == place || pointer.StartsWith(place + "/", StringComparison.Ordinal));
}
