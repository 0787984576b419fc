using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SimLedger.Tests.Structure;

/// <summary>The house rules that a compiler does not keep.</summary>
public partial class StructureTests
{
    /// <summary>Each project exists to forbid references: the rules know neither database nor web, the ledger knows no card.</summary>
    [Theory]
    [InlineData("SimLedger.Rules", "NodaTime")]
    [InlineData("SimLedger.Cards", "SimLedger.Rules NodaTime")]
    [InlineData("SimLedger.Ledger", "Npgsql")]
    public void A_project_refers_only_to_what_it_may(string project, string may) =>
        Assert.Subset(may.Split(' ').ToHashSet(), References(project));

    [Fact]
    public void Only_the_server_and_tests_know_all_three() => Assert.Equal(
        ["SimLedger.Server"],
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)
            .Where(project => References(project).IsSupersetOf(["SimLedger.Rules", "SimLedger.Cards", "SimLedger.Ledger"])));

    [Theory]
    [InlineData("SimLedger.Rules")]
    [InlineData("SimLedger.Cards")]
    public void The_domain_is_built_under_the_ban_on_clock_and_chance(string project)
    {
        var build = Project(project);

        Assert.Contains(build.Descendants("AdditionalFiles"), file => (string?)file.Attribute("Include") == "../BannedSymbols.txt");
        Assert.Contains(build.Descendants("PackageReference"), package => (string?)package.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
    }

    [Theory]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("P:System.TimeProvider.System")]
    [InlineData("P:NodaTime.SystemClock.Instance")]
    [InlineData("M:System.Guid.NewGuid")]
    public void The_ban_names_each_clock_and_source_of_ids(string symbol) =>
        Assert.Contains(Repository.Read("src/BannedSymbols.txt").Split('\n'), line => line.StartsWith(symbol + ";", StringComparison.Ordinal));

    [Fact]
    public void The_ban_is_an_error_and_nobody_suspends_it()
    {
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", Repository.Read(".editorconfig"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Repository.Files.Where(path => path.Split('/') is ["src", "SimLedger.Rules" or "SimLedger.Cards", ..]),
            path => Repository.Read(path).Contains("RS0030", StringComparison.Ordinal));
    }

    [Fact]
    public void No_folder_or_file_is_named_after_nothing() => Assert.DoesNotContain(
        Repository.Files.SelectMany(path => path.Split('/')).Select(part => part.Split('.')[0]).Distinct(), name => EmptyName().IsMatch(name));

    [Fact]
    public void The_top_level_holds_only_what_a_newcomer_expects() => Assert.DoesNotContain(
        Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)!)
            .Except(Repository.Read(".gitignore").Split('\n').Select(ignored => ignored.TrimEnd('/'))),
        name => !name.StartsWith('.') && !name.StartsWith("Directory.", StringComparison.Ordinal) &&
            name is not ("src" or "tests" or "infra" or "docs" or "README.md" or "SimLedger.sln" or "global.json" or "LICENSE"));

    /// <summary>Rules that stand together share the comment above them.</summary>
    [Fact]
    public void Every_severity_says_why()
    {
        var lines = Repository.Read(".editorconfig").Split('\n');
        var without = lines.Where((line, index) => IsSeverity(line) && !lines.Take(index).Reverse().SkipWhile(IsSeverity).First().StartsWith('#'));

        Assert.Empty(without);

        static bool IsSeverity(string line) => line.StartsWith("dotnet_diagnostic.", StringComparison.Ordinal);
    }

    private static HashSet<string> References(string project) =>
    [
        .. Project(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)),
        // Packages whose assets are all private only watch the build.
        .. Project(project).Descendants("PackageReference").Where(package => (string?)package.Attribute("PrivateAssets") != "all")
            .Select(package => (string)package.Attribute("Include")!),
    ];

    private static XDocument Project(string project) => XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj"));

    [GeneratedRegex("(Common|Utils?|Utilities|Helpers?|Misc|Manager)$", RegexOptions.IgnoreCase)]
    private static partial Regex EmptyName();
}
