using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Why a card's dates are what they are, asked over HTTP.</summary>
public sealed class Explanations(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Hongkong = """{"carrier":"CMHK","lines":[{"number":"+85251234567","product":"one-card-two-numbers"}]}""";

    [Fact]
    public async Task It_says_in_English_what_made_the_date_what_follows_and_how_sure_it_is()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Hongkong);
        var path = $"/v1/cards/{card}";
        await client.Post($"{path}/activations", """{"at":"2026-01-01"}""");
        var topUp = (await client.Post($"{path}/top-ups", """{"at":"2026-03-01","amount":"50"}""")).Is(HttpStatusCode.OK);
        (await client.Post($"{path}/top-ups", """{"at":"2026-03-02","amount":"20"}""")).Is(HttpStatusCode.OK);

        var answer = (await client.Get($"{path}/explanation?asOf=2026-04-01")).Is(HttpStatusCode.OK);

        Assert.Equal("en", answer.Header("Content-Language"));
        Assert.Equal("Accept-Language", answer.Header("Vary"));
        Assert.Equal("2026-03-31T16:00:00Z", answer.Json.GetProperty("asOf").GetString());
        var line = answer.Json.GetProperty("lines")[0];
        Assert.Equal("hk-cmhk", line.GetProperty("carrier").GetProperty("code").GetString());
        Assert.Equal("China Mobile Hong Kong", line.GetProperty("carrier").GetProperty("name").GetString());
        Assert.Equal("1-Card-2-Number prepaid SIM", line.GetProperty("product").GetProperty("name").GetString());
        Assert.Equal("active", line.GetProperty("stage").GetString());
        Assert.Equal("2026-08-28", line.GetProperty("endsOn").GetString());
        Assert.Equal("user", line.GetProperty("confidence").GetString());
        Assert.Equal(
            "Good until 2026-08-28; act by 2026-08-21 (by users' reports; the carrier has not confirmed it). " +
            "After 2026-08-28 comes the grace period, until 2026-09-27 (by users' reports; the carrier has not confirmed it).",
            line.GetProperty("summary").GetString());

        var moved = line.GetProperty("statements")[0];
        Assert.Equal("movedFromDay", moved.GetProperty("code").GetString());
        Assert.Equal("dates", moved.GetProperty("topic").GetString());
        Assert.Equal("user", moved.GetProperty("confidence").GetString());
        var data = moved.GetProperty("data");
        Assert.Equal(topUp.Json.GetProperty("facts")[0].GetProperty("factId").GetString(), data.GetProperty("entry").GetProperty("factId").GetString());
        Assert.Equal("validity", data.GetProperty("clock").GetProperty("id").GetString());
        Assert.Equal("2026-08-28", data.GetProperty("after").GetString());
        Assert.Equal("180-days", data.GetProperty("version").GetString());
        Assert.Equal(180, data.GetProperty("span").GetProperty("n").GetInt32());

        var clock = line.GetProperty("clocks")[0];
        Assert.Equal("validity", clock.GetProperty("name").GetString());
        Assert.True(clock.GetProperty("running").GetBoolean());
        var grace = line.GetProperty("stages")[0];
        Assert.Equal("grace period", grace.GetProperty("name").GetString());
        Assert.Equal("kept", grace.GetProperty("balance").GetString());
        Assert.False(grace.GetProperty("services").GetProperty("out").GetBoolean());
        Assert.Equal("Refill of at least HKD 50 (gives 180 days)", grace.GetProperty("rescue")[0].GetProperty("text").GetString());
        Assert.Equal("50", grace.GetProperty("rescue")[0].GetProperty("minAmount").GetString());
        Assert.Equal("180-days", line.GetProperty("sources")[0].GetProperty("version").GetString());

        var facts = line.GetProperty("facts");
        Assert.Equal(["counted", "counted", "none"], facts.EnumerateArray().Select(fact => fact.GetProperty("outcome").GetString()));
        Assert.Equal("Refill of HKD 20 on 2026-03-02 moves nothing: the validity asks for at least HKD 50.", facts[2].GetProperty("text").GetString());
    }

    [Fact]
    public async Task It_says_the_same_in_Chinese()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Hongkong);
        await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-01-01"}""");

        var answer = (await Get(client, $"/v1/cards/{card}/explanation?asOf=2026-07-10", "zh-CN,zh;q=0.9,en;q=0.8")).Is(HttpStatusCode.OK);

        Assert.Equal("zh-Hans", answer.Header("Content-Language"));
        var line = answer.Json.GetProperty("lines")[0];
        Assert.Equal("中国移动香港", line.GetProperty("carrier").GetProperty("name").GetString());
        Assert.Equal(
            "已于 2026-06-30 到期，目前处于宽限期，至 2026-07-30 止（据用户经验，运营商未确认）。在宽限期，以下方式可恢复号码：增值，至少 HKD 50（自当日起 180 天）。",
            line.GetProperty("summary").GetString());
        Assert.Equal("宽限期", line.GetProperty("stages")[0].GetProperty("name").GetString());
        Assert.Equal("有效期", line.GetProperty("clocks")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-Hans-CN", "zh-Hans")]
    [InlineData("ZH-hans", "zh-Hans")]
    [InlineData("zh-TW", "zh-Hans")]
    [InlineData("en-GB,zh", "en")]
    [InlineData("en;q=0.5, zh;q=0.7", "zh-Hans")]
    [InlineData("fr-FR, tl;q=0.9", "en")]
    [InlineData("fr, zh;q=0.1", "zh-Hans")]
    [InlineData("zh;q=0", "en")]
    [InlineData("*", "en")]
    [InlineData("en;q=0, *;q=0.1", "zh-Hans")]
    [InlineData("fr;q=1.0, *;q=0.5", "en")]
    [InlineData("zh;q=abc, ;;,, en;q=7", "en")]
    [InlineData("_/\\", "en")]
    public async Task The_language_is_the_one_wished_most_that_there_is(string? wished, string told)
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Hongkong);

        var answer = (await Get(client, $"/v1/cards/{card}/explanation", wished)).Is(HttpStatusCode.OK);

        Assert.Equal(told, answer.Header("Content-Language"));
        Assert.Equal(told, answer.Json.GetProperty("language").GetString());
    }

    [Fact]
    public async Task As_of_a_moment_what_came_after_it_does_not_count()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639171234567","product":"prepaid"}]}""");
        await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-01-01","amount":"50"}""");
        await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-02-01T10:00:00+08:00","amount":"50"}""");

        Assert.Equal(("2027-01-01", "later"), await AsOf("2026-02-01"));
        Assert.Equal(("2027-01-01", "later"), await AsOf("2026-02-01T01:59:59Z"));
        Assert.Equal(("2027-02-01", "counted"), await AsOf("2026-02-01T02:00:00Z"));
        Assert.Equal(("2027-02-01", "counted"), await AsOf("2026-02-01T10:00:00%2B08:00"));

        async Task<(string?, string?)> AsOf(string asOf)
        {
            var line = (await client.Get($"/v1/cards/{card}/explanation?asOf={asOf}")).Is(HttpStatusCode.OK).Json.GetProperty("lines")[0];
            return (line.GetProperty("endsOn").GetString(), line.GetProperty("facts")[1].GetProperty("outcome").GetString());
        }
    }

    [Fact]
    public async Task Voided_facts_are_told_with_what_voided_them()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"gb-giffgaff","lines":[{"number":"+447700900123","product":"payg"}]}""");
        var topUp = (await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-04-01","amount":"10"}""")).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/voids", $$"""{"factId":"{{topUp.Json.GetProperty("facts")[0].GetProperty("factId").GetGuid()}}"}""")).Is(HttpStatusCode.OK);

        var line = (await client.Get($"/v1/cards/{card}/explanation")).Is(HttpStatusCode.OK).Json.GetProperty("lines")[0];

        Assert.Equal("unstarted", line.GetProperty("stage").GetString());
        Assert.StartsWith("There is no end date, because nothing has started a clock. ", line.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains("starts with: activation; ", line.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["Top-up of GBP 10 on 2026-04-01 does not count: it was voided.", "The void of 2026-04-01 cancels: Top-up of GBP 10 on 2026-04-01."],
            line.GetProperty("facts").EnumerateArray().Select(fact => fact.GetProperty("text").GetString()));
        Assert.Equal(["voided", "none"], line.GetProperty("facts").EnumerateArray().Select(fact => fact.GetProperty("outcome").GetString()));
    }

    [Theory]
    [InlineData("\"Nobody Mobile\"", """{"code":"Nobody Mobile","name":"Nobody Mobile"}""")]
    [InlineData("null", "null")]
    public async Task A_carrier_without_rules_is_explained_by_what_to_do(string carrier, string told)
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register($$"""{"carrier":{{carrier}},"lines":[{"number":"+12025550123"}]}""");

        var before = (await client.Get($"/v1/cards/{card}/explanation")).Is(HttpStatusCode.OK).Json.GetProperty("lines")[0];
        await client.Post($"/v1/cards/{card}/carrier-statements", """{"at":"2026-04-01","endsOn":"2026-12-01"}""");
        var after = (await client.Get($"/v1/cards/{card}/explanation?asOf=2026-05-01")).Is(HttpStatusCode.OK).Json.GetProperty("lines")[0];

        Assert.Equal(told, before.GetProperty("carrier").GetRawText());
        Assert.StartsWith("There is no end date, because no rule is known that gives one. No rules are known for this line's carrier", before.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal("carrierWithoutRules", before.GetProperty("statements")[0].GetProperty("code").GetString());
        Assert.StartsWith("Good until 2026-12-01; act by 2026-11-24. No rules are known", after.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal("The carrier's own word of 2026-04-01 gave 2026-12-01 as the end of the validity.", after.GetProperty("facts")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Each_line_of_a_card_is_explained_by_itself()
    {
        var client = await api.Host.NewOrganisation();
        var registered = (await client.Post("/v1/cards", """{"carrier":"ph-tm","lines":[{"number":"+639171234567","product":"prepaid"},{"number":"+639171234568"}]}""")).Is(HttpStatusCode.Created);

        var lines = (await client.Get($"{registered.Header("Location")}/explanation")).Is(HttpStatusCode.OK).Json.GetProperty("lines");

        Assert.Equal(
            registered.Json.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("lineId").GetGuid()),
            lines.EnumerateArray().Select(line => line.GetProperty("lineId").GetGuid()));
        Assert.Contains("The validity starts with: Load.", lines[0].GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains("register it with one of these: prepaid.", lines[1].GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("product").ValueKind);
    }

    [Fact]
    public async Task It_agrees_with_the_card_and_its_history()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"cn-mobile","lines":[{"number":"+8613800000000","product":"keep-number-8"}]}""");
        await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-03-01"}""");
        await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-03-20","amount":"50","balanceAfter":"52"}""");
        await client.Post($"/v1/cards/{card}/carrier-statements", """{"at":"2026-04-01","endsOn":"2026-05-10"}""");

        var explained = (await client.Get($"/v1/cards/{card}/explanation")).Json;
        var shown = (await client.Get($"/v1/cards/{card}")).Json;
        var history = (await client.Get($"/v1/cards/{card}/history")).Json.GetProperty("facts").EnumerateArray().ToDictionary(fact => fact.GetProperty("factId").GetGuid());

        Assert.Equal(shown.GetProperty("version").GetInt32(), explained.GetProperty("version").GetInt32());
        var line = explained.GetProperty("lines")[0];
        foreach (var member in new[] { "lineId", "number", "stage", "endsOn", "renewBy", "confidence", "timeZone" })
        {
            Assert.Equal(shown.GetProperty("lines")[0].GetProperty(member).GetString(), line.GetProperty(member).GetString());
        }
        foreach (var fact in line.GetProperty("facts").EnumerateArray())
        {
            var recorded = history[fact.GetProperty("factId").GetGuid()];
            Assert.Equal(recorded.GetProperty("outcome").GetString(), fact.GetProperty("outcome").GetString());
            Assert.Equal(recorded.GetProperty("changes").GetRawText(), fact.GetProperty("changes").GetRawText());
            Assert.NotEmpty(fact.GetProperty("text").GetString()!);
        }
    }

    [Fact]
    public async Task A_card_that_is_not_there_and_a_query_that_is_not_known_are_refused()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Hongkong);
        var stranger = await api.Host.NewOrganisation();

        (await client.Get($"/v1/cards/{Guid.NewGuid()}/explanation")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await stranger.Get($"/v1/cards/{card}/explanation")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await client.With(null).Get($"/v1/cards/{card}/explanation")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        foreach (var query in new[] { "language=zh", "asOf=", "asOf=yesterday", "asOf=2026-02-30", "asOf=0000-01-01", "asOf=2026-02-01T10:00:00", "asOf=2026-02-01&asOf=2026-02-02" })
        {
            var problem = (await client.Get($"/v1/cards/{card}/explanation?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request");
            Assert.Equal(query.Split('=')[0], problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }
    }

    private static Task<ApiAnswer> Get(ApiClient client, string path, string? language) =>
        client.Send(HttpMethod.Get, path, null, language is null ? [] : [("Accept-Language", language)]);
}
