using Npgsql;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The server does not start where it could go round the walls between organisations, or would fail later.</summary>
public sealed class Roles
{
    [Fact]
    public async Task As_a_superuser_it_refuses_to_start_and_says_the_cure()
    {
        var database = await TestDatabase.Create();

        var line = await Refusal(database.Superuser);

        Assert.Contains("is a superuser", line, StringComparison.Ordinal);
        Assert.Contains("connect as simledger_app", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simledger_owner", "owns tables")]
    [InlineData("simledger_worker", "may not do what the server does")]
    [InlineData("simledger_verify", "may not do what the server does")]
    [InlineData("simledger_backup", "may not do what the server does")]
    public async Task As_another_role_of_the_schema_it_refuses_to_start(string role, string says) =>
        Assert.Contains(says, await Refusal((await TestDatabase.Create()).As(role)), StringComparison.Ordinal);

    [Fact]
    public async Task On_a_database_that_was_not_migrated_it_refuses_to_start_and_says_the_cure()
    {
        var database = await TestDatabase.Create();
        await database.Tamper($"create database {database.Name}_empty");

        var line = await Refusal(new NpgsqlConnectionStringBuilder(database.App) { Database = $"{database.Name}_empty" }.ConnectionString);

        Assert.Contains("Run `migrate`", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_it_refuses_to_start_and_says_what_to_check()
    {
        var database = await TestDatabase.Create();

        var nowhere = await Refusal(new NpgsqlConnectionStringBuilder(database.App) { Database = "no_such_database" }.ConnectionString);
        var nobody = await Refusal($"Host=127.0.0.1;Port={ServerProcess.FreePort()};Username=simledger_app;Password=secret-word;Database=x;Timeout=3");
        var nonsense = await Refusal("Hots=127.0.0.1;Password=secret-word");
        var swapped = await Refusal("secret-word");

        Assert.All([nowhere, nobody, nonsense, swapped], line => Assert.Contains("ConnectionStrings__SimLedger", line, StringComparison.Ordinal));
        Assert.All([nobody, nonsense, swapped], line => Assert.DoesNotContain("secret-word", line, StringComparison.Ordinal));
    }

    /// <summary>The one line it says before it ends with exit code 1.</summary>
    private static async Task<string> Refusal(string connection)
    {
        var url = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{ServerProcess.FreePort()}" };
        var (exit, output, errors) = await ServerProcess.Run(["serve"], connection, url);

        Assert.True(exit == 1, $"Exit code {exit}: {output}{errors}");
        Assert.Empty(output);
        return Assert.Single(errors.TrimEnd('\n').Split('\n'));
    }
}
