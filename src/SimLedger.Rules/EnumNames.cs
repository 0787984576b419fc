using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SimLedger.Rules;

/// <summary>The camel-case names by which values of enumerations are written in packs, vectors and the API: <c>topUp</c>, <c>ruleUnknown</c>.</summary>
public static class EnumNames
{
    /// <exception cref="KeyNotFoundException">The number is no value of its enumeration: a bug of the caller.</exception>
    public static string Of<T>(T value) where T : struct, Enum => Names<T>.ByValue[value];

    /// <returns>False also for a name in another case: names are compared letter by letter.</returns>
    public static bool TryParse<T>([NotNullWhen(true)] string? name, out T value) where T : struct, Enum
    {
        value = default;
        return name is not null && Names<T>.ByName.TryGetValue(name, out value);
    }

    /// <summary>All names, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Names<T>.InOrder;

    private static class Names<T> where T : struct, Enum
    {
        public static readonly IReadOnlyList<string> InOrder = [.. Enum.GetNames<T>().Select(CamelCase)];
        public static readonly FrozenDictionary<string, T> ByName = Enum.GetValues<T>().ToFrozenDictionary(value => CamelCase(value.ToString()));
        public static readonly FrozenDictionary<T, string> ByValue = ByName.ToFrozenDictionary(named => named.Value, named => named.Key);
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
