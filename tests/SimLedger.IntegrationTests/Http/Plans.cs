using System.Globalization;
using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.RulesChange;

namespace SimLedger.IntegrationTests.Http;

/// <summary>A plan over HTTP: what to do for which line, when, through which channel and at what price; nothing is recorded.</summary>
public sealed class Plans(RulesFixture api) : IClassFixture<RulesFixture>
{
    /// <summary>100 gives 180 days from the day of paying or the old end, whichever is later, in a store that is closed on Sundays.</summary>
    private const string Pack = """
        {"format":"simledger.rulepack/1","code":"zz-plan","name":{"en":"Plan"},"aliases":[],"country":"PH","timeZone":"Asia/Manila",
         "contacts":[{"kind":"hotline","value":"222"}],
         "channels":[{"code":"shop","kind":"store","online":false,"closedOn":["sun"],"trust":"carrier"}],
         "products":[{"code":"prepaid","name":{"en":"Prepaid"},"currency":"PHP","formFactors":["physical"],"capabilities":["voice"],
           "offers":[{"code":"load-100","kind":"topUp","amount":"100","period":{"n":180,"unit":"day"},"channels":["shop"]}],
           "rules":[{"version":"v1","effective":{"from":"2020-01-01"},"source":{"title":"Test","checkedOn":"2026-11-01","confidence":"unverified"},
            "clocks":[{"id":"validity","kind":"validity","startsOn":[{"on":"topUp"}],"length":{"n":180,"unit":"day"},
                       "extendedBy":[{"on":"topUp","where":{"minAmount":"100"},"combine":"max","by":{"n":180,"unit":"day"}}]}],
            "ladder":[{"stage":"grace","length":{"n":30,"unit":"day"}}]}]}]}
        """;

    [Fact]
    public async Task A_plan_keeps_every_line_safe_brings_visits_together_and_sums_what_it_costs()
    {
        var client = await Organisation();
        // Their ends are a day apart each, so one visit serves them all.
        for (var i = 0; i < 3; i++) await Packs.Line(client, "zz-plan", $"+63917000005{i}", $"2026-08-2{i + 7}");
        var lost = await client.Register("""{"carrier":"nobody-knows","lines":[{"number":"+639170000059","product":"prepaid"}]}""");

        var facts = (await client.Get("/v1/audit")).Text;

        var plan = (await client.Post("/v1/plans", """{"horizonMonths":12,"marginDays":7}""")).Is(HttpStatusCode.OK).Json;

        Assert.Equal((4, 3), (plan.GetProperty("lineCount").GetInt32(), plan.GetProperty("covered").GetInt32()));
        var unknown = Assert.Single(plan.GetProperty("uncovered").EnumerateArray());
        Assert.Equal(lost, Line(plan, unknown.GetGuid()).GetProperty("cardId").GetGuid());
        Assert.Equal(["ruleUnknown"], Line(plan, unknown.GetGuid()).GetProperty("issues").EnumerateArray().Select(i => i.GetString()));
        var actions = plan.GetProperty("lines").EnumerateArray().SelectMany(l => l.GetProperty("actions").EnumerateArray()).ToList();
        Assert.Equal(100m * actions.Count, Amount(Assert.Single(plan.GetProperty("totals").EnumerateArray())));
        Assert.Equal(100m * actions.Count, plan.GetProperty("months").EnumerateArray().Sum(Amount));
        Assert.All(actions, a => Assert.NotEqual(DayOfWeek.Sunday, DateOnly.Parse(a.GetProperty("day").GetString()!, CultureInfo.InvariantCulture).DayOfWeek));
        Assert.All(actions, a => Assert.Equal("unverified", a.GetProperty("confidence").GetString()));
        Assert.True(plan.GetProperty("visitCount").GetInt32() < plan.GetProperty("visitCountUnbatched").GetInt32(), plan.GetRawText());
        Assert.Equal(3, plan.GetProperty("visits")[0].GetProperty("lineIds").GetArrayLength());
        Assert.Equal(facts, (await client.Get("/v1/audit")).Text);
    }

    [Fact]
    public async Task Following_a_plan_to_the_letter_keeps_the_margin()
    {
        var client = await Organisation();
        var card = await Packs.Line(client, "zz-plan", "+639170000061", "2026-10-01");
        var planned = (await client.Post("/v1/plans", """{"horizonMonths":36,"marginDays":14}""")).Json.GetProperty("lines")[0].GetProperty("actions").EnumerateArray().ToList();

        Assert.NotEmpty(planned);
        var ends = Day((await Packs.LineOf(client, card)).GetProperty("endsOn"));
        foreach (var action in planned)
        {
            Assert.True(Day(action.GetProperty("day")).AddDays(14) <= ends, $"{action} comes after the margin before {ends}.");
            Assert.Equal(ends, Day(action.GetProperty("serves")));
            ends = Day(action.GetProperty("endsOn"));
        }
        Assert.True(ends >= new DateOnly(2029, 11, 21).AddDays(14));
    }

    [Fact]
    public async Task Lines_are_chosen_by_carrier_or_by_id_and_none_that_is_asked_for_is_left_out_in_silence()
    {
        var client = await Organisation();
        await Packs.Line(client, "zz-plan", "+639170000071", "2026-10-01");
        var other = await Packs.Line(client, "ph-tm", "+639170000072", "2026-10-01");
        var otherLine = (await Packs.LineOf(client, other)).GetProperty("lineId").GetGuid();

        var byAlias = (await client.Post("/v1/plans", """{"carriers":["Touch Mobile"]}""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(otherLine, Assert.Single(byAlias.GetProperty("lines").EnumerateArray()).GetProperty("lineId").GetGuid());
        var byId = (await client.Post("/v1/plans", $$"""{"lineIds":["{{otherLine}}"]}""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(1, byId.GetProperty("lineCount").GetInt32());

        var missing = (await client.Post("/v1/plans", $$"""{"lineIds":["{{otherLine}}","{{Guid.NewGuid()}}"]}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal("/lineIds/1", missing.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal(0, (await (await api.Host.NewOrganisation()).Post("/v1/plans", "{}")).Is(HttpStatusCode.OK).Json.GetProperty("lineCount").GetInt32());
    }

    [Theory]
    [InlineData("""{"horizonMonths":37}""", "/horizonMonths")]
    [InlineData("""{"horizonMonths":0}""", "/horizonMonths")]
    [InlineData("""{"marginDays":-1}""", "/marginDays")]
    [InlineData("""{"batchDays":367}""", "/batchDays")]
    [InlineData("""{"lineIds":["x"]}""", "/lineIds/0")]
    [InlineData("""{"carriers":"ph-tm"}""", "/carriers")]
    [InlineData("""{"unpricedToo":1}""", "/unpricedToo")]
    [InlineData("""{"until":"2027-01-01"}""", "/until")]
    public async Task What_cannot_be_planned_is_told_with_its_place(string body, string pointer)
    {
        var problem = (await (await api.Host.NewOrganisation()).Post("/v1/plans", body)).Problem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(pointer, problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()));
    }

    [Fact]
    public async Task A_key_that_may_only_read_may_plan()
    {
        var client = await api.Host.NewOrganisation();
        (await (await api.Host.Client(client.Tenant, "read")).Post("/v1/plans", "{}")).Is(HttpStatusCode.OK);
        (await client.With(null).Post("/v1/plans", "{}")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private async Task<ApiClient> Organisation()
    {
        var client = await api.Host.NewOrganisation();
        await Packs.Publish(client, "zz-plan", Packs.Change(Pack));
        return client;
    }

    private static JsonElement Line(JsonElement plan, Guid id) => plan.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("lineId").GetGuid() == id);

    private static decimal Amount(JsonElement cost) => decimal.Parse(cost.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);

    private static DateOnly Day(JsonElement date) => DateOnly.Parse(date.GetString()!, CultureInfo.InvariantCulture);
}
