using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.Verbs;

/// <summary>rules check FILE: runs a vector file, or checks a rule pack. Exit code 1 when something failed.</summary>
internal static class RulesVerb
{
    public static async Task<int> Check(string file)
    {
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        var bytes = await File.ReadAllBytesAsync(file);
        if (IsPack(bytes))
        {
            var reading = RulePackReader.Read(bytes, file);
            foreach (var finding in reading.Findings) Console.WriteLine(finding);
            Console.WriteLine(reading.Pack is { } pack ? $"The rule pack {pack.Code} can be used." : "The rule pack cannot be used.");
            return reading.Pack is null ? 1 : 0;
        }
        var run = VectorFile.Run(bytes, file, code => PackBeside(file, code));
        foreach (var line in run.Lines()) Console.WriteLine(line);
        return run.Failed == 0 ? 0 : 1;
    }

    /// <summary>A pack named by its code is looked for beside the file, then among those that come with the program.</summary>
    private static RulePackReading? PackBeside(string file, string code)
    {
        if (code.AsSpan().IndexOfAny('/', '\\', '.') >= 0) return null;
        foreach (var folder in new[] { Path.GetDirectoryName(Path.GetFullPath(file))!, ShippedPacks.Folder })
        {
            var path = Path.Combine(folder, code + ".json");
            if (File.Exists(path)) return RulePackReader.Read(File.ReadAllBytes(path), path);
        }
        return null;
    }

    private static bool IsPack(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out var format)
                && format.ValueKind == JsonValueKind.String && format.ValueEquals(RulePack.Format);
        }
        catch (JsonException)
        {
            return false; // The vector reader says what is wrong with it.
        }
    }
}
