using SimLedger.Rules;

namespace SimLedger.Server.Verbs;

/// <summary>rules check FILE...: runs vector files, and says of rule packs whether they can be used. Exit code 1 when something failed.</summary>
internal static class RulesCheckVerb
{
    /// <remarks>
    /// What failed is told vector by vector, the last line is <c>N passed, N failed</c> over all files. A pack that cannot be used counts as one failure,
    /// one that can proves nothing and is not counted; where only packs are named there is nothing to count and no such line.
    /// </remarks>
    public static async Task<int> Run(IReadOnlyList<string> files)
    {
        var (passed, failed, ran) = (0, 0, false);
        foreach (var file in files)
        {
            var bytes = await RuleFile.Read(file);
            if (RuleFile.IsPack(bytes))
            {
                if (!CanBeUsed(bytes, file)) failed++;
                continue;
            }
            var run = VectorFile.Run(bytes, file, code => RuleFile.PackBeside(file, code));
            foreach (var line in run.Lines().SkipLast(1)) Console.WriteLine(line);
            (passed, failed, ran) = (passed + run.Passed, failed + run.Failed, true);
        }
        if (ran) Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static bool CanBeUsed(ReadOnlyMemory<byte> bytes, string file)
    {
        var reading = RulePackReader.Read(bytes, file);
        foreach (var finding in reading.Findings) Console.WriteLine(finding);
        Console.WriteLine(reading.Pack is { } pack ? $"The rule pack {pack.Code} can be used." : $"The rule pack {file} cannot be used.");
        return reading.Pack is not null;
    }
}
