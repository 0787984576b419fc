using SimLedger.Rules;

namespace SimLedger.Server.Verbs;

/// <summary>rules explain FILE --vector NAME: how a vector is evaluated, step by step. Exit code 1 when it does not pass.</summary>
internal static class RulesExplainVerb
{
    private const int MostNear = 5;

    /// <param name="name">Of the vector; null: the names in the file are listed.</param>
    public static async Task<int> Run(string file, string? name)
    {
        var bytes = await RuleFile.Read(file);
        if (RuleFile.IsPack(bytes)) throw new UsageException($"{file} is a rule pack. Name the file of its vectors, CODE{RuleFile.VectorEnding}.");
        var told = VectorFile.Explain(bytes, file, name, code => RuleFile.PackBeside(file, code));
        foreach (var finding in told.Findings) Console.WriteLine(finding);
        if (name is not null && told.Names.Count > 0 && !told.Names.Contains(name))
        {
            throw new UsageException(OneLine.Of($"{file} has no vector \"{name}\". Near it: {string.Join(", ", Near(name, told.Names).Select(near => $"\"{near}\""))}."));
        }
        foreach (var line in name is null ? told.Names.Select(OneLine.Of) : told.Lines) Console.WriteLine(line);
        return told.Holds ? 0 : 1;
    }

    /// <summary>The names that share most with the one written: its words first, then its letters.</summary>
    private static IEnumerable<string> Near(string written, IReadOnlyList<string> names)
    {
        var words = Words(written);
        return names.Distinct(StringComparer.Ordinal)
            .OrderByDescending(name => name.Contains(written, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(name => Words(name).Count(words.Contains))
            .ThenByDescending(name => name.Zip(written).TakeWhile(pair => char.ToLowerInvariant(pair.First) == char.ToLowerInvariant(pair.Second)).Count())
            .Take(MostNear);
    }

    private static HashSet<string> Words(string name) =>
        [.. name.ToLowerInvariant().Split([' ', ',', ':', '-', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries)];
}
