using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Many commands in one request are as many single ones.</summary>
public sealed class Batches(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_thousand_cards_go_in_and_a_repetition_replays_each()
    {
        var client = await api.Host.NewOrganisation();
        var body = Body(Enumerable.Range(0, 1000).Select(i => Card($"+6390000{i:00000}")));

        var first = (await client.Post("/v1/cards:batch", body, "k")).Is(HttpStatusCode.MultiStatus);
        var facts = await Facts(client);
        var again = (await client.Post("/v1/cards:batch", body, "k")).Is(HttpStatusCode.MultiStatus);

        Assert.Equal(Enumerable.Range(0, 1000), Items(first).Select(item => item.GetProperty("index").GetInt32()));
        Assert.All(Items(first), item => Assert.Equal((201, false), (Status(item), item.GetProperty("replayed").GetBoolean())));
        Assert.All(Items(again), item => Assert.True(item.GetProperty("replayed").GetBoolean()));
        Assert.Equal(Items(first).Select(CardId), Items(again).Select(CardId));
        Assert.Equal(facts, await Facts(client));
    }

    [Fact]
    public async Task What_is_wrong_with_one_item_is_told_of_that_one_as_alone_and_the_others_go_on()
    {
        var client = await api.Host.NewOrganisation();
        await client.Register(Card("+639000000001"));
        string[] items =
        [
            Card("+639000000002"), """{"lines":[{"number":"0900"}]}""", Card("+639000000001"), "7", """{"lines":[{"number":"+639000000003"}],"colour":"red"}""", """{"lines":[]}""",
            $$"""{"notes":"{{new string('n', 70_000)}}","lines":[{"number":"+639000000009"}]}""", Card("+639000000002"), Card("+639000000004"),
        ];

        var answer = (await client.Post("/v1/cards:batch", Body(items))).Is(HttpStatusCode.MultiStatus);

        Assert.Equal([201, 400, 409, 400, 400, 400, 413, 409, 201], Items(answer).Select(Status));
        foreach (var (index, item) in items.Index().Where(one => Status(Items(answer)[one.Index]) != 201 && one.Item != "7"))
        {
            var (alone, together) = ((await client.Post("/v1/cards", item)).Json, Items(answer)[index].GetProperty("problem"));
            Assert.Equal(alone.GetProperty("code").GetString(), together.GetProperty("code").GetString());
            if (alone.TryGetProperty("errors", out var errors)) Assert.Equal(errors.GetRawText(), together.GetProperty("errors").GetRawText());
        }
        Assert.Equal("/colour", Items(answer)[4].GetProperty("problem").GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Payments_name_their_card_by_id_number_or_iccid_and_a_number_names_the_line()
    {
        var client = await api.Host.NewOrganisation();
        var one = await client.Register(Card("+639000000001"));
        var two = await client.Register("""{"carrier":"ph-tm","iccid":"8963000000000000043","lines":[{"number":"+639000000002","product":"prepaid"},{"number":"+639000000003","product":"prepaid"}]}""");
        var sim = await client.Register("""{"carrier":"ph-tm","iccid":"8963000000000000050","lines":[{"product":"prepaid"}]}""");

        var answer = (await client.Post("/v1/top-ups:batch", Body(
            $$"""{"cardId":"{{one}}","amount":"10"}""", """{"number":"+639000000003","amount":"20"}""", """{"iccid":"8963000000000000050","amount":"30"}""",
            """{"iccid":"8963000000000000043","amount":"40"}""", """{"number":"+639999999999","amount":"50"}""", $$"""{"cardId":"{{one}}","number":"+639000000001","amount":"60"}""",
            """{"amount":"70"}""", """{"number":"0900","amount":"80"}"""))).Is(HttpStatusCode.MultiStatus);

        Assert.Equal([200, 200, 200, 422, 404, 400, 400, 400], Items(answer).Select(Status));
        Assert.Equal([one, two, sim], Items(answer).Take(3).Select(CardId));
        Assert.Equal(["line-not-named", "card-not-found"], Items(answer).Skip(3).Take(2).Select(item => item.GetProperty("problem").GetProperty("code").GetString()));
        var line = (await client.Get($"/v1/cards/{two}")).Json.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("number").GetString() == "+639000000003").GetProperty("lineId").GetString();
        Assert.Equal($"{line} 20", await api.Database.Tamper($"select (data ->> 'lineId') || ' ' || (data ->> 'amount') from events where type = 'ToppedUp' and stream_id = '{two}'"));
    }

    [Fact]
    public async Task Items_on_one_card_are_carried_out_in_their_order()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card("+639000000001"));
        var amounts = Enumerable.Range(1, 200).Select(i => $"{i}").ToList();

        var answer = (await client.Post("/v1/top-ups:batch", Body(amounts.Select((amount, i) => i % 2 == 0
            ? $$"""{"cardId":"{{card}}","amount":"{{amount}}"}""" : $$"""{"number":"+639000000001","amount":"{{amount}}"}""")))).Is(HttpStatusCode.MultiStatus);

        Assert.All(Items(answer), item => Assert.Equal(200, Status(item)));
        Assert.Equal(string.Join(',', amounts), await api.Database.Tamper($"select string_agg(data ->> 'amount', ',' order by version) from events where type = 'ToppedUp' and stream_id = '{card}'"));
    }

    [Fact]
    public async Task Another_item_under_the_key_is_refused_and_one_that_failed_may_be_corrected()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card("+639000000001"));
        string Renewal(string more) => $$"""{"cardId":"{{card}}","at":"2026-04-01"{{more}}}""";

        var first = await client.Post("/v1/renewals:batch", Body(Renewal(""), Renewal(",\"amount\":\"x\"")), "k");
        var second = await client.Post("/v1/renewals:batch", Body(Renewal(",\"orderNumber\":\"7\""), Renewal(",\"amount\":\"50\",\"currency\":\"PHP\"")), "k");

        Assert.Equal([200, 400], Items(first).Select(Status));
        Assert.Equal([422, 200], Items(second).Select(Status));
        Assert.Equal("idempotency-key-reused", Items(second)[0].GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Of_equal_batches_at_two_servers_each_item_takes_effect_once()
    {
        await using var second = await ApiHost.Start(api.Database.App);
        var client = await api.Host.NewOrganisation();
        var body = Body(Enumerable.Range(0, 100).Select(i => Card($"+6391000{i:00000}")));

        var answers = await Task.WhenAll(client.Post("/v1/cards:batch", body, "k"), client.At(second.Url).Post("/v1/cards:batch", body, "k"));

        Assert.All(answers, answer => Assert.All(Items(answer), item => Assert.Equal(201, Status(item))));
        Assert.Equal(Items(answers[0]).Select(CardId), Items(answers[1]).Select(CardId));
        Assert.Equal(100L, await api.Database.Tamper($"select count(*) from events where tenant_id = '{client.Tenant}' and type = 'CardRegistered'"));
    }

    [Fact]
    public async Task Another_organisation_s_card_is_not_found()
    {
        var (client, other) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        var card = await client.Register(Card("+639000000001"));

        var answer = (await other.Post("/v1/top-ups:batch", Body($$"""{"cardId":"{{card}}","amount":"10"}""", """{"number":"+639000000001","amount":"10"}"""))).Is(HttpStatusCode.MultiStatus);

        Assert.Equal([404, 404], Items(answer).Select(Status));
    }

    [Fact]
    public async Task A_batch_that_is_none_is_refused_as_a_whole()
    {
        var client = await api.Host.NewOrganisation();

        (await client.Post("/v1/cards:batch", "{}")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/cards:batch", """{"items":[]}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/cards:batch", """{"items":{}}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/cards:batch", Body(Enumerable.Range(0, 1001).Select(i => Card($"+6390000{i:00000}"))))).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/cards:batch", """{"items":[{}],"more":1}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/cards:batch", Body(Card("+639000000001")), null, ("If-Match", "\"1\""))).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/cards:batch", Body($$"""{"notes":"{{new string('n', 4 * 1024 * 1024)}}"}"""), null, ("Expect", "100-continue"))).Problem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        (await client.Post("/v1/cards:batch", Body(Card("+639000000001")), "")).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");

        Assert.Equal(0, await Facts(client));
    }

    private static string Card(string number) => $$"""{"carrier":"ph-tm","lines":[{"number":"{{number}}","product":"prepaid"}]}""";

    private static string Body(params IEnumerable<string> items) => $$"""{"items":[{{string.Join(',', items)}}]}""";

    private static List<JsonElement> Items(ApiAnswer answer) => [.. answer.Json.GetProperty("items").EnumerateArray()];

    private static int Status(JsonElement item) => item.GetProperty("status").GetInt32();

    private static Guid CardId(JsonElement item) => item.GetProperty("body").GetProperty("cardId").GetGuid();

    private async Task<long> Facts(ApiClient client) => Convert.ToInt64(await api.Database.Tamper($"select count(*) from events where tenant_id = '{client.Tenant}'"), null);
}
