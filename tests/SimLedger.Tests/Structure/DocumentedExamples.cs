using System.Text.RegularExpressions;

namespace SimLedger.Tests.Structure;

/// <summary>Code in the docs is code that runs: a block marked <c>&lt;!-- from: path#region --&gt;</c> equals that region of that file.</summary>
public partial class DocumentedExamples
{
    [Fact]
    public void Every_marked_block_equals_its_source() => Assert.All(
        Repository.Files.Where(path => path == "README.md" || (path.StartsWith("docs/", StringComparison.Ordinal) && Path.GetExtension(path) == ".md")),
        page => Assert.All(Blocks(Repository.Read(page)), block => Assert.Equal(Region(Repository.Read(block.Path), block.Region), block.Code)));

    [Fact]
    public void A_block_is_compared_without_the_indentation_of_its_source()
    {
        var source = "class A\n{\n    #region shown\n    if (x)\n\n        y();\n    #endregion\n}\n";
        var page = "text\n<!-- from: tests/A.cs#shown -->\n```csharp\nif (x)\n\n    y();\n```\n";

        Assert.Equal([("tests/A.cs", "shown", Region(source, "shown"))], Blocks(page));
        Assert.NotEqual(Blocks(page.Replace("y()", "z()", StringComparison.Ordinal)).Single().Code, Region(source, "shown"));
        Assert.Throws<InvalidOperationException>(() => Region(source, "absent"));
        Assert.Throws<InvalidOperationException>(() => Blocks("<!-- from: tests/A.cs#shown -->\n\nno block\n").ToList());
    }

    private static IEnumerable<(string Path, string Region, string Code)> Blocks(string page) => Mark().Matches(page).Select(mark =>
    {
        var block = Block().Match(page, mark.Index + mark.Length);
        if (!block.Success) throw new InvalidOperationException($"No code block follows {mark.Value}.");

        return (mark.Groups["path"].Value, mark.Groups["region"].Value, block.Groups["code"].Value);
    });

    private static string Region(string source, string region)
    {
        var lines = source.Split('\n').SkipWhile(line => !line.TrimEnd().EndsWith($"#region {region}", StringComparison.Ordinal)).ToList();
        if (lines.Count == 0) throw new InvalidOperationException($"There is no region {region}.");

        var inside = lines.Skip(1).TakeWhile(line => !line.Contains("#endregion", StringComparison.Ordinal)).ToList();
        var indentation = inside.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', inside.Select(line => line.Length == 0 ? "" : line[indentation..]));
    }

    [GeneratedRegex("<!-- from: (?<path>[^#\\s]+)#(?<region>\\S+) -->")]
    private static partial Regex Mark();

    [GeneratedRegex("\\G\\n```[a-z]*\\n(?<code>.*?)\\n```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
