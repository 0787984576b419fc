using System.Text.RegularExpressions;

namespace SimLedger.Tests.Structure;

/// <summary>docs/requirements.md names a test for all that it says works: each is there.</summary>
public partial class DocumentedRequirements
{
    private static readonly string[] Rows =
        [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "requirements.md")).Where(line => RowPattern().IsMatch(line))];

    [Fact]
    public void Each_requirement_that_works_names_a_test_that_exists()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.All(Rows, row =>
        {
            var (state, shown) = (RowPattern().Match(row).Groups["state"].Value, TestPattern().Match(row));
            Assert.Equal(state != "open", shown.Success);
            if (!shown.Success) return;
            Assert.Contains(sources, source =>
                source.Contains($"class {shown.Groups["class"].Value}", StringComparison.Ordinal) && source.Contains($" {shown.Groups["test"].Value}(", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void The_counts_above_the_table_are_those_of_the_table()
    {
        var counts = Rows.GroupBy(row => RowPattern().Match(row).Groups["state"].Value).ToDictionary(state => state.Key, state => state.Count());

        Assert.Contains(
            $"{counts["works"]} work, {counts["in part"]} work in part, {counts["open"]} are open.",
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "requirements.md")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| [A-E]\d\d \| .* \| (?<state>works|in part|open) \| ")]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"`(?<class>\w+)\.(?<test>\w+)`")]
    private static partial Regex TestPattern();
}
