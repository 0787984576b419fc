using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Cards by what they are known by: whole, and by its first characters.</summary>
public sealed class FindingCards(ApiFixture server) : IClassFixture<ApiFixture>
{
    private const string Iccid = "8963000000000000043";
    private const string Eid = "89049032000000000000000000000136";

    [Fact]
    public async Task A_card_is_found_by_its_number_with_the_plus_escaped_or_not_by_its_iccid_and_by_its_eid()
    {
        var client = await server.Host.NewOrganisation();
        var eid = WithCheckDigits(Eid[..30]);
        var card = await client.Register($$"""{"carrier": "ph-tm", "iccid": "{{Iccid}}", "eid": "{{eid}}", "lines": [{"number": "+639000000004"}]}""");
        var expected = (await client.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);

        foreach (var by in new[] { "number/+639000000004", "number/%2B639000000004", $"iccid/{Iccid}", $"eid/{eid}" })
        {
            var found = (await client.Get($"/v1/cards/by/{by}")).Is(HttpStatusCode.OK);
            Assert.Equal((expected.Text, expected.ETag), (found.Text, found.ETag));
        }
        var other = await server.Host.NewOrganisation();
        (await other.Get($"/v1/cards/by/iccid/{Iccid}")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await client.Get("/v1/cards/by/number/+639000000005")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await client.Get("/v1/cards/by/imsi/515030000000000")).Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("number/639000000004", "number", "number-without-plus")]
    [InlineData("iccid/8963000000000000042", "iccid", "iccid-check-digit")]
    [InlineData("eid/8904", "eid", "eid-length")]
    public async Task What_is_no_such_identifier_is_refused_with_what_is_wrong_with_it(string by, string name, string code)
    {
        var client = await server.Host.NewOrganisation();

        var error = Assert.Single((await client.Get($"/v1/cards/by/{by}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateArray());

        Assert.Equal((name, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_number_leads_to_the_card_that_lives_with_it_else_to_the_one_that_was_closed_last()
    {
        var client = await server.Host.NewOrganisation();
        var (first, second) = (await Card("+639000000004"), Guid.Empty);
        await Retire(first);
        Assert.Equal(first, await Found());
        second = await Card("+639000000004");
        Assert.Equal(second, await Found());
        await Retire(second);
        Assert.Equal(second, await Found());

        Task<Guid> Card(string number) => client.Register($$"""{"carrier": "ph-tm", "lines": [{"number": "{{number}}"}]}""");

        async Task Retire(Guid card) => (await client.Post($"/v1/cards/{card}/retirements", "{}")).Is(HttpStatusCode.OK);

        async Task<Guid> Found() => (await client.Get("/v1/cards/by/number/+639000000004")).Is(HttpStatusCode.OK).Json.GetProperty("cardId").GetGuid();
    }

    [Fact]
    public async Task First_characters_find_what_begins_with_them_in_pages_that_are_the_whole()
    {
        var client = await server.Host.NewOrganisation();
        var other = await server.Host.NewOrganisation();
        var random = new Random(5);
        var cards = await RandomFleet.Record(client, random, 40, DateTimeOffset.UtcNow);
        await RandomFleet.Record(other, random, 7, DateTimeOffset.UtcNow);
        var lines = await DueListOracle.Lines(client, cards);

        foreach (var (query, passes) in new (string, Func<JsonElement, bool>)[]
        {
            ("", _ => true),
            ("number=%2B86130000000", l => Begins(l, "number", "+86130000000")),
            ("number=8613000000002", l => Begins(l, "number", "+8613000000002")),
            ("number=+8613000000002", l => Begins(l, "number", "+8613000000002")),
            ("q=8613000000001", l => Begins(l, "number", "+8613000000001")),
            ("owner=Cruz", l => Begins(l, "owner", "Cruz")),
            ("q=%E6%9D%8E%E6%98%8E", l => Begins(l, "owner", "李明")),
            ("q=An", l => Begins(l, "owner", "An")),
            ("owner=an", _ => false),
            ("owner=An%25", _ => false),
            ("iccid=89", _ => false),
            ("carrier=ph-tm,ph-smart&tag=otp", l => DueListOracle.Text(l, "carrier") is "ph-tm" or "ph-smart" && Tagged(l, "otp")),
            ("closed=true", l => l.GetProperty("closed").GetBoolean()),
            ("closed=false&owner=Bo", l => !l.GetProperty("closed").GetBoolean() && Begins(l, "owner", "Bo")),
        })
        {
            var expected = lines.Where(passes).Select(l => l.GetProperty("cardId").GetString()!).Distinct().Order(StringComparer.Ordinal).ToList();
            var items = await ReadAll(client, query, random.Next(1, 9));

            Assert.True(expected.SequenceEqual(items.Select(i => i.GetProperty("cardId").GetString())), query);
            foreach (var item in items)
            {
                var card = (await client.Get($"/v1/cards/{item.GetProperty("cardId").GetString()}")).Json;
                Assert.Equal(Shown(card), Shown(item));
            }
        }
    }

    [Theory]
    [InlineData("number=%2B6", "number", "too-short")]
    [InlineData("number=0917", "number", "number-starts-with-zero")] // As it is dialled at home, it would find nothing.
    [InlineData("number=%2B00", "number", "number-starts-with-zero")]
    [InlineData("number=%2B63%20917", "number", "number-not-digits")]
    [InlineData("number=Ana", "number", "number-not-digits")]
    [InlineData("q=a", "q", "too-short")]
    [InlineData("closed=maybe", "closed", "value-unknown")]
    [InlineData("limit=201", "limit", "out-of-range")]
    [InlineData("name=Ana", "name", "member-unknown")]
    public async Task A_search_that_cannot_be_meant_so_is_refused_by_name(string query, string name, string code)
    {
        var client = await server.Host.NewOrganisation();

        var error = Assert.Single((await client.Get($"/v1/cards?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateArray());

        Assert.Equal((name, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_cursor_goes_on_only_for_the_organisation_and_the_search_it_was_made_for()
    {
        var client = await server.Host.NewOrganisation();
        for (var n = 0; n < 3; n++) await client.Register($$"""{"owner": "Ana", "lines": [{"number": "+63900000000{{n}}"}]}""");
        var cursor = (await client.Get("/v1/cards?owner=An&limit=1")).Is(HttpStatusCode.OK).Json.GetProperty("nextCursor").GetString();

        (await client.Get($"/v1/cards?owner=An&limit=2&cursor={cursor}")).Is(HttpStatusCode.OK);
        (await client.Get($"/v1/cards?owner=Ana&limit=1&cursor={cursor}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
        (await (await server.Host.NewOrganisation()).Get($"/v1/cards?owner=An&limit=1&cursor={cursor}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
    }

    private static async Task<List<JsonElement>> ReadAll(ApiClient client, string filters, int limit)
    {
        var items = new List<JsonElement>();
        for (var next = $"/v1/cards?limit={limit}&{filters}".TrimEnd('&'); next is not null;)
        {
            var page = (await client.Get(next)).Is(HttpStatusCode.OK);
            items.AddRange(page.Json.GetProperty("items").EnumerateArray());
            Assert.Equal(page.Json.GetProperty("nextCursor").GetString() is null, page.Header("Link") is null);
            next = page.Header("Link") is null ? null : Links.Next(page);
        }
        return items;
    }

    /// <summary>What a card and an item of the search must have alike; the lines' stages as far as time does not tell them apart.</summary>
    private static string Shown(JsonElement card) => string.Join(' ',
        card.GetProperty("version").GetInt32(), DueListOracle.Text(card, "carrier"), DueListOracle.Text(card, "iccid"), card.GetProperty("lines").GetRawText());

    private static bool Begins(JsonElement line, string member, string prefix) => DueListOracle.Text(line, member)?.StartsWith(prefix, StringComparison.Ordinal) == true;

    private static bool Tagged(JsonElement line, string tag) => line.GetProperty("tags").EnumerateArray().Any(t => t.GetString() == tag);

    /// <summary>The last two digits make the whole leave 1 when divided by 97.</summary>
    private static string WithCheckDigits(string thirty) =>
        thirty + (98 - (int)(System.Numerics.BigInteger.Parse(thirty + "00", System.Globalization.CultureInfo.InvariantCulture) % 97)).ToString("00", System.Globalization.CultureInfo.InvariantCulture);
}
