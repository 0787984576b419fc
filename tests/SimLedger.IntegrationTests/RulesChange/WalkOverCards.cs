using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;

namespace SimLedger.IntegrationTests.RulesChange;

/// <summary>The job that brings an organisation's lines under newer rules walks over its cards once, a batch after the other.</summary>
public sealed class WalkOverCards(RulesFixture api) : IClassFixture<RulesFixture>
{
    [Fact]
    public async Task More_lines_than_one_batch_holds_all_follow_and_each_is_counted_once()
    {
        const int Lines = 450; // Two batches of 200, and a rest.
        var client = await api.Host.NewOrganisation();
        await Parallel.ForAsync(0, Lines, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await Packs.Line(client, "ph-tm", $"+639171{i:000000}", "2026-06-01"));

        var result = await Result(client, Packs.Of("ph-tm", 180));

        Assert.Equal(Lines, result.GetProperty("lines").GetInt32());
        Assert.Equal(0, result.GetProperty("cardsFailed").GetInt32());
        Assert.Equal((long)Lines, await api.Database.Tamper($"select count(*) from card_standing where tenant_id = '{client.Tenant}' and ends_on = '2026-11-28'"));
        Assert.Equal(0L, await Behind(client));
    }

    [Fact]
    public async Task A_card_that_cannot_be_read_is_named_in_the_result_and_keeps_no_other_from_the_new_rules()
    {
        var client = await api.Host.NewOrganisation();
        var broken = await Packs.Line(client, "ph-tm", "+639172000001", "2026-06-01");
        var whole = await Packs.Line(client, "ph-tm", "+639172000002", "2026-06-01");
        await api.Database.Tamper($"update events set type = 'FromTheFuture' where stream_id = '{broken}' and version = 2");

        var result = await Result(client, Packs.Of("ph-tm", 180));

        Assert.Equal(1, result.GetProperty("lines").GetInt32());
        Assert.Equal([broken], result.GetProperty("failed").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal("2026-11-28", (await Packs.Listed(client, whole)).GetProperty("endsOn").GetString());
        Assert.Equal(1L, await Behind(client));
    }

    [Fact]
    public async Task A_row_that_its_card_no_longer_accounts_for_does_not_keep_the_job_going()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Packs.Line(client, "ph-tm", "+639173000001", "2026-06-01");
        await api.Database.Tamper($"update card_standing set line_id = gen_random_uuid() where card_id = '{card}'");

        var result = await Result(client, Packs.Of("ph-tm", 180));

        Assert.Equal(1, result.GetProperty("lines").GetInt32());
        Assert.Equal(1L, await Behind(client));
    }

    /// <summary>Publishes a pack and gives the result of the job that follows.</summary>
    private static async Task<JsonElement> Result(ApiClient client, string pack)
    {
        var published = await Packs.Publish(client, "ph-tm", Packs.Change(pack));
        return (await client.Get($"{published.GetProperty("job").GetString()}/result")).Is(HttpStatusCode.OK).Json;
    }

    /// <summary>Rows under older rules.</summary>
    private Task<object?> Behind(ApiClient client) => api.Database.Tamper(
        $"select count(*) from card_standing s join tenant_heads h using (tenant_id) where s.tenant_id = '{client.Tenant}' and s.rules_revision < h.rules_revision");
}
