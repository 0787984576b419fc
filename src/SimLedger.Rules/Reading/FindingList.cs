namespace SimLedger.Rules.Reading;

/// <summary>Findings about one file, in the order they were made.</summary>
internal sealed class FindingList(string file)
{
    /// <summary>Of each severity. A file with more is no rule pack at all; the rest would only be noise.</summary>
    private const int Most = 200;

    private readonly List<Finding> findings = [];
    private int errors;
    private int warnings;

    public IReadOnlyList<Finding> All => findings;

    public bool HasErrors => errors > 0;

    public void Error(string path, string message, string cure) => Add(Severity.Error, ref errors, path, message, cure);

    public void Warning(string path, string message, string cure) => Add(Severity.Warning, ref warnings, path, message, cure);

    // Counted apart: an error is never lost behind warnings.
    private void Add(Severity severity, ref int count, string path, string message, string cure)
    {
        count++;
        if (count <= Most) findings.Add(new Finding(severity, file, path, message, cure));
        if (count == Most + 1) findings.Add(new Finding(severity, file, "$", $"There are more than {Most} findings of this kind.", "Put these right first."));
    }
}
