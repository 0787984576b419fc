using System.Net;
using System.Text;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.Importing;

/// <summary>A fleet file over HTTP: taken as it comes, imported by a job, told of row by row.</summary>
public sealed class ImportingOverHttp(RulesFixture api) : IClassFixture<RulesFixture>
{
    [Fact]
    public async Task A_file_goes_in_by_a_job_and_its_facts_say_which_import_and_row_they_come_from()
    {
        var client = await api.Host.NewOrganisation();

        var job = await client.ImportWhole(Imports.File(5000), "name=fleet%202026.csv");

        Assert.Equal((5000, 5000, 0, 0, 0), Imports.Counts(await client.Result(job)));
        Assert.Equal((5000, 5000, 0), (job.GetProperty("done").GetInt32(), job.GetProperty("total").GetInt32(), job.GetProperty("failed").GetInt32()));
        var id = Imports.Id(job);
        Assert.Equal(1L, await Count(client, $"select count(distinct (origin, causation_id)) from events where origin = 'import:fleet 2026.csv' and causation_id = '{id}'"));
        Assert.Equal(0L, await Count(client, "select count(*) from events where reason is null or reason !~ '^row [0-9]+$'"));
        var report = await client.Report(id);
        Assert.Equal(["row", "outcome", "column", "value", "what", "cure"], report[0]);
        Assert.Equal(Enumerable.Range(1, 5000), report.Skip(1).Select(line => int.Parse(line[0], null)));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        var client = await api.Host.NewOrganisation();
        await client.ImportWhole(Imports.File(300));

        Assert.Equal((300, 0, 0, 300, 0), Imports.Counts(await client.Result(await client.ImportWhole(Imports.File(300)))));
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_job_and_another_one_under_its_key_is_refused()
    {
        var client = await api.Host.NewOrganisation();
        var first = (await client.Import(Imports.File(20), key: "k")).Is(HttpStatusCode.Accepted);
        await client.Ended(first);

        var again = (await client.Import(Imports.File(20), key: "k")).Is(HttpStatusCode.Accepted);

        Assert.Equal(Imports.Id(first.Json), Imports.Id(again.Json));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        (await client.Import(Imports.File(21), key: "k")).Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await client.Import(Imports.File(20), "dryRun=true", "k")).Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        Assert.Equal(1L, await Count(client, "select count(*) from jobs where true"));
        Assert.Equal(1L, await Count(client, "select count(*) from import_files where kind = 'file'"));
    }

    [Fact]
    public async Task The_same_request_at_two_servers_at_once_is_one_import()
    {
        await using var second = await ApiHost.Start(api.Database.App, api.Clock);
        var client = await api.Host.NewOrganisation();
        ApiClient[] servers = [client, client.At(second.Url)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => servers[i % 2].Import(Imports.File(500), key: "k")));

        Assert.All(answers, answer => answer.Is(HttpStatusCode.Accepted));
        var job = await client.Ended(Imports.Id(Assert.Single(answers.Select(a => Imports.Id(a.Json)).Distinct().Select(_ => answers[0])).Json));
        Assert.Equal((500, 500, 0, 0, 0), Imports.Counts(await client.Result(job)));
        Assert.Equal(500L, await Count(client, "select count(*) from events where type = 'CardRegistered'"));
    }

    [Theory]
    [InlineData("", 422, "file-unusable")]
    [InlineData("a,b\n1,2\n", 422, "file-unusable")]
    [InlineData("number,number\n1,2\n", 422, "file-unusable")]
    [InlineData("\u0000\u0001PK\u0003\u0004", 422, "file-unusable")]
    public async Task What_is_no_fleet_file_is_refused_at_once_and_leaves_nothing(string file, int status, string code)
    {
        var client = await api.Host.NewOrganisation();

        (await client.Import(file)).Problem((HttpStatusCode)status, code);
        (await client.Import([0xFF, 0x00, 0x6E, 0xC3, 0x28])).Problem(HttpStatusCode.UnprocessableEntity, "file-unusable");

        Assert.Equal(0L, await Count(client, "select (select count(*) from import_files x where x.tenant_id = t.tenant_id) + (select count(*) from jobs x where x.tenant_id = t.tenant_id) from tenant_heads t where true"));
    }

    [Fact]
    public async Task Another_media_type_query_or_no_key_is_refused()
    {
        var client = await api.Host.NewOrganisation();
        var file = Encoding.UTF8.GetBytes(Imports.File(1));

        foreach (var type in new[] { "application/json", "text/plain", "text/csv; charset=latin1", "" })
        {
            (await client.Send(HttpMethod.Post, "/v1/imports", ApiClient.Json(file, type), ("Idempotency-Key", "k"))).Problem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        }
        (await client.Send(HttpMethod.Post, "/v1/imports", ApiClient.Json(file, "text/csv"))).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");
        (await client.Import(file, "dryRun=yes")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Import(file, "dryrun=true")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Import(file, $"name={new string('n', 101)}")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Import(file, "name=a%0Ab")).Problem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Another_organisation_finds_neither_import_nor_report_nor_undoes_it()
    {
        var (client, other) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        var id = Imports.Id(await client.ImportWhole(Imports.File(3)));

        (await other.Get($"/v1/imports/{id}")).Problem(HttpStatusCode.NotFound, "import-not-found");
        (await other.Get($"/v1/imports/{id}/report")).Problem(HttpStatusCode.NotFound, "import-not-found");
        (await other.Get($"/v1/jobs/{id}")).Problem(HttpStatusCode.NotFound, "job-not-found");
        (await other.Undo(id)).Problem(HttpStatusCode.NotFound, "import-not-found");
        Assert.Equal("import", (await client.Get($"/v1/imports/{id}")).Is(HttpStatusCode.OK).Json.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_dry_run_counts_as_the_import_does_and_records_nothing()
    {
        var client = await api.Host.NewOrganisation();
        await client.ImportWhole($"{Imports.Header}\n+639000000001,8963000000000000043,ph-tm,prepaid,,,,,Ana,\n");
        var file = $"""
            {Imports.Header}
            +639000000001,8963000000000000043,ph-tm,prepaid,2026-01-01,,,,Kevin,
            +85290000001,8985200000000000036,hk-cmhk,one-card-two-numbers,2026-11-05,,,,,
            +8610000000001,8985200000000000036,hk-cmhk,one-card-two-numbers,2026-11-06,,,,,
            +85290000001,8985200000000000036,hk-cmhk,one-card-two-numbers,2026-11-05,,,,,
            +639000000009,8985200000000000036,ph-tm,prepaid,,,,,,
            +639000000009,8963000000000000076,ph-tm,prepaid,,,,,,
            0900 000 007,,ph-tm,prepaid,,,,,,
            0911 000 0011,,ph-tm,prepaid,,,,,,
            +639110000011,,ph-tm,prepaid,,,,,,
            +639000000002,,Nobody Mobile,gold,2026-02-30,,,,,
            +639000000003,,ph-tm,prepaid,2999-01-01,,,,,

            """ + Imports.Rows(200);
        var before = await Count(client, "select position from tenant_heads where true");

        var dry = await client.ImportWhole(file, "dryRun=true");
        Assert.Equal(before, await Count(client, "select position from tenant_heads where true"));
        var dryReport = await client.Report(Imports.Id(dry));
        var real = await client.ImportWhole(file);

        Assert.Equal(Imports.Counts(await client.Result(dry)), Imports.Counts(await client.Result(real)));
        Assert.Equal((211, 202, 5, 2, 2), Imports.Counts(await client.Result(real)));
        Assert.Equal(dryReport.Select(line => string.Join('|', line)), (await client.Report(Imports.Id(real))).Select(line => string.Join('|', line)));
        (await client.Undo(Imports.Id(dry))).Problem(HttpStatusCode.NotFound, "import-not-found");
    }

    /// <summary>A value past all walls; of this organisation, where the statement names a table and a condition.</summary>
    private async Task<long> Count(ApiClient client, string sql) =>
        Convert.ToInt64(await api.Database.Tamper(sql.Replace(" where ", $" where tenant_id = '{client.Tenant}' and ", StringComparison.Ordinal).Replace($"x where tenant_id = '{client.Tenant}' and ", "x where ", StringComparison.Ordinal)), null);
}
