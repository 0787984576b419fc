namespace SimLedger.Rules.Reading;

/// <summary>Findings about one file, in the order they were made.</summary>
internal sealed class FindingList(string file)
{
    /// <summary>A file with more is no rule pack at all; the rest would only be noise.</summary>
    private const int Most = 200;

    private readonly List<Finding> findings = [];

    public IReadOnlyList<Finding> All => findings;

    public bool HasErrors { get; private set; }

    public void Error(string path, string message, string cure)
    {
        HasErrors = true;
        Add(Severity.Error, path, message, cure);
    }

    public void Warning(string path, string message, string cure) => Add(Severity.Warning, path, message, cure);

    private void Add(Severity severity, string path, string message, string cure)
    {
        if (findings.Count < Most) findings.Add(new Finding(severity, file, path, message, cure));
    }
}
