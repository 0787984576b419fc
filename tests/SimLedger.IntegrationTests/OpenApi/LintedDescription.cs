using SimLedger.Server.LocalPostgres;

namespace SimLedger.IntegrationTests.OpenApi;

/// <summary>The file is right by the rules of others too.</summary>
public sealed class LintedDescription
{
    private const string Linter = "@redocly/cli@2.11.1";

    /// <summary>Fetching it the first time takes most of it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [ToolFact]
    public async Task Redocly_finds_nothing_to_say_against_it()
    {
        var npx = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "npx.cmd" : "npx")).FirstOrDefault(File.Exists)
            ?? throw new ToolMissingException("There is no npx here. Install Node.js to have docs/openapi.json checked.");
        await Fetched(npx);

        var (code, output) = await Run(npx, "lint", ApiFile.Path, "--config", Path.Combine(Repository.Root, "docs", "redocly.yaml"));

        Assert.True(code == 0, output);
    }

    /// <summary>Apart from the check itself, so that no finding is taken for a registry that does not answer.</summary>
    private static async Task Fetched(string npx)
    {
        try
        {
            var (code, output) = await Run(npx, "--version");
            if (code != 0) throw new ToolMissingException($"{Linter} could not be fetched: {output}");
        }
        catch (LocalPostgresException late)
        {
            throw new ToolMissingException($"{Linter} could not be fetched: {late.Message}");
        }
    }

    private static Task<(int ExitCode, string Output)> Run(string npx, params string[] arguments) =>
        ChildProcess.Run(npx, ["--yes", "--loglevel=error", Linter, .. arguments], Limit, CancellationToken.None, Repository.Root);
}
