using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.Audit;

/// <summary>An organisation has its own audit chain verified, over HTTP, by the server's own role.</summary>
public sealed class Verifying(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Card = """{"carrier":"gb-giffgaff","owner":"陈伟","lines":[{"number":"+447700900123","product":"payg"}]}""";

    [Fact]
    public async Task Before_the_first_verification_only_the_head_is_told()
    {
        var client = await api.Host.NewOrganisation();
        var empty = (await client.Get("/v1/audit/verification")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((0L, new string('0', 64)), (empty.GetProperty("head").GetProperty("position").GetInt64(), empty.GetProperty("head").GetProperty("chain").GetString()));
        Assert.Equal(JsonValueKind.Null, empty.GetProperty("newest").ValueKind);

        await client.Register(Card);

        var head = (await client.Get("/v1/audit/verification")).Json.GetProperty("head");
        var newest = (await client.Get("/v1/audit?limit=1")).Json.GetProperty("facts")[0];
        Assert.Equal(newest.GetProperty("position").GetInt64(), head.GetProperty("position").GetInt64());
        Assert.Equal(newest.GetProperty("recordedAt").GetString(), head.GetProperty("recordedAt").GetString());
        var chain = (byte[])(await api.Database.Tamper($"select chain from tenant_heads where tenant_id = '{client.Tenant}'"))!;
        Assert.Equal(Convert.ToHexStringLower(chain), head.GetProperty("chain").GetString());
    }

    [Fact]
    public async Task What_nobody_touched_is_intact_with_its_erased_facts_counted()
    {
        var client = await api.Host.NewOrganisation();
        await client.Register(Card);
        var head = (await client.Get("/v1/audit/verification")).Json.GetProperty("head").GetProperty("position").GetInt64();
        await api.Database.Tamper($"update events set data = null, salt = null where tenant_id = '{client.Tenant}' and position = 2");

        var (job, result) = await Verify(client);

        Assert.Equal((true, head, 1L), (result.GetProperty("intact").GetBoolean(), result.GetProperty("verifiedTo").GetInt64(), result.GetProperty("erased").GetInt64()));
        Assert.Equal(JsonValueKind.Null, result.GetProperty("firstBreak").ValueKind);
        Assert.Equal((head, head), (job.GetProperty("done").GetInt64(), job.GetProperty("total").GetInt64()));
        var newest = (await client.Get("/v1/audit/verification")).Json.GetProperty("newest");
        Assert.Equal(job.GetProperty("jobId").GetGuid(), newest.GetProperty("jobId").GetGuid());
        Assert.Equal(job.GetProperty("finishedAt").GetString(), newest.GetProperty("finishedAt").GetString());
        foreach (var member in result.EnumerateObject()) Assert.Equal(member.Value.GetRawText(), newest.GetProperty(member.Name).GetRawText());
    }

    [Fact]
    public async Task A_changed_fact_is_named_to_its_organisation_and_to_no_other()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        await client.Register(Card);
        await others.Register(Card);
        await Verify(client);
        await api.Database.Tamper($"update events set actor = 'key:nobody' where tenant_id = '{client.Tenant}' and position = 2");

        var (_, result) = await Verify(client);

        Assert.Equal((false, 1L), (result.GetProperty("intact").GetBoolean(), result.GetProperty("verifiedTo").GetInt64()));
        Assert.Equal(2, result.GetProperty("firstBreak").GetProperty("position").GetInt64());
        Assert.Contains("is not what was written", result.GetProperty("firstBreak").GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.False((await client.Get("/v1/audit/verification")).Json.GetProperty("newest").GetProperty("intact").GetBoolean());
        Assert.Equal(JsonValueKind.Null, (await others.Get("/v1/audit/verification")).Json.GetProperty("newest").ValueKind);
        Assert.True((await Verify(others)).Result.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task A_changed_head_is_a_break_without_a_position()
    {
        var client = await api.Host.NewOrganisation();
        await client.Register(Card);
        await api.Database.Tamper($"update tenant_heads set chain = sha256(chain) where tenant_id = '{client.Tenant}'");

        var (_, result) = await Verify(client);

        Assert.False(result.GetProperty("intact").GetBoolean());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("firstBreak").GetProperty("position").ValueKind);
    }

    [Fact]
    public async Task It_takes_a_key_that_may_write_an_idempotency_key_and_an_empty_object()
    {
        var client = await api.Host.NewOrganisation();
        var reader = await api.Host.Client(client.Tenant, "read");
        (await reader.Post("/v1/audit/verifications", "{}")).Problem(HttpStatusCode.Forbidden, "scope-missing");
        (await reader.Get("/v1/audit/verification")).Is(HttpStatusCode.OK);
        (await client.Post("/v1/audit/verifications", """{"from":1}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Send(HttpMethod.Post, "/v1/audit/verifications", ApiClient.Json("{}"))).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");
        (await client.Get("/v1/audit/verification?full=1")).Problem(HttpStatusCode.BadRequest, "invalid-request");

        var first = (await client.Post("/v1/audit/verifications", "{}", "once")).Is(HttpStatusCode.Accepted);
        await Packs.Finished(client, first.Header("Location")!);
        var again = (await client.Post("/v1/audit/verifications", "{}", "once")).Is(HttpStatusCode.Accepted);
        Assert.Equal((first.Header("Location"), "true"), (again.Header("Location"), again.Header("Idempotency-Replayed")));
    }

    private static async Task<(JsonElement Job, JsonElement Result)> Verify(ApiClient client)
    {
        var asked = (await client.Post("/v1/audit/verifications", "{}")).Is(HttpStatusCode.Accepted);
        var job = await Packs.Finished(client, asked.Header("Location")!);
        Assert.True(job.GetProperty("state").GetString() == "succeeded", job.GetRawText());
        return (job, (await client.Get(job.GetProperty("result").GetString()!)).Is(HttpStatusCode.OK).Json);
    }
}
