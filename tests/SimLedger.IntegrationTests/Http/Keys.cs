using System.Net;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Who may come in, and what he sees.</summary>
public sealed class Keys(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Card = """{"iccid":"8944000000000000019","lines":[{"number":"+447700900123"}]}""";

    [Fact]
    public void A_key_is_a_prefix_30_random_characters_and_6_of_checksum()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKey.New()).ToList();

        Assert.All(keys, key => Assert.Matches("^slk_live_[0-9A-Za-z]{36}$", key));
        Assert.All(keys, key => Assert.True(ApiKey.IsWellFormed(key)));
        Assert.Distinct(keys);
        // Computed elsewhere: the checksum is a contract with scanners that look for leaked keys.
        Assert.True(ApiKey.IsWellFormed("slk_live_00000000000000000000000000000z3Nrk4S"));
    }

    [Fact]
    public void Any_one_character_mistyped_is_noticed()
    {
        var key = ApiKey.New();

        for (var at = 0; at < key.Length; at++)
        {
            Assert.False(ApiKey.IsWellFormed($"{key[..at]}{(key[at] == 'x' ? 'y' : 'x')}{key[(at + 1)..]}"));
        }
        Assert.False(ApiKey.IsWellFormed(key[..^1]));
        Assert.False(ApiKey.IsWellFormed(key + "0"));
        Assert.False(ApiKey.IsWellFormed(""));
    }

    [Fact]
    public async Task Without_a_good_key_the_answer_is_401_and_says_which_scheme_is_taken()
    {
        var client = await api.Host.NewOrganisation();
        var mistyped = $"{client.Key![..^1]}{(client.Key[^1] == '0' ? '1' : '0')}";

        foreach (var (key, says) in new[] { (null, "Authorization"), (mistyped, "mistyped"), ("", "Authorization"), ("x", "mistyped"), (ApiKey.New(), "not known") })
        {
            var answer = await client.With(key).Get("/v1/due-list");
            Assert.Contains(says, answer.Problem(HttpStatusCode.Unauthorized, "unauthenticated").GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
        }
        foreach (var path in new[] { "/v1/nothing", "/V1/due-list", "/v1" })
        {
            (await client.With(null).Get(path)).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        }
        (await client.With(null).Send(HttpMethod.Get, "/v1/due-list", null, ("Authorization", $"Basic {client.Key}"))).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await client.With(null).Send(HttpMethod.Get, "/v1/due-list", null, ("Authorization", $"bearer {client.Key}"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_is_never_told_in_an_answer()
    {
        var client = await api.Host.NewOrganisation();
        var wrong = ApiKey.New();

        Assert.DoesNotContain(wrong[9..], (await client.With(wrong).Get("/v1/due-list")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(client.Key![9..], (await client.Get("/v1/nothing")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_ends_at_once_and_the_others_stay()
    {
        var client = await api.Host.NewOrganisation();
        var second = await api.Host.Client(client.Tenant);
        (await client.Get("/v1/due-list")).Is(HttpStatusCode.OK);

        Assert.True(await api.Host.Get<Credentials>().Revoke(client.Tenant, client.KeyId, default));

        (await client.Get("/v1/due-list")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await client.Post("/v1/cards", Card)).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await second.Get("/v1/due-list")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_does_only_what_its_scopes_say()
    {
        var both = await api.Host.NewOrganisation();
        var (reader, writer) = (await api.Host.Client(both.Tenant, "read"), await api.Host.Client(both.Tenant, "write"));

        (await reader.Post("/v1/cards", Card)).Problem(HttpStatusCode.Forbidden, "scope-missing");
        var card = await writer.Register(Card);
        (await reader.Get($"/v1/cards/{card}")).Is(HttpStatusCode.OK);
        (await reader.Post($"/v1/cards/{card}/activations", "{}")).Problem(HttpStatusCode.Forbidden, "scope-missing");
        (await writer.Get($"/v1/cards/{card}")).Problem(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact]
    public async Task Nobody_sees_or_changes_the_card_of_another_organisation()
    {
        var (owner, stranger) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        var card = await owner.Register(Card);
        var entry = (await owner.Post($"/v1/cards/{card}/activations", """{"at":"2026-03-01"}""")).Json.GetProperty("facts")[0].GetProperty("factId").GetGuid();

        // Not even that it exists: the answer is that of an id nobody has.
        foreach (var id in new[] { card, Guid.CreateVersion7() })
        {
            (await stranger.Get($"/v1/cards/{id}")).Problem(HttpStatusCode.NotFound, "card-not-found");
            (await stranger.Get($"/v1/cards/{id}/history")).Problem(HttpStatusCode.NotFound, "card-not-found");
            (await stranger.Post($"/v1/cards/{id}/activations", "{}")).Problem(HttpStatusCode.NotFound, "card-not-found");
            (await stranger.Post($"/v1/cards/{id}/voids", $$"""{"factId":"{{entry}}"}""")).Problem(HttpStatusCode.NotFound, "card-not-found");
            (await stranger.Post($"/v1/cards/{id}/activations", "{}", null, ("If-Match", "\"2\""))).Problem(HttpStatusCode.NotFound, "card-not-found");
        }
        Assert.Empty((await stranger.Get("/v1/due-list")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Two_organisations_may_hold_the_same_number_and_one_may_not_twice()
    {
        var (one, other) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        await one.Register(Card);
        await other.Register(Card);

        var sameNumber = (await one.Post("/v1/cards", """{"lines":[{"number":"+447700900123"}]}""")).Problem(HttpStatusCode.Conflict, "identifier-taken");
        var sameIccid = (await one.Post("/v1/cards", """{"iccid":"8944000000000000019","lines":[{}]}""")).Problem(HttpStatusCode.Conflict, "identifier-taken");

        Assert.Equal("/lines", sameNumber.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal("/iccid", sameIccid.GetProperty("errors")[0].GetProperty("pointer").GetString());
        // Answers end up in logs; numbers are people's.
        Assert.DoesNotContain("7700900123", sameNumber.GetRawText(), StringComparison.Ordinal);
    }
}
