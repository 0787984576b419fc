using System.Net;
using SimLedger.Server.DueList;

namespace SimLedger.IntegrationTests.Http;

/// <summary>What goes wrong with one card, or takes long, must not cost the others their dates.</summary>
public sealed class DueListUnderTrouble : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);

    private readonly StoppedClock _clock = new(Start);
    private TestDatabase _database = null!;
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _host = await ApiHost.Start(_database.App, _clock);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_check_of_a_day_that_has_not_begun_where_the_carrier_is_counts_once_it_has()
    {
        _clock.Now = Start.AddHours(16); // 20:00 in London, and the next morning in Manila.
        var client = await _host.NewOrganisation();
        var card = await client.Register("""{"carrier": "ph-tm", "lines": [{"number": "+639000000001", "product": "prepaid"}]}""");
        (await client.Post($"/v1/cards/{card}/status-checks", """{"at": "2026-11-22", "state": "suspended"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(1, await Differing());

        (await client.Post($"/v1/cards/{card}/carrier-identifications", """{"carrier": "gb-giffgaff"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(0, await Differing());
        _clock.Now = Start.AddHours(21);
        Assert.Equal(1, await Differing());

        async Task<int> Differing() => (await client.Get("/v1/due-list?flag=statusDiffers")).Is(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength();
    }

    [Fact]
    public async Task A_card_that_cannot_be_read_is_listed_to_settle_and_keeps_no_other_from_its_date()
    {
        var client = await _host.NewOrganisation();
        var broken = await Card(client, "+639000000001");
        var whole = await Card(client, "+639000000002");
        await _database.Tamper($"update events set type = 'FromTheFuture' where stream_id = '{broken}' and version = 2");
        await _database.Tamper("update card_standing set next_change_at = '2026-11-22', holds_until = '2026-11-22'");

        _clock.Now = Start.AddDays(2);
        var items = (await client.Get("/v1/due-list")).Is(HttpStatusCode.OK).Json.GetProperty("items");
        var (cards, more) = await _host.Get<Reappraisal>().CatchUp(client.Tenant, 10, default);

        Assert.Equal([broken, whole], items.EnumerateArray().Select(i => i.GetProperty("cardId").GetGuid()));
        Assert.Contains("notAppraised", items[0].GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal((2, false), (cards, more));
        Assert.Equal(1L, await _database.Tamper("select count(*) from card_standing where next_change_at > '2026-11-23'"));
    }

    [Fact]
    public async Task A_list_that_was_begun_long_ago_is_begun_again()
    {
        var client = await _host.NewOrganisation();
        await Card(client, "+639000000001");
        await Card(client, "+639000000002");
        var cursor = (await client.Get("/v1/due-list?limit=1")).Is(HttpStatusCode.OK).Json.GetProperty("nextCursor").GetString();

        _clock.Now = Start.AddMinutes(14);
        (await client.Get($"/v1/due-list?limit=1&cursor={cursor}")).Is(HttpStatusCode.OK);
        _clock.Now = Start.AddMinutes(16);
        var late = (await client.Get($"/v1/due-list?limit=1&cursor={cursor}")).Is(HttpStatusCode.BadRequest);

        Assert.Equal("cursor-unusable", late.Json.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_lost_line_is_listed_again_from_the_moment_the_carrier_says_it_lives()
    {
        var client = await _host.NewOrganisation();
        var card = await client.Register("""{"carrier": "hk-cmhk", "lines": [{"number": "+85290000001", "product": "one-card-two-numbers"}]}""");
        (await client.Post($"/v1/cards/{card}/activations", """{"at": "2025-01-01"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(0, (await client.Get("/v1/due-list")).Json.GetProperty("items").GetArrayLength());

        // A second ahead of the server's clock: within the skew that is taken, and still to come for the rules.
        (await client.Post($"/v1/cards/{card}/carrier-statements", """{"at": "2026-11-21T04:00:01Z", "endsOn": "2027-06-30"}""")).Is(HttpStatusCode.OK);
        _clock.Now = Start.AddSeconds(2);

        var item = Assert.Single((await client.Get("/v1/due-list")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal("2027-06-30", item.GetProperty("dueOn").GetString());
    }

    private static async Task<Guid> Card(ApiClient client, string number)
    {
        var card = await client.Register($$"""{"carrier": "ph-tm", "lines": [{"number": "{{number}}", "product": "prepaid"}]}""");
        (await client.Post($"/v1/cards/{card}/top-ups", """{"at": "2026-11-01", "amount": "300"}""")).Is(HttpStatusCode.OK);
        return card;
    }
}
