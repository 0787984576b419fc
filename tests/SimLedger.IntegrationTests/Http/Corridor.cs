using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Http;

/// <summary>The way of a command: in over HTTP, into the ledger, out in the answer, the card, its history and the due list.</summary>
public sealed class Corridor(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string TwoLines = """
        {"carrier":"giffgaff UK","formFactor":"physical","owner":"陈伟","tags":["备用"],"importance":"high",
         "lines":[{"number":"+447700900123","product":"payg"},{"number":"+447700900124","product":"payg"}]}
        """;

    [Fact]
    public async Task Answer_card_history_and_due_list_agree_after_every_command()
    {
        var client = await api.Host.NewOrganisation();
        var registered = (await client.Post("/v1/cards", TwoLines)).Is(HttpStatusCode.Created);
        var card = registered.Json.GetProperty("cardId").GetGuid();
        await Agree(client, card, registered);
        var line = registered.Json.GetProperty("lines")[0].GetProperty("lineId").GetGuid();
        var path = $"/v1/cards/{card}";

        await Agree(client, card, await client.Post($"{path}/activations", $$"""{"lineId":"{{line}}","at":"2026-03-01"}"""));
        await Agree(client, card, await client.Post($"{path}/top-ups", $$"""{"lineId":"{{line}}","at":"2026-04-01","amount":"10.00","pricePaid":{"amount":"9.50","currency":"EUR"} }"""));
        await Agree(client, card, await client.Post($"{path}/renewals", $$"""{"lineId":"{{line}}","at":"2026-05-01","period":{"n":1,"unit":"month"} }"""));
        var stated = await client.Post($"{path}/carrier-statements", $$"""{"lineId":"{{line}}","at":"2026-06-01","endsOn":"2027-03-31"}""");
        await Agree(client, card, stated);
        Assert.Equal("2027-03-31", stated.Json.GetProperty("lines")[0].GetProperty("endsOn").GetString());
        var voided = await client.Post($"{path}/voids", $$"""{"factId":"{{stated.Json.GetProperty("facts")[0].GetProperty("factId").GetGuid()}}"}""");
        await Agree(client, card, voided);
        Assert.NotEqual("2027-03-31", voided.Json.GetProperty("lines")[0].GetProperty("endsOn").GetString());
    }

    [Fact]
    public async Task The_history_is_newest_first_and_tells_who_why_and_what_it_did()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"gb-giffgaff","lines":[{"number":"+447700900123","product":"payg","activatedOn":"2026-03-01"}]}""");
        const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var topUp = await client.Post(
            $"/v1/cards/{card}/top-ups", """{"at":"2026-04-01","amount":"10.00"}""", null,
            ("SimLedger-Reason", Uri.EscapeDataString("运营商短信提醒，门店充值 100%")), ("traceparent", Trace));
        var factId = topUp.Is(HttpStatusCode.OK).Json.GetProperty("facts")[0].GetProperty("factId").GetGuid();

        var newest = (await client.Get($"/v1/cards/{card}/history")).Json.GetProperty("facts")[0];

        Assert.Equal(factId, newest.GetProperty("factId").GetGuid());
        Assert.Equal("ToppedUp", newest.GetProperty("type").GetString());
        Assert.Equal($"key:{client.KeyId}", newest.GetProperty("actor").GetString());
        Assert.Equal("运营商短信提醒，门店充值 100%", newest.GetProperty("reason").GetString());
        Assert.Equal(topUp.Header("X-Request-Id"), newest.GetProperty("requestId").GetString());
        Assert.Contains("4bf92f3577b34da6a3ce929d0e0e4736", newest.GetProperty("traceparent").GetString(), StringComparison.Ordinal);
        Assert.Equal("10.00", newest.GetProperty("data").GetProperty("amount").GetString());
        Assert.Equal("counted", newest.GetProperty("outcome").GetString());
        var change = newest.GetProperty("changes")[0];
        Assert.Equal(topUp.Json.GetProperty("lines")[0].GetProperty("endsOn").GetString(), change.GetProperty("after").GetString());

        await client.Post($"/v1/cards/{card}/voids", $$"""{"factId":"{{factId}}"}""");
        var afterVoid = (await client.Get($"/v1/cards/{card}/history")).Json.GetProperty("facts");
        Assert.Equal("EntryVoided", afterVoid[0].GetProperty("type").GetString());
        Assert.Equal("voided", afterVoid[1].GetProperty("outcome").GetString());
        Assert.Equal(0, afterVoid[1].GetProperty("changes").GetArrayLength());
    }

    [Fact]
    public async Task The_history_goes_on_by_cursor_and_link_without_loss()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"gb-giffgaff","lines":[{"number":"+447700900123","product":"payg"}]}""");
        for (var day = 1; day <= 7; day++) (await client.Post($"/v1/cards/{card}/top-ups", $$"""{"at":"2026-04-0{{day}}","amount":"10"}""")).Is(HttpStatusCode.OK);
        var whole = (await client.Get($"/v1/cards/{card}/history?limit=200")).Is(HttpStatusCode.OK).Json;

        List<long> versions = [];
        for (var next = $"/v1/cards/{card}/history?limit=2"; next is not null;)
        {
            var page = (await client.Get(next)).Is(HttpStatusCode.OK);
            versions.AddRange(page.Json.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("version").GetInt64()));
            Assert.Equal(page.Json.GetProperty("nextCursor").GetString() is null, page.Header("Link") is null);
            next = Links.Next(page);
        }

        Assert.Equal(whole.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("version").GetInt64()), versions);
        Assert.Equal(versions.OrderDescending(), versions);
    }

    [Fact]
    public async Task If_Match_lets_only_him_pass_who_has_read_the_newest()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register("""{"lines":[{"number":"+447700900123"}]}""");
        var read = (await client.Get($"/v1/cards/{card}")).ETag!;
        (await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-03-01"}""", null, ("If-Match", read))).Is(HttpStatusCode.OK);

        var late = await client.Post($"/v1/cards/{card}/carrier-statements", """{"endsOn":"2027-03-31"}""", null, ("If-Match", read));

        var newest = (await client.Get($"/v1/cards/{card}")).ETag!;
        var current = late.Problem(HttpStatusCode.PreconditionFailed, "version-mismatch").GetProperty("currentVersion").GetInt32();
        Assert.Equal($"\"{current}\"", newest);
        (await client.Post($"/v1/cards/{card}/carrier-statements", """{"endsOn":"2027-03-31"}""", null, ("If-Match", newest))).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/carrier-statements", """{"endsOn":"2027-04-30"}""", null, ("If-Match", "*"))).Is(HttpStatusCode.OK);
        foreach (var wrong in new[] { "7", "W/\"7\"", "\"1\", \"2\"", "\"-1\"", "\"99999999999\"" })
        {
            (await client.Post($"/v1/cards/{card}/activations", "{}", null, ("If-Match", wrong))).Problem(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    [Fact]
    public async Task A_new_card_is_found_at_its_Location()
    {
        var client = await api.Host.NewOrganisation();

        var registered = (await client.Post("/v1/cards", TwoLines)).Is(HttpStatusCode.Created);

        var there = (await client.Get(registered.Header("Location")!)).Is(HttpStatusCode.OK);
        Assert.Equal(registered.Json.GetProperty("cardId").GetGuid(), there.Json.GetProperty("cardId").GetGuid());
        Assert.Equal("陈伟", there.Json.GetProperty("owner").GetString());
        Assert.Equal("gb-giffgaff", there.Json.GetProperty("carrier").GetString());
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_of_its_own()
    {
        var client = await api.Host.NewOrganisation();

        string?[] ids = [.. (await Task.WhenAll(client.Get("/v1/due-list"), client.Get("/v1/nothing"), client.With(null).Get("/v1/due-list"), client.Get("/livez"))).Select(a => a.Header("X-Request-Id"))];

        Assert.All(ids, id => Assert.True(Guid.TryParse(id, out _)));
        Assert.Distinct(ids);
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("line%0Abreak")]
    [InlineData("%E2%80%A8%1B")]
    public async Task A_reason_that_could_break_a_log_is_refused(string reason)
    {
        var client = await api.Host.NewOrganisation();

        var answer = await client.Post("/v1/cards", """{"lines":[{"number":"+447700900123"}]}""", null, ("SimLedger-Reason", reason));

        Assert.Equal("SimLedger-Reason", answer.Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    /// <summary>What was answered is what every read tells at once.</summary>
    private static async Task Agree(ApiClient client, Guid card, ApiAnswer answer)
    {
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Text);
        var told = answer.Json;
        var read = (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        var history = (await client.Get($"/v1/cards/{card}/history")).Is(HttpStatusCode.OK).Json;
        var due = (await client.Get("/v1/due-list")).Is(HttpStatusCode.OK).Json;

        Assert.Equal($"\"{told.GetProperty("version").GetInt32()}\"", answer.ETag);
        Assert.Equal(answer.ETag, read.ETag);
        Assert.Equal(told.GetProperty("version").GetInt32(), history.GetProperty("version").GetInt32());
        var facts = told.GetProperty("facts").EnumerateArray().Select(f => f.GetProperty("factId").GetGuid()).ToList();
        Assert.NotEmpty(facts);
        Assert.Equal(facts.AsEnumerable().Reverse(), history.GetProperty("facts").EnumerateArray().Take(facts.Count).Select(f => f.GetProperty("factId").GetGuid()));
        Assert.Equal(told.GetProperty("position").GetInt64(), history.GetProperty("facts")[0].GetProperty("position").GetInt64());
        Assert.Equal(Lines(told.GetProperty("lines")), Lines(read.Json.GetProperty("lines")));
        Assert.Equal(Lines(told.GetProperty("lines")), Lines(due.GetProperty("items")));
    }

    private static IEnumerable<string> Lines(JsonElement lines) => lines.EnumerateArray().Select(line => line.GetRawText()).Order(StringComparer.Ordinal);
}
