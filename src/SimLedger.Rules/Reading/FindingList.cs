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

    /// <summary>
    /// The pack of a vector shows a rule, not a price list: it may name offers and channels that it leaves out. They match by their names all the same.
    /// </summary>
    public bool NamesMayBeUndescribed { get; init; }

    /// <summary>False: a further warning would not be shown, so nobody needs to look for it.</summary>
    public bool TakesWarnings => warnings <= Most;

    public void Error(string path, string message, string cure) => Add(Severity.Error, ref errors, path, message, cure);

    /// <summary>An offer or channel is named that the pack does not describe.</summary>
    public void Undescribed(string path, string message, string cure)
    {
        if (NamesMayBeUndescribed) Warning(path, message, cure);
        else Error(path, message, cure);
    }

    public void Warning(string path, string message, string cure) => Add(Severity.Warning, ref warnings, path, message, cure);

    /// <summary>A list that chooses, and is there and empty, chooses nothing: surely not meant.</summary>
    public void DoubtEmpty(JsonMembers members, string name)
    {
        if (members.IsEmptyList(name)) Warning(members.PathOf(name), "The list is empty, so nothing matches.", "Name something, or leave the list out: then everything does.");
    }

    // Counted apart: an error is never lost behind warnings.
    private void Add(Severity severity, ref int count, string path, string message, string cure)
    {
        count++;
        if (count <= Most) findings.Add(new Finding(severity, file, path, message, cure));
        if (count == Most + 1) findings.Add(new Finding(severity, file, "$", $"There are more than {Most} findings of this kind.", "Put these right first."));
    }
}
