using SimLedger.Ledger;
using SimLedger.Rules;

namespace SimLedger.Server.RulesInForce;

/// <summary>The rule packs that come with the program, as files beside it; published into rule_packs by `migrate`.</summary>
internal static class ShippedPacks
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "RulePacks");

    /// <exception cref="InvalidOperationException">A shipped pack has errors: a bug of the build, which its tests catch.</exception>
    public static IReadOnlyList<PackChange> Read() =>
    [
        .. Files().Select(path =>
        {
            ReadOnlyMemory<byte> body = File.ReadAllBytes(path);
            var reading = RulePackReader.Read(body, Path.GetFileName(path));
            return reading.Pack is { } pack ? new PackChange(pack.Code, body) : throw new InvalidOperationException(string.Join('\n', reading.Findings));
        }),
    ];

    /// <summary>Pack files, without the vectors beside them.</summary>
    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder, "*.json").Where(path => !path.EndsWith(".vectors.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
