using System.Net;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Filters, order and cursors of the due list.</summary>
public sealed class DueListPages(DueListPages.Fleet fleet) : IClassFixture<DueListPages.Fleet>
{
    private ApiClient Client => fleet.Client;

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public async Task Pages_put_together_are_the_whole_list_with_no_row_twice_or_missing(int limit, bool byLink)
    {
        var whole = await DueListOracle.ReadAll(Client, "", 200);

        var pages = await DueListOracle.ReadAll(Client, "", limit, byLink);

        Assert.Equal(21, whole.Count);
        Assert.Equal(whole, pages);
        Assert.Equal(await DueListOracle.Expect(Client, fleet.Cards, DateTimeOffset.UtcNow), whole);
    }

    [Fact]
    public async Task What_must_be_settled_comes_first_then_the_most_urgent()
    {
        var items = (await Client.Get("/v1/due-list?limit=200")).Json.GetProperty("items").EnumerateArray().ToList();

        Assert.True(items[0].GetProperty("settle").GetBoolean());
        Assert.False(items[^1].GetProperty("settle").GetBoolean());
        var dated = items.Where(i => !i.GetProperty("settle").GetBoolean()).Select(i => i.GetProperty("dueOn").GetString() ?? "9999").ToList();
        Assert.Equal(dated.Order(StringComparer.Ordinal), dated);
    }

    [Theory]
    [InlineData("within=0d")]
    [InlineData("within=60d&carrier=gb-giffgaff")]
    [InlineData("stage=active,lapsed&within=3660d")]
    [InlineData("carrier=hk-cmhk,No%20such%20carrier")]
    [InlineData("stage=lost&carrier=hk-cmhk")]
    public async Task Filters_go_together_and_hold_on_every_page(string filters)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(filters);
        var expected = await DueListOracle.Expect(
            Client, fleet.Cards, DateTimeOffset.UtcNow,
            query.TryGetValue("within", out var within) ? int.Parse(within.ToString()[..^1], System.Globalization.CultureInfo.InvariantCulture) : null,
            query.TryGetValue("stage", out var stage) ? stage.ToString().Split(',') : null,
            query.TryGetValue("carrier", out var carrier) ? carrier.ToString().Split(',') : null);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, await DueListOracle.ReadAll(Client, filters, 2, byLink: true));
    }

    [Theory]
    [InlineData("giffgaff UK")]
    [InlineData("英国giffgaff")]
    [InlineData("ＧＩＦＦＧＡＦＦ　ＵＫ")]
    public async Task A_carrier_is_found_by_any_of_its_names_and_a_cursor_goes_on_under_another(string alias)
    {
        var byCode = await DueListOracle.ReadAll(Client, "carrier=gb-giffgaff", 200);
        var first = (await Client.Get($"/v1/due-list?limit=2&carrier={Uri.EscapeDataString(alias)}")).Is(HttpStatusCode.OK).Json;

        var rest = (await Client.Get($"/v1/due-list?limit=200&carrier=gb-giffgaff&cursor={first.GetProperty("nextCursor").GetString()}")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(byCode, first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(i => i.GetRawText()));
    }

    [Fact]
    public async Task Lost_lines_are_listed_only_when_asked_for()
    {
        var lost = (await Client.Get("/v1/due-list?stage=lost")).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("lineId").GetString()).ToList();
        var usual = (await Client.Get("/v1/due-list?limit=200")).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("lineId").GetString()).ToList();

        Assert.Equal(3, lost.Count);
        Assert.Empty(lost.Intersect(usual));
    }

    [Theory]
    [InlineData("limit=0", "limit", "out-of-range")]
    [InlineData("limit=201", "limit", "out-of-range")]
    [InlineData("limit=-1", "limit", "out-of-range")]
    [InlineData("limit=1e2", "limit", "out-of-range")]
    [InlineData("limit=+7", "limit", "out-of-range")]
    [InlineData("limit=99999999999999999999", "limit", "out-of-range")]
    [InlineData("limit=5&limit=6", "limit", "member-twice")]
    [InlineData("limit=", "limit", "value-empty")]
    [InlineData("within=30", "within", "value-unknown")]
    [InlineData("within=-1d", "within", "value-unknown")]
    [InlineData("within=3661d", "within", "value-unknown")]
    [InlineData("within=d", "within", "value-unknown")]
    [InlineData("stage=dead", "stage", "value-unknown")]
    [InlineData("stage=Active", "stage", "value-unknown")]
    [InlineData("stage=active,", "stage", "text-unusable")]
    [InlineData("carrier=a%00b", "carrier", "text-unusable")]
    [InlineData("cursor=a%00b", "cursor", "text-unusable")]
    [InlineData("sort=dueOn", "sort", "member-unknown")]
    [InlineData("Limit=5", "Limit", "member-unknown")]
    [InlineData("tenant=acme", "tenant", "member-unknown")]
    public async Task A_filter_that_cannot_be_meant_so_is_refused_by_name(string query, string name, string code)
    {
        var error = Assert.Single((await Client.Get($"/v1/due-list?{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors").EnumerateArray());

        Assert.Equal((name, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_cursor_is_good_only_for_its_own_list_and_organisation()
    {
        var cursor = (await Client.Get("/v1/due-list?limit=2&within=3660d")).Json.GetProperty("nextCursor").GetString()!;
        (await Client.Get($"/v1/due-list?limit=7&within=3660d&cursor={cursor}")).Is(HttpStatusCode.OK);
        var stranger = await fleet.Api.Host.NewOrganisation();

        (await stranger.Get($"/v1/due-list?within=3660d&cursor={cursor}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
        (await Client.Get($"/v1/due-list?within=3659d&cursor={cursor}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
        (await Client.Get($"/v1/due-list?cursor={cursor}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
        (await Client.Get($"/v1/cards/{fleet.Cards[0]}/history?cursor={cursor}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
    }

    [Fact]
    public async Task A_cursor_altered_anywhere_is_refused()
    {
        var cursor = (await Client.Get("/v1/due-list?limit=2")).Json.GetProperty("nextCursor").GetString()!;

        for (var at = 0; at < cursor.Length; at++)
        {
            var altered = $"{cursor[..at]}{(cursor[at] == 'A' ? 'B' : 'A')}{cursor[(at + 1)..]}";
            (await Client.Get($"/v1/due-list?cursor={altered}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
        }
        foreach (var altered in new[] { cursor[..^1], cursor[..20], cursor + "A", "x", "..", new string('A', 999), "%F0%9F%98%80" })
        {
            (await Client.Get($"/v1/due-list?cursor={altered}")).Problem(HttpStatusCode.BadRequest, "cursor-unusable");
        }
    }

    /// <summary>24 lines: 3 to settle, 3 lost, the others dated near and far, behind and ahead.</summary>
    public sealed class Fleet : IAsyncLifetime
    {
        public ApiFixture Api { get; } = new();

        public ApiClient Client { get; private set; } = null!;

        public List<Guid> Cards { get; } = [];

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            Client = await Api.Host.NewOrganisation();
            for (var i = 0; i < 15; i++) await Add("gb-giffgaff", "payg", Day(-190 + (i / 2 * 20)), (i % 3) switch { 0 => "normal", 1 => "high", _ => "critical" });
            for (var i = 0; i < 3; i++) await Add("hk-cmhk", "one-card-two-numbers", "2020-01-01", "normal");
            for (var i = 0; i < 3; i++) await Add("No such carrier", "none", "2026-01-01", "normal");
            for (var i = 0; i < 3; i++) await Add("ph-smart", "prepaid", Day(-10), "normal");
        }

        public Task DisposeAsync() => Api.DisposeAsync();

        private static string Day(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        private async Task Add(string carrier, string product, string activatedOn, string importance)
        {
            var card = await Client.Register(
                $$"""{"carrier":"{{carrier}}","importance":"{{importance}}","lines":[{"number":"+4477009{{Cards.Count:000000}}","product":"{{product}}"}]}""");
            Cards.Add(card);
            var (what, more) = carrier == "ph-smart" ? ("top-ups", ",\"amount\":\"100\"") : ("activations", "");
            (await Client.Post($"/v1/cards/{card}/{what}", $$"""{"at":"{{activatedOn}}"{{more}} }""")).Is(HttpStatusCode.OK);
        }
    }
}
