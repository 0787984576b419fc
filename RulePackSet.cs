using System.Text;

namespace SimLedger.Rules;

/// <summary>The packs a program works with, found by code or by any name people use for the carrier.</summary>
public sealed class RulePackSet
{
    private readonly Dictionary<string, RulePack> byName = new(StringComparer.Ordinal);

    private RulePackSet(IReadOnlyList<RulePack> packs) => Packs = packs;

    public IReadOnlyList<RulePack> Packs { get; }

    /// <summary>Of two packs that claim one name the first has it; codes come before aliases. Use <see cref="Check"/> to refuse such a set.</summary>
    public static RulePackSet Of(IEnumerable<RulePack> packs)
    {
        var set = new RulePackSet([.. packs]);
        foreach (var pack in set.Packs) set.byName.TryAdd(Plain(pack.Code), pack);
        foreach (var pack in set.Packs)
        {
            foreach (var alias in pack.Aliases) set.byName.TryAdd(Plain(alias), pack);
        }

        return set;
    }

    /// <summary>Case, spaces and full-width forms make no difference: <c>ＴＭ 卡</c> finds the pack with the alias <c>tm卡</c>.</summary>
    public RulePack? Find(string codeOrAlias) => byName.GetValueOrDefault(Plain(codeOrAlias));

    /// <summary>Names that two packs claim. The finding is about the later one.</summary>
    /// <param name="packs">With the file each came from.</param>
    public static IReadOnlyList<Finding> Check(IEnumerable<(string File, RulePack Pack)> packs)
    {
        var findings = new List<Finding>();
        var claimed = new Dictionary<string, (string File, RulePack Pack)>(StringComparer.Ordinal);
        foreach (var (file, pack) in packs)
        {
            Claim(file, pack, "$.code", pack.Code, "code");
            for (var i = 0; i < pack.Aliases.Count; i++) Claim(file, pack, $"$.aliases[{i}]", pack.Aliases[i], "name");
        }

        return findings;

        void Claim(string file, RulePack pack, string path, string name, string what)
        {
            if (claimed.TryAdd(Plain(name), (file, pack))) return;

            var other = claimed[Plain(name)];
            if (ReferenceEquals(other.Pack, pack)) return;
            findings.Add(new Finding(
                Severity.Error, file, path, $"The {what} \"{name}\" belongs to {other.Pack.Code} ({other.File}) already.", "Take it out of one of the two packs."));
        }
    }

    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsWhiteSpace(c)) continue;
            // Full-width ASCII stands 0xFEE0 above ASCII, in the same order.
            var narrow = c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;
            plain.Append(char.ToLowerInvariant(narrow));
        }

        return plain.ToString();
    }
}
