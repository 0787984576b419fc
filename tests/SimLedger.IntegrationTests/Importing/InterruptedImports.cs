using System.Net;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;
using SimLedger.Server.Jobs;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>Imports that are cancelled, whose server dies, and that are too many.</summary>
public sealed class InterruptedImports(RulesFixture api) : IClassFixture<RulesFixture>
{
    private const int Rows = 3000;

    [Fact]
    public async Task A_cancelled_import_stays_as_far_as_it_came_and_tells_how_far_that_is()
    {
        var client = await api.Host.NewOrganisation();
        var id = Imports.Id((await client.Import(Imports.File(20_000))).Is(HttpStatusCode.Accepted).Json);
        await Until(async () => (await client.Get($"/v1/jobs/{id}")).Json.GetProperty("done").GetInt64() > 0);

        (await client.Post($"/v1/jobs/{id}/cancellations", "{}")).Is(HttpStatusCode.Accepted);
        var job = await client.Ended(id);

        Assert.Equal("cancelled", job.GetProperty("state").GetString());
        var registered = await Count(client, "select count(*) from events where type = 'CardRegistered'");
        Assert.InRange(registered, 1, 19_999);
        Assert.Equal(registered, (await client.Report(id)).Count - 1);
    }

    [Fact]
    public async Task An_import_whose_server_is_killed_is_taken_up_by_the_next_as_if_nothing_had_happened()
    {
        var database = await TestDatabase.Create();
        var dying = await ServerProcess.Serve(database.App);
        await using var rescue = await ApiHost.Start(database.App);
        var client = await rescue.NewOrganisation();
        // Rows that build on each other: their owners alternate, and the last word must stand.
        var file = Imports.File(Rows) + string.Concat(Enumerable.Range(0, 200).Select(i => $"+6390{i:00000000},,ph-tm,prepaid,,,,,Kevin Ho,\n"));
        var id = Imports.Id((await client.At(dying.Url).Import(file)).Is(HttpStatusCode.Accepted).Json);
        await Until(async () => (long)(await database.Tamper("select count(*) from events where type = 'CardRegistered'"))! > 500);
        await dying.Kill();
        Assert.True((long)(await database.Tamper("select count(*) from events where type = 'CardRegistered'"))! < Rows, "It was over before it was killed.");
        // Whoever had it has not given it back; nobody waits half a minute here.
        await database.Tamper($"update jobs set lease_until = now() where finished_at is null and runner is not null and job_id = '{id}'");

        var job = await client.Ended(id);

        Assert.Equal((Rows + 200, Rows, 200, 0, 0), Imports.Counts(await client.Result(job)));
        Assert.Equal(Rows, (long)(await database.Tamper("select count(*) from events where type = 'ToppedUp'"))!);
        Assert.Equal(200, (long)(await database.Tamper("select count(*) from events where type = 'PeopleAssigned' and data ->> 'owner' = 'Kevin Ho'"))!);
        Assert.Equal(Rows, (long)(await database.Tamper("select count(*) from events where type = 'PeopleAssigned' and data ->> 'owner' = 'Ana Cruz'"))!);
        Assert.Equal(Enumerable.Range(1, Rows + 200), (await client.Report(id)).Skip(1).Select(line => int.Parse(line[0], null)));
    }

    [Fact]
    public async Task A_second_attempt_does_not_undo_what_later_rows_of_the_first_did()
    {
        var client = await api.Host.NewOrganisation();
        await client.ImportWhole($"{Imports.Header}\n+639000000001,,ph-tm,prepaid,,,,,Ana,\n");
        // The first row says what stands, the second changes it, the third is the second again, the fourth brings it back.
        var id = Imports.Id(await client.ImportWhole($"{Imports.Header}\n+639000000001,,ph-tm,prepaid,,,,,Ana,\n+639000000001,,ph-tm,prepaid,,,,,Kevin,\n+639000000001,,ph-tm,prepaid,,,,,Kevin,\n+639000000002,,ph-tm,prepaid,,,,,Kevin,\n"));
        var (facts, report) = (await Count(client, "select position from tenant_heads where true"), await client.Report(id));

        await api.Database.Tamper($"update jobs set state = 'queued', finished_at = null, result = null where job_id = '{id}'");
        var job = await client.Ended(id);

        Assert.Equal((4, 1, 1, 2, 0), Imports.Counts(await client.Result(job)));
        Assert.Equal(facts, await Count(client, "select position from tenant_heads where true"));
        Assert.Equal(report.Select(line => string.Join('|', line)), (await client.Report(id)).Select(line => string.Join('|', line)));
    }

    [Fact]
    public async Task Of_too_many_imports_at_once_the_next_is_refused_with_the_cure()
    {
        var client = await api.Host.NewOrganisation();
        var jobs = api.Host.Get<JobStore>();
        for (var i = 0; i < 10; i++)
        {
            // Of a kind of its own while it is added, so that no runner begins it.
            await jobs.Add(client.Tenant, Guid.CreateVersion7(), "held", $"{i}", "{}"u8.ToArray(), "key:test", default);
        }
        await api.Database.Tamper($"update jobs set kind = 'import', runner = gen_random_uuid(), state = 'running', lease_until = now() + interval '10 years' where kind = 'held' and tenant_id = '{client.Tenant}'");

        (await client.Import(Imports.File(1))).Problem(HttpStatusCode.Conflict, "imports-open");

        Assert.Equal(0L, await Count(client, "select count(*) from import_files where true"));
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 2400, "It did not come to be within a minute.");
            await Task.Delay(25);
        }
    }

    private async Task<long> Count(ApiClient client, string sql) =>
        Convert.ToInt64(await api.Database.Tamper(sql.Replace(" where ", $" where tenant_id = '{client.Tenant}' and ", StringComparison.Ordinal)), null);
}
