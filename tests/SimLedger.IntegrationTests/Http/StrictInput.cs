using System.Net;

namespace SimLedger.IntegrationTests.Http;

/// <summary>What is not as it must be is refused by name, records nothing and never breaks the server.</summary>
public sealed class StrictInput(StrictInput.OneCard card) : IClassFixture<StrictInput.OneCard>
{
    private const string Deep = "deep";
    private const string LongKey = "long key";

    /// <summary>To where, what, and what comes back: status, code, and pointer and code of the first member at fault.</summary>
    public static TheoryData<string, string, int, string, string?, string?> Bodies => new()
    {
        { "top-ups", """{"amount":"10","amoumt":"10"}""", 400, "invalid-request", "/amoumt", "member-unknown" },
        { "top-ups", """{"amount":"10","Amount":"10"}""", 400, "invalid-request", "/Amount", "member-unknown" },
        { "top-ups", """{"amount":"10","a/b~c":1}""", 400, "invalid-request", "/a~1b~0c", "member-unknown" },
        { "top-ups", """{"amount":"10","":1}""", 400, "invalid-request", "/", "member-unknown" },
        { "top-ups", """{"amount":"10","amount":"10"}""", 400, "invalid-request", "/amount", "member-twice" },
        { "top-ups", """{"amount":"10","\u0061mount":"10"}""", 400, "invalid-request", "/amount", "member-twice" },
        { "top-ups", """{"amount":"10","pricePaid":{"amount":"1","amount":"2","currency":"GBP"}}""", 400, "invalid-request", "/pricePaid/amount", "member-twice" },
        { "top-ups", """{"amount":"10","pricePaid":{"amount":"1","currency":"GBP","tip":"1"}}""", 400, "invalid-request", "/pricePaid/tip", "member-unknown" },
        { "top-ups", """{"amount":"10","pricePaid":{"amount":"1"}}""", 400, "invalid-request", "/pricePaid/currency", "member-missing" },
        { "top-ups", """{"amount":"10","pricePaid":"1 GBP"}""", 400, "invalid-request", "/pricePaid", "wrong-type" },
        { "top-ups", "{}", 400, "invalid-request", "/amount", "member-missing" },
        { "top-ups", """{"amount":null}""", 400, "invalid-request", "/amount", "member-missing" },
        { "top-ups", """{"amount":10}""", 400, "invalid-request", "/amount", "wrong-type" },
        { "top-ups", """{"amount":["10"]}""", 400, "invalid-request", "/amount", "wrong-type" },
        { "top-ups", """{"amount":""}""", 400, "invalid-request", "/amount", "amount-empty" },
        { "top-ups", """{"amount":"1e3"}""", 400, "invalid-request", "/amount", "amount-not-decimal" },
        { "top-ups", """{"amount":"1,000"}""", 400, "invalid-request", "/amount", "amount-not-decimal" },
        { "top-ups", """{"amount":"１０"}""", 400, "invalid-request", "/amount", "amount-not-decimal" },
        { "top-ups", """{"amount":"NaN"}""", 400, "invalid-request", "/amount", "amount-not-decimal" },
        { "top-ups", """{"amount":"-5"}""", 400, "invalid-values", "/amount", "amount-negative" },
        { "top-ups", """{"amount":"0"}""", 400, "invalid-values", "/amount", "amount-zero" },
        { "top-ups", """{"amount":"9223372036854775808"}""", 400, "invalid-request", "/amount", "amount-out-of-range" },
        { "top-ups", """{"amount":"0.00000000000000000000000000000000001"}""", 400, "invalid-request", "/amount", "amount-out-of-range" },
        { "top-ups", """{"amount":"10","currency":"gbp"}""", 400, "invalid-request", "/currency", "currency-not-iso" },
        { "top-ups", """{"amount":"10","currency":"€"}""", 400, "invalid-request", "/currency", "currency-not-iso" },
        { "top-ups", """{"amount":"10","at":"2190-01-01"}""", 422, "at-in-the-future", "/at", "at-in-the-future" },
        { "top-ups", """{"amount":"10","at":"2190-01-01T00:00:00Z"}""", 422, "at-in-the-future", "/at", "at-in-the-future" },
        { "top-ups", """{"amount":"10","at":"9998-12-31T23:59:59-18:00"}""", 422, "at-in-the-future", "/at", "at-in-the-future" },
        { "top-ups", """{"amount":"10","at":"0001-01-01T00:00:00+18:00"}""", 422, "at-too-long-ago", "/at", "at-too-long-ago" },
        { "top-ups", """{"amount":"10","at":"1989-12-31"}""", 422, "at-too-long-ago", "/at", "at-too-long-ago" },
        { "top-ups", """{"amount":"10","at":"0000-00-00"}""", 400, "invalid-request", "/at", "time-malformed" },
        { "top-ups", """{"amount":"10","at":"2026-02-30"}""", 400, "invalid-request", "/at", "time-malformed" },
        { "top-ups", """{"amount":"10","at":"2026-04-01T10:00:00"}""", 400, "invalid-request", "/at", "time-malformed" },
        { "top-ups", """{"amount":"10","at":"2026-04-01T24:00:01Z"}""", 400, "invalid-request", "/at", "time-malformed" },
        { "top-ups", """{"amount":"10","at":"2026-04-01T10:00:00+08:00:30"}""", 400, "invalid-values", "/at", "offset-not-minutes" },
        { "top-ups", """{"amount":"10","at":1775000000}""", 400, "invalid-request", "/at", "wrong-type" },
        { "top-ups", """{"amount":"10","at":""}""", 400, "invalid-request", "/at", "time-malformed" },
        { "top-ups", """{"amount":"10","period":{"n":9223372036854775808,"unit":"day"}}""", 400, "invalid-request", "/period/n", "out-of-range" },
        { "top-ups", """{"amount":"10","period":{"n":1.5,"unit":"day"}}""", 400, "invalid-request", "/period/n", "out-of-range" },
        { "top-ups", """{"amount":"10","period":{"n":0,"unit":"day"}}""", 400, "invalid-request", "/period/n", "out-of-range" },
        { "top-ups", """{"amount":"10","period":{"n":1,"unit":"week"}}""", 400, "invalid-request", "/period/unit", "value-unknown" },
        { "top-ups", """{"amount":"10","lineId":"1"}""", 400, "invalid-request", "/lineId", "id-malformed" },
        { "top-ups", """{"amount":"10","lineId":"0193d7c4-8a00-7000-8000-000000000001"}""", 422, "line-unknown", null, null },
        { "top-ups", """{"amount":"10","source":"a\u0000b"}""", 400, "invalid-request", "/source", "text-unusable" },
        { "top-ups", """{"amount":"10","source":"\ud800"}""", 400, "invalid-request", "/source", "text-unusable" },
        { "top-ups", """{"amount":"10","source":"\udc00x"}""", 400, "invalid-request", "/source", "text-unusable" },
        { "top-ups", """{"amount":"10","\ud800":"x"}""", 400, "invalid-request", "", "text-unusable" },
        { "top-ups", """{"amount":"10","x\u0000":"x"}""", 400, "invalid-request", "/x\0", "member-unknown" },
        { "top-ups", """{"amount":"10","source":true}""", 400, "invalid-request", "/source", "wrong-type" },
        { "top-ups", """{"amount":"10","orderNumber":"LONG"}""", 400, "invalid-values", "/orderNumber", "text-too-long" },
        { "top-ups", """{"amount":"10","LONG":1}""", 400, "invalid-request", LongKey, "member-unknown" },
        { "top-ups", "", 400, "invalid-request", null, null },
        { "top-ups", " ", 400, "invalid-request", null, null },
        { "top-ups", "{", 400, "invalid-request", null, null },
        { "top-ups", """{"amount":"10"}{}""", 400, "invalid-request", null, null },
        { "top-ups", """{"amount":"10",}""", 400, "invalid-request", null, null },
        { "top-ups", """{"amount":"10"/*x*/}""", 400, "invalid-request", null, null },
        { "top-ups", Deep, 400, "invalid-request", null, null },
        { "top-ups", "[]", 400, "invalid-request", "", "wrong-type" },
        { "top-ups", "null", 400, "invalid-request", "", "wrong-type" },
        { "top-ups", "\"10\"", 400, "invalid-request", "", "wrong-type" },
        { "carrier-statements", "{}", 400, "invalid-request", "/endsOn", "member-missing" },
        { "carrier-statements", """{"endsOn":"0000-00-00"}""", 400, "invalid-request", "/endsOn", "date-malformed" },
        { "carrier-statements", """{"endsOn":"2027-02-29"}""", 400, "invalid-request", "/endsOn", "date-malformed" },
        { "carrier-statements", """{"endsOn":"2027-2-1"}""", 400, "invalid-request", "/endsOn", "date-malformed" },
        { "carrier-statements", """{"endsOn":"9999-12-31"}""", 400, "invalid-request", "/endsOn", "date-out-of-range" }, // It exists: what many write for "never".
        { "carrier-statements", """{"endsOn":"2200-01-01"}""", 400, "invalid-values", "/endsOn", "date-out-of-range" },
        { "carrier-statements", """{"endsOn":20270301}""", 400, "invalid-request", "/endsOn", "wrong-type" },
        { "renewals", """{"amount":"-1"}""", 400, "invalid-values", "/amount", "amount-negative" },
        { "renewals", """{"currency":"GBP"}""", 400, "invalid-values", "/currency", "currency-without-amount" },
        { "activations", """{"channel":"LONG"}""", 400, "invalid-values", "/channel", "text-too-long" },
        { "voids", "{}", 400, "invalid-request", "/factId", "member-missing" },
        { "voids", """{"factId":"0193d7c4-8a00-7000-8000-000000000001"}""", 422, "entry-unknown", null, null },
        { "", "{}", 400, "invalid-values", "/lines", "lines-missing" },
        { "", """{"lines":{}}""", 400, "invalid-request", "/lines", "wrong-type" },
        { "", """{"lines":["+447700900123"]}""", 400, "invalid-request", "/lines/0", "wrong-type" },
        { "", """{"lines":[{}]}""", 422, "identifier-missing", null, null },
        { "", """{"lines":[{},{},{},{},{},{},{},{},{}]}""", 400, "invalid-request", "/lines", "too-many" },
        { "", """{"lines":[{"number":"07700 900123"}]}""", 400, "invalid-values", "/lines/0/number", "number-without-plus" },
        { "", """{"lines":[{"number":"+447700900999"},{"number":"+447700900999"}]}""", 422, "number-on-two-lines", null, null },
        { "", """{"lines":[{"number":"+447700900999","activatedOn":"2190-01-01"}]}""", 422, "at-in-the-future", "/lines/0/activatedOn", "at-in-the-future" },
        { "", """{"iccid":8944000000000000027,"lines":[{}]}""", 400, "invalid-request", "/iccid", "wrong-type" },
        { "", """{"iccid":"8944000000000000020","lines":[{}]}""", 400, "invalid-values", "/iccid", "iccid-check-digit" },
        { "", """{"formFactor":"Physical","lines":[{"number":"+447700900999"}]}""", 400, "invalid-request", "/formFactor", "value-unknown" },
        { "", """{"tags":["ok",7],"lines":[{"number":"+447700900999"}]}""", 400, "invalid-request", "/tags/1", "wrong-type" },
        { "", """{"tags":["ok"," "],"lines":[{"number":"+447700900999"}]}""", 400, "invalid-values", "/tags/1", "tag-empty" },
        { "", """{"tags":["ok","LONG"],"lines":[{"number":"+447700900999"}]}""", 400, "invalid-values", "/tags/1", "text-too-long" },
        { "", """{"carrier":"LONG","lines":[{"number":"+447700900999"}]}""", 400, "invalid-values", "/carrier", "text-too-long" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_not_as_it_must_be_is_refused_by_name(string to, string body, int status, string code, string? pointer, string? memberCode)
    {
        var before = await card.Facts();
        body = body == Deep ? $"{{\"amount\":{new string('[', 1000)}{new string(']', 1000)}}}" : body.Replace("LONG", new string('长', 9000), StringComparison.Ordinal);

        var problem = (await card.Client.Post(to.Length == 0 ? "/v1/cards" : $"{card.Path}/{to}", body)).Problem((HttpStatusCode)status, code);

        Assert.Equal(before, await card.Facts());
        Assert.True(problem.GetRawText().Length < 4000, "A problem does not echo all that was sent.");
        if (pointer is null) return;
        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        if (pointer != LongKey) Assert.Equal(pointer, error.GetProperty("pointer").GetString());
        Assert.Equal(memberCode, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_not_without_end()
    {
        var three = (await card.Client.Post($"{card.Path}/top-ups", """{"amount":10,"at":"soon","x":1}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        var many = (await card.Client.Post($"{card.Path}/top-ups", $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"m{i}\":1"))}}}")).Problem(HttpStatusCode.BadRequest, "invalid-request");

        Assert.Equal(["/at", "/amount", "/x"], three.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()));
        Assert.Equal(100, many.GetProperty("errors").GetArrayLength());
    }

    /// <summary>One card, and how many facts its organisation has.</summary>
    public sealed class OneCard : IAsyncLifetime
    {
        public ApiFixture Api { get; } = new();

        public ApiClient Client { get; private set; } = null!;

        public string Path { get; private set; } = "";

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            Client = await Api.Host.NewOrganisation();
            Path = $"/v1/cards/{await Client.Register("""{"carrier":"gb-giffgaff","lines":[{"number":"+447700900123","product":"payg"}]}""")}";
        }

        public Task DisposeAsync() => Api.DisposeAsync();

        public async Task<long> Facts() => (long)(await Api.Database.Tamper("select count(*) from events"))!;
    }
}
