using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Server.Http;

namespace SimLedger.IntegrationTests.Http;

/// <summary>What an action would give, asked over HTTP. It is Monday 2026-06-01, 10:00 in Manila; the line was activated on 2026-05-15 and ends on 2026-06-14.</summary>
public sealed class Quotes(Quotes.Fixture fixture) : IClassFixture<Quotes.Fixture>
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_renewal_is_told_with_its_dates_its_price_and_its_promotion()
    {
        var (client, card) = await Line();

        var answer = (await Ask(client, card, """{"action":{"type":"renewal","offer":"month","channel":"reseller","promotion":"JUNE"}}""")).Is(HttpStatusCode.OK);

        var told = answer.Json;
        Assert.Equal((card, 4, "2026-06-01", "2026-06-01T02:00:00Z", "Asia/Manila"), (told.GetProperty("cardId").GetGuid(), told.GetProperty("version").GetInt32(), Text(told, "on"), Text(told, "asOf"), Text(told, "timeZone")));
        var quote = told.GetProperty("quote");
        Same("""{"type":"renewal","amount":"90","currency":"PHP","offer":"month","channel":"reseller","promotion":"JUNE","period":{"n":1,"unit":"month"},"usageKind":null}""", quote.GetProperty("action"));
        Same("""{"stage":"active","endsOn":"2026-06-14","deadlineAt":"2026-06-14T16:00:00Z","renewBy":"2026-06-05","clock":"validity"}""", quote.GetProperty("before"));
        Same("""{"stage":"active","endsOn":"2026-07-22","deadlineAt":"2026-07-22T16:00:00Z","renewBy":"2026-07-13","clock":"validity"}""", quote.GetProperty("after"));
        Same("""[{"clock":"validity","before":"2026-06-14","after":"2026-07-22","ruleVersion":"1"}]""", quote.GetProperty("changes"));
        // 15 and 70 less a tenth, and 5 for the handling; with the channel's 10 that makes 91.50 for 38 days.
        Same("""{"base":"70","addOn":"15","handling":"5","discount":"8.5","total":"81.5","currency":"PHP","channelFee":{"amount":"10","currency":"PHP"}}""", quote.GetProperty("price"));
        Same("""{"amount":"2.4079","currency":"PHP"}""", quote.GetProperty("costPerDay"));
        Same("""{"amount":"40","currency":"PHP"}""", quote.GetProperty("credit"));
        Same("""{"code":"JUNE","from":"2026-06-01","to":"2026-06-30","bonusDays":8,"bonusData":null,"discountPercent":"10","getFree":null}""", quote.GetProperty("promotion"));
        Same("""[{"code":"KIOSK","from":"2026-06-01","to":"2026-06-30","bonusDays":null,"bonusData":"2 GB","discountPercent":null,"getFree":"a bag","because":"otherChannel"}]""", quote.GetProperty("promotionsMissed"));
        Assert.Equal(("2026-06-03", "2026-06-05", "2026-06-22"), (Text(quote, "creditedOn"), Text(quote, "lastSafeDay"), Text(quote, "lastDay")));
        Assert.Equal((38, 0, true, true), (quote.GetProperty("daysKept").GetInt32(), quote.GetProperty("wastedDays").GetInt32(), quote.GetProperty("keeps").GetBoolean(), quote.GetProperty("usable").GetBoolean()));
        Assert.Equal(("1", "official"), (Text(quote, "ruleVersion"), Text(quote, "confidence")));
        Same("""{"title":"example","url":null,"checkedOn":"2026-05-01"}""", quote.GetProperty("source"));
        Same("""[{"code":"thirdParty","severity":"loses","text":"reseller: nobody vouches for this third party.","data":{"channel":"reseller"}}]""", quote.GetProperty("warnings"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task The_example_in_the_docs_is_what_is_answered()
    {
        var (client, card) = await Line();
        var blocks = File.ReadAllText(Path.Combine(Root(AppContext.BaseDirectory), "docs", "api.md")).Split("## Quotes")[1].Split("```json\n").Skip(1).Take(2).Select(block => block.Split("```")[0]).ToList();

        var answer = (await Ask(client, card, blocks[0])).Is(HttpStatusCode.OK).Json;

        var told = answer.GetRawText().Replace(Text(answer, "cardId"), "…", StringComparison.Ordinal).Replace(Text(answer, "lineId"), "…", StringComparison.Ordinal);
        Same(told, JsonSerializer.Deserialize<JsonElement>(blocks[1]));
    }

    [Theory]
    [InlineData("""{"type":"topUp","amount":"60"}""", "2026-07-14", 30)]
    [InlineData("""{"type":"renewal","offer":"month"}""", "2026-07-14", 30)]
    [InlineData("""{"type":"renewal","period":{"n":2,"unit":"month"}}""", "2026-08-14", 61)]
    [InlineData("""{"type":"extension","amount":"10"}""", "2026-06-21", 7)]
    [InlineData("""{"type":"usage","usageKind":"sms"}""", "2026-06-16", 2)]
    [InlineData("""{"type":"usage"}""", "2026-06-16", 2)]
    [InlineData("""{"type":"registration"}""", "2026-06-14", 0)]
    [InlineData("""{"type":"activation"}""", "2026-06-14", 0)]
    public async Task Each_kind_of_action_is_quoted(string action, string endsOn, int daysKept)
    {
        var (client, card) = await Line();

        var quote = (await Ask(client, card, $$"""{"action":{{action}}}""")).Is(HttpStatusCode.OK).Json.GetProperty("quote");

        Assert.Equal((endsOn, daysKept, daysKept > 0), (Text(quote.GetProperty("after"), "endsOn"), quote.GetProperty("daysKept").GetInt32(), quote.GetProperty("keeps").GetBoolean()));
    }

    [Theory]
    [InlineData("""{"action":{"type":"topUp","amount":"49","channel":"web"}}""", "movesNothing belowMinimum belowMinimum")]
    [InlineData("""{"action":{"type":"topUp","amount":"1001","channel":"web"}}""", "aboveMaximum")]
    [InlineData("""{"action":{"type":"topUp","amount":"60","currency":"EUR"}}""", "movesNothing wrongCurrency")]
    [InlineData("""{"action":{"type":"renewal","offer":"old"}}""", "notOnSale")]
    [InlineData("""{"action":{"type":"renewal","offer":"month","promotion":"KIOSK"}}""", "promotionNotOpen")]
    [InlineData("""{"on":"2026-06-06","action":{"type":"topUp","amount":"60","channel":"kiosk"}}""", "notUsable closed afterRenewBy needsPhysicalSim")]
    [InlineData("""{"on":"2026-06-13","action":{"type":"topUp","amount":"60","channel":"reseller"}}""", "creditedAfterDeadline thirdParty afterRenewBy")]
    [InlineData("""{"on":"2026-06-25","action":{"type":"topUp","amount":"60"}}""", "tooLate movesNothing afterRenewBy")]
    [InlineData("""{"on":"2026-06-03","action":{"type":"registration"}}""", "movesNothing priceUnknown")]
    public async Task A_warning_is_told_by_its_code(string body, string codes)
    {
        var (client, card) = await Line();

        var warnings = (await Ask(client, card, body)).Is(HttpStatusCode.OK).Json.GetProperty("quote").GetProperty("warnings");

        Assert.Equal(codes.Split(' '), warnings.EnumerateArray().Select(warning => Text(warning, "code")));
        Assert.All(warnings.EnumerateArray(), warning => Assert.Contains(Text(warning, "severity"), (string[])["blocks", "loses", "notes"]));
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans")]
    [InlineData("zh-Hant-HK", "zh-Hans")]
    [InlineData("en;q=0.5, zh;q=0.9", "zh-Hans")]
    [InlineData("en-GB, zh;q=0.9", "en")]
    [InlineData("fr, de;q=0.9", "en")]
    [InlineData("zh;q=0", "en")]
    [InlineData("*", "en")]
    [InlineData("zhuang", "en")]
    [InlineData(";;,=q", "en")]
    public async Task Sentences_are_in_the_language_that_is_asked_for(string? accepted, string language)
    {
        var (client, card) = await Line();
        const string Body = """{"action":{"type":"topUp","amount":"49"}}""";

        var answer = accepted is null ? await Ask(client, card, Body) : await client.Send(HttpMethod.Post, $"/v1/cards/{card}/quotes", ApiClient.Json(Body), ("Accept-Language", accepted));

        Assert.Equal((language, "Accept-Language"), (answer.Is(HttpStatusCode.OK).Header("Content-Language"), answer.Header("Vary")));
        Assert.Equal(
            language == "en" ? "It takes 50 PHP to move anything." : "至少 50 PHP 才有效果。",
            Text(answer.Json.GetProperty("quote").GetProperty("warnings")[1], "text"));
    }

    [Fact]
    public async Task Without_an_action_all_usable_options_are_told_in_both_orders()
    {
        var (client, card) = await Line();

        var told = (await Ask(client, card, """{"on":"2026-06-06"}""")).Is(HttpStatusCode.OK).Json;

        var options = told.GetProperty("options").EnumerateArray().ToList();
        Assert.Equal(told.GetProperty("total").GetInt32(), options.Count);
        Assert.Equal(Enumerable.Range(1, options.Count), options.Select(option => option.GetProperty("costRank").GetInt32()));
        Assert.Equal(Enumerable.Range(1, options.Count), told.GetProperty("byCost").EnumerateArray().Select(number => number.GetInt32()));
        Assert.Equal(
            options.OrderBy(option => option.GetProperty("safetyRank").GetInt32()).Select(option => option.GetProperty("costRank").GetInt32()),
            told.GetProperty("bySafety").EnumerateArray().Select(number => number.GetInt32()));
        Assert.All(options, option => Assert.True(option.GetProperty("usable").GetBoolean()));
        // The card is an eSIM, so never the kiosk; nor the offer that is over, nor June's without its promotion.
        Assert.Equal(["reseller month JUNE", "reseller quarter JUNE", "web month JUNE", "web quarter JUNE"], options.Select(Names).Where(name => name.EndsWith(" month JUNE", StringComparison.Ordinal) || name.EndsWith(" quarter JUNE", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(options, option => Names(option).Contains("kiosk", StringComparison.Ordinal) || Names(option).Contains("old", StringComparison.Ordinal));
        Assert.Equal("cheapestPerDay", Text(options[0].GetProperty("why")[0], "code"));
        Assert.Equal("web", Text(options.Single(option => option.GetProperty("safetyRank").GetInt32() == 1).GetProperty("action"), "channel"));
        Assert.Empty(told.GetProperty("warnings").EnumerateArray());
        Assert.Equal("2026-06-14", Text(told.GetProperty("before"), "endsOn"));
    }

    [Fact]
    public async Task Each_option_asked_for_alone_is_told_the_same()
    {
        var (client, card) = await Line("physical");
        var options = (await Ask(client, card, """{"on":"2026-06-06"}""")).Is(HttpStatusCode.OK).Json.GetProperty("options").EnumerateArray().ToList();
        Assert.Contains(options, option => Text(option, "on") == "2026-06-08"); // The kiosk, closed on Saturdays.

        foreach (var option in options)
        {
            var members = option.GetProperty("action").EnumerateObject().Where(member => member.Value.ValueKind is not JsonValueKind.Null).Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}");
            var quote = (await Ask(client, card, $$"""{"on":"{{Text(option, "on")}}","action":{{{string.Join(',', members)}}} }""")).Is(HttpStatusCode.OK).Json.GetProperty("quote");

            Assert.All(quote.EnumerateObject(), member => Assert.Equal(member.Value.GetRawText(), option.GetProperty(member.Name).GetRawText()));
        }
    }

    [Fact]
    public async Task Options_are_bounded_and_their_number_told()
    {
        var (client, card) = await Line("physical");
        var total = (await Ask(client, card, "{}")).Is(HttpStatusCode.OK).Json.GetProperty("total").GetInt32();

        var told = (await Ask(client, card, """{"limit":2}""")).Is(HttpStatusCode.OK).Json;

        Assert.Equal((total, 2), (told.GetProperty("total").GetInt32(), told.GetProperty("options").GetArrayLength()));
        Assert.Equal([1, 1], new[] { "costRank", "safetyRank" }.Select(rank => told.GetProperty("options").EnumerateArray().Min(option => option.GetProperty(rank).GetInt32())));
    }

    [Theory]
    [InlineData("""{"carrier":"nobody knows it","lines":[{"number":"+639000000001"}]}""")]
    [InlineData("""{"lines":[{"number":"+639000000002","product":"p"}]}""")]
    [InlineData("""{"carrier":"xx-quote","lines":[{"number":"+639000000003","product":"no such"}]}""")]
    public async Task Where_no_rule_is_known_what_is_known_is_told(string body)
    {
        var client = await fixture.Host.NewOrganisation();
        var card = await client.Register(body);

        var quote = (await Ask(client, card, """{"action":{"type":"topUp","amount":"60","currency":"PHP"}}""")).Is(HttpStatusCode.OK).Json.GetProperty("quote");
        var options = (await Ask(client, card, "{}")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(["ruleUnknown", "movesNothing"], quote.GetProperty("warnings").EnumerateArray().Select(warning => Text(warning, "code")));
        Assert.Equal(("60", "PHP"), (Text(quote.GetProperty("price"), "total"), Text(quote.GetProperty("price"), "currency")));
        Assert.Equal(0, options.GetProperty("total").GetInt32());
        Assert.Equal(["ruleUnknown"], options.GetProperty("warnings").EnumerateArray().Select(warning => Text(warning, "code")));
    }

    [Theory]
    [InlineData("ph-tm", "prepaid")]
    [InlineData("ph-smart", "prepaid")]
    [InlineData("hk-cmhk", "one-card-two-numbers")]
    [InlineData("cn-mobile", "keep-number-8")]
    [InlineData("gb-giffgaff", "payg")]
    public async Task Every_shipped_carrier_answers_for_today_and_for_three_years_ahead(string carrier, string product)
    {
        var client = await fixture.Host.NewOrganisation();
        var card = await client.Register($$"""{"carrier":"{{carrier}}","formFactor":"physical","lines":[{"number":"+639000000001","product":"{{product}}"}]}""");
        (await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-05-15"}""")).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/top-ups", """{"at":"2026-05-16","amount":"50"}""")).Is(HttpStatusCode.OK);

        foreach (var on in new[] { "2026-06-01", "2026-11-05", "2029-06-01" })
        {
            (await Ask(client, card, $$"""{"on":"{{on}}"}""")).Is(HttpStatusCode.OK);
            foreach (var action in new[] { """{"type":"topUp","amount":"100"}""", """{"type":"renewal"}""", """{"type":"extension"}""", """{"type":"usage","usageKind":"call"}""", """{"type":"registration"}""" })
            {
                (await Ask(client, card, $$"""{"on":"{{on}}","action":{{action}}}""")).Is(HttpStatusCode.OK);
            }
        }
    }

    [Fact]
    public async Task Nothing_is_recorded_and_no_key_is_kept()
    {
        var (client, card) = await Line();
        var (before, facts) = ((await client.Get($"/v1/cards/{card}")).ETag, await Count("events"));
        var keys = await Count("idempotency");

        for (var i = 0; i < 3; i++)
        {
            var answer = await client.Post($"/v1/cards/{card}/quotes", $$"""{"action":{"type":"topUp","amount":"{{60 + i}}"} }""", "one key for all");
            Assert.Equal($"{60 + i}", Text(answer.Is(HttpStatusCode.OK).Json.GetProperty("quote").GetProperty("action"), "amount"));
            Assert.Null(answer.Header("Idempotency-Replayed"));
        }

        Assert.Equal((before, facts, keys), ((await client.Get($"/v1/cards/{card}")).ETag, await Count("events"), await Count("idempotency")));
        Assert.Equal("2026-06-14", Text((await client.Get($"/v1/cards/{card}")).Json.GetProperty("lines")[0], "endsOn"));
    }

    [Fact]
    public async Task Who_may_read_may_ask_and_only_of_his_own()
    {
        var (client, card) = await Line();
        var (reader, writer) = (await fixture.Host.Client(client.Tenant, Authentication.Read), await fixture.Host.Client(client.Tenant, Authentication.Write));
        var stranger = await fixture.Host.NewOrganisation();

        (await Ask(reader, card, "{}")).Is(HttpStatusCode.OK);
        (await Ask(writer, card, "{}")).Problem(HttpStatusCode.Forbidden, "scope-missing");
        (await Ask(client.With(null), card, "{}")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await Ask(stranger, card, "{}")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await Ask(client, Guid.Empty, "{}")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await client.Get($"/v1/cards/{card}/quotes")).Problem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    [Fact]
    public async Task Of_several_lines_one_must_be_named()
    {
        var client = await fixture.Host.NewOrganisation();
        var registered = await client.Post("/v1/cards", """{"carrier":"xx-quote","lines":[{"number":"+639000000001","product":"p"},{"number":"+639000000002","product":"p"}]}""");
        var (card, second) = (registered.Json.GetProperty("cardId").GetGuid(), registered.Json.GetProperty("lines")[1].GetProperty("lineId").GetGuid());

        (await Ask(client, card, "{}")).Problem(HttpStatusCode.UnprocessableEntity, "line-not-named");
        (await Ask(client, card, $$"""{"lineId":"{{Guid.NewGuid()}}"}""")).Problem(HttpStatusCode.UnprocessableEntity, "line-unknown");
        var told = (await Ask(client, card, $$"""{"lineId":"{{second}}"}""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((second, "+639000000002"), (told.GetProperty("lineId").GetGuid(), Text(told, "number")));
    }

    [Theory]
    [InlineData("""{"on":"2026-05-31"}""", "invalid-values", "/on", "date-out-of-range")]
    [InlineData("""{"on":"2029-06-02"}""", "invalid-values", "/on", "date-out-of-range")]
    [InlineData("""{"on":"9998-12-31"}""", "invalid-values", "/on", "date-out-of-range")]
    [InlineData("""{"on":"2026-02-30"}""", "invalid-request", "/on", "date-malformed")]
    [InlineData("""{"on":"2026-06-01T10:00:00Z"}""", "invalid-request", "/on", "date-malformed")]
    [InlineData("""{"limit":0}""", "invalid-request", "/limit", "out-of-range")]
    [InlineData("""{"limit":201}""", "invalid-request", "/limit", "out-of-range")]
    [InlineData("""{"limit":1.5}""", "invalid-request", "/limit", "out-of-range")]
    [InlineData("""{"limit":"5"}""", "invalid-request", "/limit", "wrong-type")]
    [InlineData("""{"Action":{}}""", "invalid-request", "/Action", "member-unknown")]
    [InlineData("""{"action":{}}""", "invalid-request", "/action/type", "member-missing")]
    [InlineData("""{"action":[]}""", "invalid-request", "/action", "wrong-type")]
    [InlineData("""{"action":{"type":"topup"}}""", "invalid-request", "/action/type", "value-unknown")]
    [InlineData("""{"action":{"type":"voided"}}""", "invalid-request", "/action/type", "value-unknown")]
    [InlineData("""{"action":{"type":"topUp"}}""", "invalid-values", "/action/amount", "member-missing")]
    [InlineData("""{"action":{"type":"topUp","amount":60}}""", "invalid-request", "/action/amount", "wrong-type")]
    [InlineData("""{"action":{"type":"topUp","amount":"-60"}}""", "invalid-values", "/action/amount", "amount-negative")]
    [InlineData("""{"action":{"type":"topUp","amount":"0"}}""", "invalid-values", "/action/amount", "amount-zero")]
    [InlineData("""{"action":{"type":"topUp","amount":"79228162514264337593543950336"}}""", "invalid-request", "/action/amount", "amount-out-of-range")]
    [InlineData("""{"action":{"type":"renewal","currency":"PHP"}}""", "invalid-values", "/action/currency", "currency-without-amount")]
    [InlineData("""{"action":{"type":"renewal","offer":"mnoth"}}""", "invalid-values", "/action/offer", "unknown-name")]
    [InlineData("""{"action":{"type":"renewal","channel":"WEB"}}""", "invalid-values", "/action/channel", "unknown-name")]
    [InlineData("""{"action":{"type":"renewal","promotion":""}}""", "invalid-values", "/action/promotion", "unknown-name")]
    [InlineData("""{"action":{"type":"renewal","offer":"month","amount":"91"}}""", "invalid-values", "/action/amount", "amount-not-of-offer")]
    [InlineData("""{"action":{"type":"topUp","offer":"month"}}""", "invalid-values", "/action/type", "value-unknown")]
    [InlineData("""{"action":{"type":"usage","offer":"month"}}""", "invalid-request", "/action/offer", "member-unknown")]
    [InlineData("""{"action":{"type":"topUp","amount":"60","usageKind":"sms"}}""", "invalid-request", "/action/usageKind", "member-unknown")]
    [InlineData("""{"action":{"type":"usage","usageKind":"fax"}}""", "invalid-request", "/action/usageKind", "value-unknown")]
    [InlineData("""{"action":{"type":"renewal","period":{"n":0,"unit":"day"}}}""", "invalid-request", "/action/period/n", "out-of-range")]
    [InlineData("""{"action":{"type":"renewal","offer":"a\u0000b"}}""", "invalid-request", "/action/offer", "text-unusable")]
    [InlineData("""{"action":{"type":"renewal","offer":"\ud800"}}""", "invalid-request", "/action/offer", "text-unusable")]
    [InlineData("""{"lineId":"1"}""", "invalid-request", "/lineId", "id-malformed")]
    [InlineData("""{"limit":5,"limit":5}""", "invalid-request", "/limit", "member-twice")]
    [InlineData("[]", "invalid-request", "", "wrong-type")]
    public async Task A_body_that_is_not_as_it_must_be_is_refused_by_name(string body, string code, string pointer, string memberCode)
    {
        var (client, card) = await Line();

        var problem = (await Ask(client, card, body)).Problem(HttpStatusCode.BadRequest, code);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal((pointer, memberCode), (Text(error, "pointer"), Text(error, "code")));
        Assert.NotEmpty(Text(error, "detail"));
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_answered_with_those_that_are()
    {
        var (client, card) = await Line();

        var problem = (await Ask(client, card, $$"""{"action":{"type":"renewal","offer":"{{new string('长', 9000)}}","channel":"x","promotion":"y"} }""")).Problem(HttpStatusCode.BadRequest, "invalid-values");

        Assert.Equal(
            ["There is no such offer. There are: month, quarter, old.", "There is no such channel. There are: web, kiosk, reseller.", "There is no such promotion. There are: JUNE, KIOSK."],
            problem.GetProperty("errors").EnumerateArray().Select(error => Text(error, "detail")));
        Assert.True(problem.GetRawText().Length < 2000, "A problem does not echo what was sent.");
    }

    [Theory]
    [InlineData("", 400, "invalid-request")]
    [InlineData("{", 400, "invalid-request")]
    [InlineData("""{"on":"2026-06-01"}{}""", 400, "invalid-request")]
    public async Task What_is_no_json_is_refused(string body, int status, string code)
    {
        var (client, card) = await Line();

        (await Ask(client, card, body)).Problem((HttpStatusCode)status, code);
        (await client.Send(HttpMethod.Post, $"/v1/cards/{card}/quotes", ApiClient.Json(Encoding.UTF8.GetBytes("{}"), "text/plain"))).Problem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        (await client.Send(HttpMethod.Post, $"/v1/cards/{card}/quotes?on=2026-06-01", ApiClient.Json("{}"))).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await Ask(client, card, $$"""{"lineId":"{{new string(' ', RequestBody.MaxBytes)}}"}""")).Problem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    private async Task<(ApiClient Client, Guid Card)> Line(string formFactor = "esim")
    {
        var client = await fixture.Host.NewOrganisation();
        var card = await client.Register($$"""{"carrier":"xx-quote","formFactor":"{{formFactor}}","lines":[{"number":"+639000000001","product":"p"}]}""");
        (await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-05-15"}""")).Is(HttpStatusCode.OK);
        return (client, card);
    }

    /// <summary>Without an idempotency key: none is needed.</summary>
    private static Task<ApiAnswer> Ask(ApiClient client, Guid card, string body) => client.Send(HttpMethod.Post, $"/v1/cards/{card}/quotes", ApiClient.Json(body));

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static string Names(JsonElement option) => string.Join(' ', new[] { "channel", "offer", "promotion" }.Select(member => Text(option.GetProperty("action"), member)).Where(name => name is not null));

    private static void Same(string expected, JsonElement actual) => Assert.True(JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(expected), actual), $"{expected}\n{actual.GetRawText()}");

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "SimLedger.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the repository."));

    private async Task<long> Count(string table) => (long)(await fixture.Database.Tamper($"select count(*) from {table}"))!;

    /// <summary>A server whose clock stands, with one more carrier that has all that quotes speak of.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private const string Pack = """
            {"format":"simledger.rulepack/1","code":"xx-quote","name":{"en":"Quote"},"country":"PH","timeZone":"Asia/Manila",
             "channels":[
              {"code":"web","kind":"site","online":true,"trust":"carrier","minAmount":"50","maxAmount":"1000"},
              {"code":"kiosk","kind":"kiosk","online":false,"trust":"trusted","needs":["physicalSim"],"closedOn":["sat","sun"]},
              {"code":"reseller","kind":"thirdParty","online":true,"trust":"unknown","creditTakesDays":2,"fee":{"amount":"10","currency":"PHP"}}],
             "products":[{"code":"p","name":{"en":"P"},"currency":"PHP","formFactors":["physical","esim"],"capabilities":["voice","sms","data"],
              "offers":[
               {"code":"month","kind":"renewal","amount":"90","credit":"40","period":{"n":1,"unit":"month"},
                "fees":[{"kind":"base","amount":"70"},{"kind":"addOn","amount":"15"},{"kind":"handling","amount":"5"}]},
               {"code":"quarter","kind":"renewal","amount":"240","period":{"n":3,"unit":"month"}},
               {"code":"old","kind":"renewal","amount":"1","period":{"n":1,"unit":"year"},"to":"2026-05-31"}],
              "promotions":[
               {"code":"JUNE","from":"2026-06-01","to":"2026-06-30","effect":{"bonusDays":8,"discountPercent":"10"}},
               {"code":"KIOSK","from":"2026-06-01","to":"2026-06-30","channels":["kiosk"],"effect":{"bonusData":"2 GB","getFree":"a bag"}}],
              "rules":[{"version":"1","effective":{"from":"2020-01-01"},"source":{"title":"example","checkedOn":"2026-05-01","confidence":"official"},
               "clocks":[{"id":"validity","kind":"validity","startsOn":[{"on":"activated"}],"length":{"n":30,"unit":"day"},"extendedBy":[
                {"on":"topUp","where":{"minAmount":"50"},"combine":"add","by":{"n":30,"unit":"day"}},
                {"on":"renewed","combine":"add","bonus":true},
                {"on":"extended","combine":"add","by":{"n":7,"unit":"day"}},
                {"on":"usage","where":{"usageKinds":["sms"]},"combine":"max","by":{"n":15,"unit":"day"}}]}],
               "ladder":[{"stage":"grace","length":{"n":10,"unit":"day"}},{"stage":"quarantine","length":{"n":30,"unit":"day"},"exits":[]}]}]}]}
            """;

        public TestDatabase Database { get; private set; } = null!;

        public ApiHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = await TestDatabase.Create();
            await using var owner = new NpgsqlConnection(Database.Superuser);
            await owner.OpenAsync();
            await PublishedPacks.PublishShared(owner, [new PackChange("xx-quote", Encoding.UTF8.GetBytes(Pack))], Now, "test", CancellationToken.None);
            Host = await ApiHost.Start(Database.App, new StoppedClock(Now));
        }

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
