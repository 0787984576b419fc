using SimLedger.Rules;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.Verbs;

/// <summary>Rule packs and vector files that somebody names on the command line.</summary>
internal static class RuleFile
{
    public const string VectorEnding = ".vectors.json";

    /// <summary>Reads a file, at most one byte more than any reader takes: enough for it to say that the file is too large.</summary>
    /// <exception cref="UsageException">It is not there, is a folder or cannot be read.</exception>
    public static async Task<ReadOnlyMemory<byte>> Read(string path)
    {
        if (Directory.Exists(path)) throw new UsageException($"{path} is a folder; name a file.");
        if (!File.Exists(path)) throw new UsageException($"There is no file {path}.");
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (bytes.Length <= VectorFile.MaxBytes && await stream.ReadAsync(buffer) is var read and > 0) bytes.Write(buffer, 0, read);
            return bytes.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {error.Message}");
        }
    }

    /// <summary>The JSON files of a folder, by name; of its own folders none.</summary>
    /// <exception cref="UsageException">The folder cannot be read.</exception>
    public static IReadOnlyList<string> In(string folder, int most)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.json").Take(most).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} cannot be read: {error.Message}");
        }
    }

    /// <summary>A pack that vectors name by its code is looked for beside their file, then among those that come with the program.</summary>
    /// <exception cref="UsageException">Its file cannot be read.</exception>
    public static RulePackReading? PackBeside(string file, string code)
    {
        if (code.AsSpan().IndexOfAny('/', '\\', '.') >= 0 || code.Contains('\0', StringComparison.Ordinal)) return null;
        foreach (var folder in new[] { Path.GetDirectoryName(Path.GetFullPath(file))!, ShippedPacks.Folder })
        {
            var path = Path.Combine(folder, code + ".json");
            if (File.Exists(path)) return RulePackReader.Read(Read(path).GetAwaiter().GetResult(), path);
        }
        return null;
    }

    public static bool IsPack(ReadOnlyMemory<byte> bytes) => RuleFileFormat.Of(bytes) == RulePack.Format;
}
