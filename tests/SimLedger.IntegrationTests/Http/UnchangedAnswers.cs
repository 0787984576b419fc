using System.Net;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.Http;

/// <summary>304 is said only where the client's copy is what it would get.</summary>
public sealed class UnchangedAnswers : IAsyncLifetime
{
    // After the shipped rules were published, by the clock of the machine.
    private static readonly DateTimeOffset Start = new(DateTimeOffset.UtcNow.Year + 1, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private readonly SetClock _clock = new() { Now = Start };
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.Start((await TestDatabase.Create()).App, _clock);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_card_is_not_sent_again_until_a_fact_is_recorded()
    {
        var (client, card) = await Line();
        var first = (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        _clock.Now = Start.AddDays(3);

        foreach (var held in new[] { first.ETag!, $"W/{first.ETag}", $"\"77\", {first.ETag}" })
        {
            var again = await Ask(client, $"/v1/cards/{card}", held);
            Assert.Equal((HttpStatusCode.NotModified, 0, first.ETag), (again.Status, again.Bytes.Length, again.ETag));
        }
        Assert.Equal(HttpStatusCode.NotModified, (await Ask(client, "/v1/cards/by/number/+639000000004", first.ETag!)).Status);
        foreach (var other in new[] { "*", "\"77\"", "7" }) (await Ask(client, $"/v1/cards/{card}", other)).Is(HttpStatusCode.OK);

        (await client.Post($"/v1/cards/{card}/descriptions", """{"owner": "Bo"}""")).Is(HttpStatusCode.OK);
        (await Ask(client, $"/v1/cards/{card}", first.ETag!)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_card_that_time_alone_has_changed_is_sent_again()
    {
        var (client, card) = await Line();
        var first = (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        var renewBy = first.Json.GetProperty("lines")[0].GetProperty("renewBy").GetDateTime();

        _clock.Now = new DateTimeOffset(renewBy.AddDays(2), TimeSpan.Zero);

        var again = (await Ask(client, $"/v1/cards/{card}", first.ETag!)).Is(HttpStatusCode.OK);
        Assert.Equal(first.ETag, again.ETag);
        Assert.True(again.Json.GetProperty("lines")[0].GetProperty("overdue").GetBoolean());
    }

    [Fact]
    public async Task A_card_under_rules_that_came_after_its_last_fact_is_sent_again()
    {
        var (client, card) = await Line();
        var first = (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        _clock.Now = Start.AddHours(1);

        await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 44)));

        var again = (await Ask(client, $"/v1/cards/{card}", first.ETag!)).Is(HttpStatusCode.OK);
        Assert.NotEqual(first.Text, again.Text);
    }

    [Fact]
    public async Task A_carrier_is_not_sent_again_until_its_rules_change()
    {
        var client = await _host.NewOrganisation();
        var first = (await client.Get("/v1/carriers/ph-tm")).Is(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.NotModified, (await Ask(client, "/v1/carriers/ph-tm", first.ETag!)).Status);
        (await Ask(client, "/v1/carriers/ph-smart", first.ETag!)).Is(HttpStatusCode.OK);
        await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 44)));

        var again = (await Ask(client, "/v1/carriers/ph-tm", first.ETag!)).Is(HttpStatusCode.OK);
        Assert.NotEqual(first.ETag, again.ETag);
    }

    private async Task<(ApiClient Client, Guid Card)> Line()
    {
        var client = await _host.NewOrganisation();
        var card = await client.Register("""{"carrier": "ph-tm", "lines": [{"number": "+639000000004", "product": "prepaid"}]}""");
        (await client.Post($"/v1/cards/{card}/top-ups", $$"""{"at": "{{Start:yyyy-MM-dd}}", "amount": "300"}""")).Is(HttpStatusCode.OK);
        return (client, card);
    }

    private static Task<ApiAnswer> Ask(ApiClient client, string path, string held) => client.Send(HttpMethod.Get, path, null, ("If-None-Match", held));
}
