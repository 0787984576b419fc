using System.Diagnostics;

namespace SimLedger.IntegrationTests.Verbs;

/// <summary>rules check, rules lint and rules explain, as a pack's author runs them.</summary>
public sealed class RuleVerbs : IDisposable
{
    private static readonly string Shipped = Path.Combine(Repository.Root, "src", "SimLedger.Server", "RulePacks");

    private readonly string _folder = Directory.CreateTempSubdirectory("simledger-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_checked_together_and_counted_on_the_last_line()
    {
        var sound = Copy("ph-tm.vectors.json");
        var failing = Copy("hk-cmhk.vectors.json", text => text.Replace("\"stage\": \"active\"", "\"stage\": \"lost\"", StringComparison.Ordinal));
        var broken = Write("xx-broken.json", """{"format": "simledger.rulepack/1", "code": 7}""");

        Assert.Matches("^[1-9][0-9]* passed, 0 failed$", Last(await Run(0, "check", sound, Copy("ph-tm.json"))));

        var output = await Run(1, "check", sound, failing, broken);
        Assert.Contains("FAILED ", output);
        Assert.Contains("  stage: expected \"lost\", actual \"active\"\n", output);
        Assert.Contains($"error: {broken}: $.code: ", output);
        Assert.Matches("^[1-9][0-9]* passed, [1-9][0-9]* failed$", Last(output));
    }

    [Theory]
    [InlineData("not json at all", "The file is no JSON")]
    [InlineData("""{"format": "simledger.vectors/1", "vectors": []}""", "There is no vector")]
    [InlineData("""{"format": "simledger.vectors/1", "vectors": [{"name": "a", "packRef": "../nowhere", "product": "p", "history": [], "asOf": "2026-01-01", "expect": {}}]}""", "There is no pack")]
    [InlineData("""{"\ud800": {}, "format": "\ud800"}""", "surrogate")]
    public async Task What_proves_nothing_fails(string content, string finding)
    {
        var output = await Run(1, "check", Write("wrong.vectors.json", content));

        Assert.Contains(finding, output);
        Assert.Equal("0 passed, 1 failed", Last(output));
    }

    [Fact]
    public async Task A_file_without_end_is_given_up_soon()
    {
        var started = Stopwatch.GetTimestamp();

        var output = await Run(1, "check", "/dev/zero");

        Assert.Contains("larger than", output);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Lint_tells_everything_of_all_packs_and_counts_it()
    {
        var tm = Copy("ph-tm.json");
        Copy("ph-tm.vectors.json");
        Assert.Equal("1 packs, 0 errors, 0 warnings\n", await Run(0, "lint", _folder, "--today", "2026-11-21"));

        var twin = Copy("ph-tm.json", text => text.Replace("\"ph-tm\"", "\"ph-twin\"", StringComparison.Ordinal), "ph-twin.json");
        var output = await Run(1, "lint", tm, _folder, "--today", "2026-11-21");

        Assert.Contains($"error: {twin}: $.aliases[0]: ", output);
        Assert.Contains($"warning: {twin}: $: No vectors prove the pack", output);
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith($"error: {tm}", StringComparison.Ordinal));
        Assert.Matches("^2 packs, [1-9][0-9]* errors, 1 warnings$", Last(output));
    }

    [Fact]
    public async Task Lint_fails_on_warnings_only_when_strict()
    {
        var old = Copy("ph-tm.json");
        Copy("ph-tm.vectors.json");

        var output = await Run(0, "lint", old, "--today", "2030-01-01");

        Assert.Contains(".source.checkedOn: The source was last checked more than a year ago.", output);
        Assert.Matches("^1 packs, 0 errors, [1-9][0-9]* warnings$", Last(output));
        Assert.Equal(output, await Run(1, "lint", "--strict", old, "--today", "2030-01-01"));
        Assert.EndsWith(" warnings\n", await Run(0, "lint", old));
    }

    [Fact]
    public async Task A_vector_is_explained_by_name()
    {
        var file = Path.Combine(Shipped, "hk-cmhk.vectors.json");

        var names = (await Run(0, "explain", file)).TrimEnd().Split('\n');
        var told = await Run(0, "explain", file, "--vector", "after grace a top-up is too late");

        Assert.Contains("after grace a top-up is too late", names);
        Assert.StartsWith("Vector   after grace a top-up is too late\n", told);
        Assert.Contains("Entries, in the order taken\n", told);
        Assert.EndsWith(" expectations hold.", Last(told));
    }

    [Fact]
    public async Task A_vector_that_does_not_pass_is_explained_with_what_fails()
    {
        var file = Copy("hk-cmhk.vectors.json", text => text.Replace("\"stage\": \"active\"", "\"stage\": \"lost\"", StringComparison.Ordinal));

        var told = await Run(1, "explain", file, "--vector", "below the minimum nothing is extended");

        Assert.Contains("  FAILS  stage", told);
        Assert.EndsWith("expectations fail.", Last(told));
    }

    [Theory]
    [InlineData("explain", "ph-tm.json", "CODE.vectors.json")]
    [InlineData("explain", "ph-tm.vectors.json --vector last", "Near it: \"last top-up only\"")]
    [InlineData("explain", ".", "is a folder")]
    [InlineData("check", "nowhere.json", "There is no file")]
    [InlineData("lint", "ph-tm.vectors.json", "There is no rule pack")]
    [InlineData("lint", "ph-tm.json --today tomorrow", "is no date")]
    [InlineData("lint", "", "Required argument missing")]
    public async Task Wrong_usage_is_told_in_one_line(string verb, string arguments, string message)
    {
        var parts = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((part, i) => i == 0 ? Path.Combine(Shipped, part) : part);

        var (code, output, errors) = await ServerProcess.Run(["rules", verb, .. parts], null);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, Assert.Single(errors.Trim().Split('\n')));
    }

    private static async Task<string> Run(int expected, params string[] arguments)
    {
        var (code, output, errors) = await ServerProcess.Run(["rules", .. arguments], null);

        Assert.True(expected == code, $"exit code {code}\n{output}{errors}");
        Assert.Equal("", errors);
        return output;
    }

    private static string Last(string output) => output.TrimEnd().Split('\n')[^1];

    private string Copy(string file, Func<string, string>? change = null, string? name = null)
    {
        var text = File.ReadAllText(Path.Combine(Shipped, file));
        return Write(name ?? file, change is null ? text : change(text));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
