namespace SimLedger.Rules.Vectors.Text;

/// <summary>Rows of cells as lines, each column as wide as its widest cell and two blanks apart.</summary>
internal sealed class Columns(string indentation)
{
    private readonly List<string[]> rows = [];

    public void Add(params string[] cells) => rows.Add(cells);

    public IEnumerable<string> Lines()
    {
        var widths = new int[rows.Count == 0 ? 0 : rows.Max(row => row.Length)];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        }

        return rows.Select(row => (indentation + string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i])))).TrimEnd());
    }
}
