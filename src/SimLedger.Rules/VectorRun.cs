namespace SimLedger.Rules;

/// <summary>One member that was expected otherwise. Both values as JSON.</summary>
/// <param name="Member">Path in the standing: <c>entries[1].outcome</c>.</param>
public sealed record VectorMismatch(string Member, string Expected, string Actual);

/// <summary>What became of one vector.</summary>
/// <param name="Findings">What was wrong with the vector itself or its pack; then it was not evaluated, or not in full.</param>
public sealed record VectorResult(string Name, IReadOnlyList<VectorMismatch> Mismatches, IReadOnlyList<Finding> Findings)
{
    public bool Passed => Mismatches.Count == 0 && Findings.Count == 0;
}

/// <summary>What became of a vector file.</summary>
/// <param name="Findings">What was wrong with the file apart from its vectors.</param>
public sealed record VectorRun(IReadOnlyList<VectorResult> Vectors, IReadOnlyList<Finding> Findings)
{
    public int Passed => Vectors.Count(vector => vector.Passed);

    /// <summary>A file that is wrong outside its vectors counts as one failure more: it proves nothing.</summary>
    public int Failed => Vectors.Count - Passed + (Findings.Count > 0 ? 1 : 0);

    /// <summary>For the console: what failed and why; the last line is <c>N passed, N failed</c>.</summary>
    public IReadOnlyList<string> Lines() =>
    [
        .. Findings.Select(finding => finding.ToString()),
        .. Vectors.Where(vector => !vector.Passed).SelectMany(LinesOf),
        FormattableString.Invariant($"{Passed} passed, {Failed} failed"),
    ];

    private static IEnumerable<string> LinesOf(VectorResult vector) =>
    [
        $"FAILED {OneLine.Of(vector.Name)}",
        .. vector.Findings.Select(finding => $"  {finding}"),
        .. vector.Mismatches.Select(mismatch => OneLine.Of($"  {mismatch.Member}: expected {mismatch.Expected}, actual {mismatch.Actual}")),
    ];
}
