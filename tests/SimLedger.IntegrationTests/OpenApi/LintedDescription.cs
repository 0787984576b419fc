using System.Text.RegularExpressions;
using SimLedger.Server.LocalPostgres;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>The file is right by the rules of others too.</summary>
public sealed partial class LintedDescription
{
    private const string Linter = "@redocly/cli@2.11.1";

    /// <summary>Fetching it the first time takes most of it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [ToolFact]
    public async Task Redocly_finds_nothing_to_say_against_it()
    {
        var npx = OnPath("npx") ?? throw NoNpx(isCi: Environment.GetEnvironmentVariable("CI") is "true" or "1", hasNode: OnPath("node") is not null);
        await Fetched(npx);

        var (code, output) = await Run(npx, "lint", ApiFile.Path, "--config", Path.Combine(Repository.Root, "docs", "redocly.yaml"));

        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)] // CI does without Node.js where PostgreSQL is installed.
    [InlineData(false, true, true)]
    [InlineData(false, false, true)]
    public void Where_node_is_there_CI_does_not_do_without_npx(bool isCi, bool hasNode, bool isSkipped) =>
        Assert.Equal(isSkipped, NoNpx(isCi, hasNode) is ToolMissingException);

    [Theory]
    [InlineData("npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED", true)]
    [InlineData("npm ERR! code ENOTFOUND\r\nnpm ERR! syscall getaddrinfo", true)]
    [InlineData("npm error code EAI_AGAIN", true)]
    [InlineData("npm error code E503\nnpm error 503 Service Unavailable", true)]
    [InlineData("npm error code E403\nnpm error 403 Forbidden", true)]
    [InlineData("npm error code ETARGET\nnpm error notarget No matching version found for @redocly/cli@99.11.1.", false)]
    [InlineData("npm error code E404\nnpm error 404 Not Found", false)]
    [InlineData("npm error code EACCES", false)]
    [InlineData("SyntaxError: Unexpected token at ECONNREFUSED", false)]
    [InlineData("", false)]
    public void Only_a_registry_that_cannot_be_reached_excuses_from_the_check(string output, bool isAway) => Assert.Equal(isAway, RegistryIsAway(output));

    private static Exception NoNpx(bool isCi, bool hasNode)
    {
        const string told = "There is no npx here. Install Node.js with npm to have docs/openapi.json checked.";
        return isCi && hasNode ? new InvalidOperationException(told) : new ToolMissingException(told);
    }

    /// <summary>Apart from the check itself, so that no finding is taken for a registry that does not answer.</summary>
    private static async Task Fetched(string npx)
    {
        try
        {
            var (code, output) = await Run(npx, "--version");
            if (code != 0 && RegistryIsAway(output)) throw new ToolMissingException($"{Linter} could not be fetched: {output}");
            Assert.True(code == 0, $"{Linter} does not run, though the registry answers: {output}");
        }
        catch (LocalPostgresException late)
        {
            throw new ToolMissingException($"{Linter} could not be fetched: {late.Message}");
        }
    }

    /// <summary>npm's own word for it: the network's errors, and a registry or proxy before it that turns everybody away. What is not there (404, no such version) is our fault.</summary>
    private static bool RegistryIsAway(string output) => AwayCode().IsMatch(output);

    [GeneratedRegex(
        @"^npm (error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOTCACHED|EPROTO|[A-Z_]*CERT[A-Z_]*|E401|E403|E407|E429|E5\d\d)\r?$",
        RegexOptions.Multiline)]
    private static partial Regex AwayCode();

    private static string? OnPath(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { $"{tool}.cmd", $"{tool}.exe" }.Select(name => Path.Combine(folder, name)) : [Path.Combine(folder, tool)])
        .FirstOrDefault(File.Exists);

    private static Task<(int ExitCode, string Output)> Run(string npx, params string[] arguments) =>
        ChildProcess.Run(npx, ["--yes", "--loglevel=error", Linter, .. arguments], Limit, CancellationToken.None, Repository.Root);
}
