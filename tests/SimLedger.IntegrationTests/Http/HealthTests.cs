using System.Net;

namespace SimLedger.IntegrationTests.Http;

/// <summary>/livez and /readyz tell an orchestrator, without a key and without a secret, whether to send requests here.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_server_with_its_database_lives_and_is_ready()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App, TimeProvider.System);
        var anybody = new ApiClient(host.Url, default, null, default);

        Assert.Equal("ok\n", (await anybody.Get("/livez")).Is(HttpStatusCode.OK).Text);
        var ready = (await anybody.Get("/readyz")).Is(HttpStatusCode.OK);

        Assert.Equal("""{"status":"ready","checks":{"database":"ok","schema":"ok","durability":"ok","worker":"ok","viewLag":"ok","jobs":"ok"}}""", ready.Text);
        Assert.Equal("no-store", ready.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("alter role simledger_app in database {0} set synchronous_commit = off", "synchronous_commit off: an acknowledged fact could be lost")]
    [InlineData("alter database {0} set synchronous_commit = off", "synchronous_commit off: an acknowledged fact could be lost")]
    public async Task A_database_that_may_forget_what_it_acknowledged_is_not_ready(string weaken, string says)
    {
        var database = await TestDatabase.Create();
        await database.Tamper(string.Format(System.Globalization.CultureInfo.InvariantCulture, weaken, database.Name));
        await using var host = await ApiHost.Start(database.App, TimeProvider.System);

        var answer = (await new ApiClient(host.Url, default, null, default).Get("/readyz")).Is(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(says, answer.Json.GetProperty("checks").GetProperty("durability").GetString());
    }

    [Fact]
    public async Task A_schema_of_another_program_is_not_ready()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App, TimeProvider.System);
        await database.Tamper("delete from schema_migrations where number = (select max(number) from schema_migrations)");

        var answer = (await new ApiClient(host.Url, default, null, default).Get("/readyz")).Is(HttpStatusCode.ServiceUnavailable);

        Assert.Contains("migrations", answer.Json.GetProperty("checks").GetProperty("schema").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_the_server_lives_is_not_ready_and_says_so_to_clients()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App, TimeProvider.System);
        var client = await host.NewOrganisation();
        var card = await client.Register("""{"lines":[{"number":"+447700900123"}]}""");
        await Gone(database, true);

        (await client.Get("/livez")).Is(HttpStatusCode.OK);
        Assert.Equal("""{"status":"not ready","checks":{"database":"cannot be reached","worker":"ok","viewLag":"ok","jobs":"ok"}}""", (await client.Get("/readyz")).Is(HttpStatusCode.ServiceUnavailable).Text);
        foreach (var answer in new[] { await client.Get("/v1/due-list"), await client.Get($"/v1/cards/{card}"), await client.Post($"/v1/cards/{card}/activations", "{}") })
        {
            answer.Problem(HttpStatusCode.ServiceUnavailable, "database-unavailable");
            Assert.NotNull(answer.Header("Retry-After"));
            Assert.DoesNotContain(database.Name, answer.Text, StringComparison.Ordinal);
        }

        await Gone(database, false);
        (await client.Get("/readyz")).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/activations", "{}")).Is(HttpStatusCode.OK);
    }

    /// <summary>Takes a database from everybody but the superuser, or gives it back.</summary>
    private static async Task Gone(TestDatabase database, bool gone)
    {
        await database.Tamper($"alter database {database.Name} connection limit {(gone ? 0 : -1)}");
        if (gone) await database.Tamper($"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{database.Name}' and pid <> pg_backend_pid()");
    }
}
