using System.Globalization;
using SimLedger.Cards;
using SimLedger.Server.Http;
using SimLedger.Server.UseCases;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Every code has its section in docs/problems.md, and no section is left of a code that is gone.</summary>
public sealed class ProblemPage
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), "docs", "problems.md"));

    private static readonly Dictionary<string, string> Sections =
        Page.Split("\n## ")[1..].ToDictionary(section => section[..section.IndexOf('\n', StringComparison.Ordinal)], section => section, StringComparer.Ordinal);

    private static readonly List<ProblemKind> Kinds = [.. ProblemKind.All.Concat(Enum.GetValues<Refusal>().Select(RefusalProblems.KindOf)).DistinctBy(kind => kind.Code)];

    [Fact]
    public void Every_code_has_a_section_and_every_section_a_code() =>
        Assert.Equal(Kinds.Select(kind => kind.Code).Order(StringComparer.Ordinal), Sections.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_section_begins_with_the_status_and_has_a_cure() => Assert.All(Kinds, kind =>
    {
        Assert.Contains($"\n\n{kind.Status.ToString(CultureInfo.InvariantCulture)}. ", Sections[kind.Code], StringComparison.Ordinal);
        Assert.Contains("\nCure: ", Sections[kind.Code], StringComparison.Ordinal);
    });

    [Fact]
    public void Codes_are_kebab_case_and_lead_to_their_section() => Assert.All(Kinds, kind =>
    {
        Assert.Matches("^[a-z]+(-[a-z]+)*$", kind.Code);
        Assert.EndsWith($"problems/{kind.Code}", kind.Type, StringComparison.Ordinal);
    });

    [Fact]
    public void No_kind_is_missing_from_the_list_of_all() =>
        Assert.Equal(typeof(ProblemKind).GetFields().Where(f => f.FieldType == typeof(ProblemKind)).Select(f => (ProblemKind)f.GetValue(null)!), ProblemKind.All);

    [Fact]
    public void Every_code_of_a_member_at_fault_is_on_the_page()
    {
        foreach (var code in StrictInput.Bodies.Select(row => (string?)row[5]).Where(code => code is not null).Distinct())
        {
            Assert.Contains($"`{code}`", Page, StringComparison.Ordinal);
        }
    }

    /// <summary>All there are: nobody outside <see cref="ValueCode"/> can make another.</summary>
    [Fact]
    public void The_table_of_codes_of_members_lists_every_one_and_no_other_with_meaning_and_cure()
    {
        var codes = typeof(ValueCode).GetFields().Where(f => f.FieldType == typeof(ValueCode)).Select(f => ((ValueCode)f.GetValue(null)!).Text).ToList();
        var rows = Page.Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToList();

        Assert.Equal(codes.Order(StringComparer.Ordinal), rows.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.True(row.Length == 3 && row[1].EndsWith('.') && row[2].EndsWith('.'), string.Join(" | ", row)));
        Assert.All(codes, code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code));
    }

    /// <summary>Goal: no code is on the page that nobody has ever seen answered. Method: each stands in quotes in the source of some other test.</summary>
    [Fact]
    public void Every_code_is_expected_by_some_test()
    {
        var tests = Directory.GetFiles(Path.Combine(Root(AppContext.BaseDirectory), "tests", "SimLedger.IntegrationTests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "ProblemPage.cs").Select(File.ReadAllText).ToList();

        // Ids of cards and lines are the server's: no request can meet these two.
        string[] unreachable = ["card-already-registered", "line-already-attached"];
        Assert.Empty(Kinds.Where(kind => !unreachable.Contains(kind.Code)).Where(kind => !tests.Any(test => test.Contains($"\"{kind.Code}", StringComparison.Ordinal))).Select(kind => kind.Code));
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "SimLedger.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the repository."));
}
