using System.Net;
using System.Text.Json;

namespace SimLedger.IntegrationTests.RulesChange;

/// <summary>An organisation puts rules of its own in the place of the shared ones, after it has seen what that would do.</summary>
public sealed class OwnPacks(RulesFixture api) : IClassFixture<RulesFixture>
{
    [Fact]
    public async Task The_impact_says_which_lines_would_move_and_how_the_most_urgent_first_and_changes_nothing()
    {
        var client = await api.Host.NewOrganisation();
        var first = await Packs.Line(client, "ph-tm", "+639170000001", "2026-06-01");
        var second = await Packs.Line(client, "Touch Mobile", "+639170000002", "2026-03-01");
        var other = await Packs.Line(client, "ph-smart", "+639180000003", "2026-06-01");

        var (_, impact) = await Packs.Impact(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 300, """["Touch Mobile"]""")));

        Assert.True(impact.GetProperty("lines").GetInt64() == 2, impact.GetRawText());
        Assert.True(impact.GetProperty("moved").GetInt64() == 2, impact.GetRawText());
        Assert.True(impact.GetProperty("moves").GetProperty("earlier").GetInt64() == 2, impact.GetRawText());
        var lines = impact.GetProperty("mostUrgent");
        Assert.Equal([second, first], lines.EnumerateArray().Select(l => l.GetProperty("cardId").GetGuid()));
        Assert.Equal("2027-03-01", lines[0].GetProperty("before").GetProperty("endsOn").GetString());
        Assert.Equal("2026-12-26", lines[0].GetProperty("after").GetProperty("endsOn").GetString());
        Assert.Equal(-65, lines[0].GetProperty("days").GetInt32());
        Assert.True(lines[0].GetProperty("after").GetProperty("ownRules").GetBoolean());
        Assert.Equal("2027-06-01", (await Packs.LineOf(client, first)).GetProperty("endsOn").GetString());
        Assert.Equal("2027-06-01", (await Packs.LineOf(client, other)).GetProperty("endsOn").GetString());
    }

    [Fact]
    public async Task A_published_pack_moves_the_lines_is_shown_as_own_and_concerns_no_other_organisation()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        var card = await Packs.Line(client, "ph-tm", "+639170000011", "2026-06-01");
        var foreign = await Packs.Line(others, "ph-tm", "+639170000011", "2026-06-01");

        await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 180)));

        var line = await Packs.Listed(client, card);
        Assert.Equal("2026-11-28", line.GetProperty("endsOn").GetString());
        Assert.True(line.GetProperty("ownRules").GetBoolean());
        Assert.Equal("user", line.GetProperty("confidence").GetString());
        Assert.Equal("own", (await client.Get("/v1/carriers/ph-tm")).Json.GetProperty("scope").GetString());
        var untouched = await Packs.Listed(others, foreign);
        Assert.Equal("2027-06-01", untouched.GetProperty("endsOn").GetString());
        Assert.False(untouched.GetProperty("ownRules").GetBoolean());
        Assert.Equal("shared", (await others.Get("/v1/carriers/ph-tm")).Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task The_audit_and_the_revisions_say_who_published_and_withdrew_what()
    {
        var client = await api.Host.NewOrganisation();
        await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 90)));
        await Packs.Publish(client, "ph-tm", """{"withdraw":true}""");

        var facts = (await client.Get("/v1/audit?type=RulePackPublished,RulePackWithdrawn")).Is(HttpStatusCode.OK).Json.GetProperty("facts");
        Assert.Equal(["RulePackWithdrawn", "RulePackPublished"], facts.EnumerateArray().Select(f => f.GetProperty("type").GetString()));
        Assert.All(facts.EnumerateArray(), f => Assert.Equal($"key:{client.KeyId}", f.GetProperty("actor").GetString()));
        Assert.Equal("ph-tm", facts[0].GetProperty("data").GetProperty("carrier").GetString());

        var revisions = (await client.Get("/v1/carriers/ph-tm/revisions")).Json.GetProperty("revisions").EnumerateArray().ToList();
        var (own, shared) = (revisions.Where(r => r.GetProperty("scope").GetString() == "own").ToList(), revisions.Single(r => r.GetProperty("scope").GetString() == "shared"));
        Assert.Equal([true, false], own.Select(r => r.GetProperty("withdrawn").GetBoolean()));
        Assert.Equal("system:migrate", shared.GetProperty("publishedBy").GetString());
    }

    [Fact]
    public async Task A_withdrawn_pack_gives_its_lines_back_to_the_shared_one()
    {
        var client = await api.Host.NewOrganisation();
        var card = await Packs.Line(client, "ph-tm", "+639170000021", "2026-06-01");
        await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 180)));

        var (_, impact) = await Packs.Impact(client, "ph-tm", """{"withdraw":true}""");
        Assert.Equal(1, impact.GetProperty("moves").GetProperty("later").GetInt64());
        await Packs.Publish(client, "ph-tm", """{"withdraw":true}""");

        var line = await Packs.Listed(client, card);
        Assert.Equal("2027-06-01", line.GetProperty("endsOn").GetString());
        Assert.False(line.GetProperty("ownRules").GetBoolean());
    }

    [Fact]
    public async Task Where_no_shared_pack_stands_behind_it_a_withdrawal_leaves_the_lines_visible_as_rule_unknown()
    {
        var client = await api.Host.NewOrganisation();
        var before = await Packs.Line(client, "zz-own", "+639170000031", "2026-06-01");
        Assert.Contains("ruleUnknown", (await Packs.Listed(client, before)).GetProperty("flags").EnumerateArray().Select(f => f.GetString()));

        await Packs.Publish(client, "zz-own", Packs.Change(Packs.Of("zz-own", 200, """["My Carrier"]""")));
        Assert.Equal("2026-12-18", (await Packs.Listed(client, before)).GetProperty("endsOn").GetString());
        var (_, impact) = await Packs.Impact(client, "zz-own", """{"withdraw":true}""");
        Assert.Equal(1, impact.GetProperty("moves").GetProperty("unknown").GetInt64());
        await Packs.Publish(client, "zz-own", """{"withdraw":true}""");

        var line = await Packs.Listed(client, before);
        Assert.True(line.GetProperty("settle").GetBoolean());
        Assert.Contains("ruleUnknown", line.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));
        (await client.Get("/v1/carriers/zz-own")).Problem(HttpStatusCode.NotFound, "carrier-not-found");
    }

    [Fact]
    public async Task Publishing_the_same_impact_again_with_its_key_is_answered_as_before_and_with_another_key_refused()
    {
        var client = await api.Host.NewOrganisation();
        var (impact, _) = await Packs.Impact(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 80)));
        var body = $$"""{"impact":"{{impact}}"}""";

        var first = (await client.Post("/v1/carriers/ph-tm/publications", body, "once")).Is(HttpStatusCode.OK);
        var again = (await client.Post("/v1/carriers/ph-tm/publications", body, "once")).Is(HttpStatusCode.OK);

        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(first.Json.GetProperty("factId").GetGuid(), again.Json.GetProperty("factId").GetGuid());
        (await client.Post("/v1/carriers/ph-tm/publications", body)).Problem(HttpStatusCode.Conflict, "rules-changed");
        Assert.Single((await client.Get("/v1/audit?type=RulePackPublished")).Json.GetProperty("facts").EnumerateArray());
    }

    [Fact]
    public async Task Of_two_that_publish_at_once_one_wins_and_the_other_must_look_again()
    {
        var client = await api.Host.NewOrganisation();
        var (one, _) = await Packs.Impact(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 81)));
        var (two, _) = await Packs.Impact(client, "ph-smart", Packs.Change(Packs.Of("ph-smart", 82)));

        var answers = await Task.WhenAll(
            client.Post("/v1/carriers/ph-tm/publications", $$"""{"impact":"{{one}}"}"""),
            client.Post("/v1/carriers/ph-smart/publications", $$"""{"impact":"{{two}}"}"""));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(a => a.Status).Order());
    }

    [Theory]
    [InlineData("""{"pack":{"format":"simledger.rulepack/1"}}""", "rule-pack-invalid", 422)]
    [InlineData("""{"pack":3}""", "rule-pack-invalid", 422)]
    [InlineData("""{}""", "invalid-request", 400)]
    [InlineData("""{"withdraw":false}""", "invalid-request", 400)]
    [InlineData("""{"withdraw":"yes"}""", "invalid-request", 400)]
    [InlineData("""{"withdraw":true}""", "carrier-not-found", 404)]
    [InlineData("""{"pack":{},"withdraw":true}""", "invalid-request", 400)]
    [InlineData("""{"pack":{},"why":1}""", "invalid-request", 400)]
    public async Task What_is_no_usable_change_is_refused(string body, string code, int status)
    {
        var client = await api.Host.NewOrganisation();
        (await client.Post("/v1/carriers/ph-tm/impact", body)).Problem((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task A_pack_is_refused_with_the_places_in_it_and_one_that_takes_another_carriers_name_too()
    {
        var client = await api.Host.NewOrganisation();
        var broken = (await client.Post("/v1/carriers/ph-tm/impact", Packs.Change(Packs.Of("ph-tm", -1)))).Problem(HttpStatusCode.UnprocessableEntity, "rule-pack-invalid");
        Assert.Contains("/pack/products/0/rules/0/clocks/0/length/n", broken.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()));

        (await client.Post("/v1/carriers/ph-tm/impact", Packs.Change(Packs.Of("ph-smart", 10)))).Problem(HttpStatusCode.UnprocessableEntity, "rule-pack-invalid");
        (await client.Post("/v1/carriers/zz-own/impact", Packs.Change(Packs.Of("zz-own", 10, """["touch mobile"]""")))).Problem(HttpStatusCode.UnprocessableEntity, "rule-pack-invalid");
    }

    [Fact]
    public async Task Only_an_impact_that_succeeded_of_this_carrier_and_organisation_is_published()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        var (impact, _) = await Packs.Impact(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 83)));
        var body = $$"""{"impact":"{{impact}}"}""";

        (await client.Post("/v1/carriers/ph-smart/publications", body)).Problem(HttpStatusCode.UnprocessableEntity, "impact-missing");
        (await others.Post("/v1/carriers/ph-tm/publications", body)).Problem(HttpStatusCode.UnprocessableEntity, "impact-missing");
        (await client.Post("/v1/carriers/ph-tm/publications", $$"""{"impact":"{{Guid.NewGuid()}}"}""")).Problem(HttpStatusCode.UnprocessableEntity, "impact-missing");
        (await client.Post("/v1/carriers/ph-tm/publications", """{"impact":"x"}""")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post("/v1/carriers/ph-tm/publications", "{}")).Problem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task The_stream_of_a_carriers_rules_is_no_card()
    {
        var client = await api.Host.NewOrganisation();
        await Packs.Publish(client, "ph-tm", Packs.Change(Packs.Of("ph-tm", 90)));
        var stream = (await client.Get("/v1/audit?type=RulePackPublished")).Json.GetProperty("facts")[0].GetProperty("streamId").GetGuid();

        (await client.Get($"/v1/cards/{stream}")).Problem(HttpStatusCode.NotFound, "card-not-found");
        (await client.Post($"/v1/cards/{stream}/top-ups", """{"amount":"10","currency":"PHP"}""")).Problem(HttpStatusCode.NotFound, "card-not-found");
    }

    [Fact]
    public async Task The_carriers_are_listed_with_their_sources_and_how_sure_each_is()
    {
        var client = await api.Host.NewOrganisation();
        var carriers = (await client.Get("/v1/carriers")).Is(HttpStatusCode.OK).Json.GetProperty("carriers").EnumerateArray().ToList();

        Assert.All(carriers, c => Assert.Equal(JsonValueKind.Null, c.GetProperty("problem").ValueKind));
        var mobile = carriers.Single(c => c.GetProperty("carrier").GetString() == "cn-mobile");
        Assert.Contains("unverified", mobile.GetProperty("products").EnumerateArray().SelectMany(p => p.GetProperty("rules").EnumerateArray()).Select(r => r.GetProperty("confidence").GetString()));
        var byAlias = (await client.Get("/v1/carriers/Touch%20Mobile")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("ph-tm", byAlias.GetProperty("carrier").GetString());
        Assert.Equal("ph-tm", byAlias.GetProperty("pack").GetProperty("code").GetString());
    }
}
