using System.Net;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Http;

/// <summary>A request may be repeated without fear: it takes effect once, and the answer is the first one.</summary>
public sealed class Idempotency(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Card = """{"carrier":"gb-giffgaff","lines":[{"number":"+447700900123","product":"payg"}]}""";
    private const string TopUp = """{"at":"2026-04-01","amount":"10.00"}""";

    [Fact]
    public async Task Without_a_key_nothing_is_done()
    {
        var client = await api.Host.NewOrganisation();

        (await client.Send(HttpMethod.Post, "/v1/cards", ApiClient.Json(Card))).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");
        (await client.Post("/v1/cards", Card, "")).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");

        Assert.Equal(0, await Facts(client));
    }

    [Fact]
    public async Task Where_the_organisation_lets_it_be_left_out_a_request_without_a_key_is_carried_out_each_time()
    {
        var (client, other) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        Assert.True(await api.Host.Get<Tenants>().RequireIdempotency(client.Tenant, required: false, default));

        var card = (await client.Send(HttpMethod.Post, "/v1/cards", ApiClient.Json(Card))).Is(HttpStatusCode.Created).Header("Location");
        for (var i = 0; i < 2; i++)
        {
            var answer = (await client.Send(HttpMethod.Post, $"{card}/top-ups", ApiClient.Json(TopUp))).Is(HttpStatusCode.OK);
            Assert.Null(answer.Header("Idempotency-Replayed"));
        }
        var batch = (await client.Send(HttpMethod.Post, "/v1/cards:batch", ApiClient.Json("""{"items":[{"lines":[{"number":"+447700900124"}]},{"lines":[{"number":"+447700900125"}]}]}"""))).Is(HttpStatusCode.MultiStatus);
        Assert.All(batch.Json.GetProperty("items").EnumerateArray(), item => Assert.Equal(201, item.GetProperty("status").GetInt32()));
        var facts = await Facts(client);
        (await client.Post($"{card}/top-ups", TopUp, "k")).Is(HttpStatusCode.OK);
        Assert.Equal("true", (await client.Post($"{card}/top-ups", TopUp, "k")).Header("Idempotency-Replayed"));
        Assert.Equal(facts + 1, await Facts(client));

        (await client.Post($"{card}/top-ups", TopUp, "tab\there")).Problem(HttpStatusCode.BadRequest, "idempotency-key-malformed");
        (await other.Send(HttpMethod.Post, "/v1/cards", ApiClient.Json(Card))).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");
        Assert.True(await api.Host.Get<Tenants>().RequireIdempotency(client.Tenant, required: true, default));
        (await client.Send(HttpMethod.Post, $"{card}/top-ups", ApiClient.Json(TopUp))).Problem(HttpStatusCode.BadRequest, "idempotency-key-missing");
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("tab\there")]
    [InlineData("256")]
    public async Task A_key_that_cannot_be_kept_is_refused(string key)
    {
        var client = await api.Host.NewOrganisation();

        (await client.Post("/v1/cards", Card, key == "256" ? new string('k', 256) : key)).Problem(HttpStatusCode.BadRequest, "idempotency-key-malformed");

        Assert.Equal(0, await Facts(client));
    }

    [Theory]
    [InlineData("bare-key", "\"bare-key\"")]
    [InlineData("\"quoted key, with: things\"", "quoted key, with: things")]
    [InlineData("255", "255")]
    public async Task The_same_request_again_gets_the_first_answer_byte_for_byte(string first, string second)
    {
        if (first == "255") first = second = new string('k', 255);
        var client = await api.Host.NewOrganisation();
        var original = (await client.Post("/v1/cards", Card, first)).Is(HttpStatusCode.Created);

        var again = await client.Post("/v1/cards", Card, second);

        SameAnswer(original, again);
        Assert.Null(original.Header("Idempotency-Replayed"));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(original.Header("Location"), again.Header("Location"));
    }

    [Fact]
    public async Task A_replay_answers_as_it_was_then_though_the_card_has_changed_since()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card);
        var version = (await client.Get($"/v1/cards/{card}")).ETag!;
        var original = (await client.Post($"/v1/cards/{card}/top-ups", TopUp, "k", ("If-Match", version))).Is(HttpStatusCode.OK);
        (await client.Post($"/v1/cards/{card}/carrier-statements", """{"endsOn":"2027-03-31"}""")).Is(HttpStatusCode.OK);

        // The precondition held when the request took effect; that it does not hold now is no reason to hide the answer.
        SameAnswer(original, await client.Post($"/v1/cards/{card}/top-ups", TopUp, "k", ("If-Match", version)));
    }

    [Fact]
    public async Task A_success_without_a_new_fact_is_kept_as_well()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card);
        (await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-03-01"}""")).Is(HttpStatusCode.OK);
        var nothingNew = (await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-03-01"}""", "k")).Is(HttpStatusCode.OK);
        Assert.Equal(0, nothingNew.Json.GetProperty("facts").GetArrayLength());
        Assert.NotEqual(Guid.Empty, nothingNew.Json.GetProperty("repeatOf").GetGuid());

        var again = await client.Post($"/v1/cards/{card}/activations", """{"at":"2026-03-01"}""", "k");

        SameAnswer(nothingNew, again);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Another_request_under_a_used_key_is_refused()
    {
        var client = await api.Host.NewOrganisation();
        var (one, other) = (await client.Register(Card), await client.Register(Card.Replace("123\"", "124\"", StringComparison.Ordinal)));
        (await client.Post($"/v1/cards/{one}/top-ups", TopUp, "k")).Is(HttpStatusCode.OK);
        var before = await Facts(client);

        (await client.Post($"/v1/cards/{one}/top-ups", TopUp.Replace("10.00", "20.00", StringComparison.Ordinal), "k")).Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await client.Post($"/v1/cards/{other}/top-ups", TopUp, "k")).Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await client.Post($"/v1/cards/{one}/renewals", """{"at":"2026-04-01"}""", "k")).Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await client.Post("/v1/cards", Card, "k")).Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");

        Assert.Equal(before, await Facts(client));
    }

    [Fact]
    public async Task Another_organisation_may_use_the_same_key()
    {
        var (one, other) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());

        var (first, second) = ((await one.Post("/v1/cards", Card, "k")).Is(HttpStatusCode.Created), (await other.Post("/v1/cards", Card, "k")).Is(HttpStatusCode.Created));

        Assert.NotEqual(first.Header("Location"), second.Header("Location"));
        Assert.Null(second.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_refusal_is_not_kept_so_that_the_corrected_request_may_go_under_the_same_key()
    {
        var client = await api.Host.NewOrganisation();
        var card = await client.Register(Card);

        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":"0"}""", "k")).Problem(HttpStatusCode.BadRequest, "invalid-values");
        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":10}""", "k")).Problem(HttpStatusCode.BadRequest, "invalid-request");
        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":"10","at":"2190-01-01"}""", "k")).Problem(HttpStatusCode.UnprocessableEntity, "at-in-the-future");
        (await client.Post($"/v1/cards/{card}/top-ups", TopUp, "k", ("If-Match", "\"99\""))).Problem(HttpStatusCode.PreconditionFailed, "version-mismatch");

        Assert.Null((await client.Post($"/v1/cards/{card}/top-ups", TopUp, "k")).Is(HttpStatusCode.OK).Header("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData("top-ups")]
    [InlineData("cards")]
    public async Task Of_many_equal_requests_at_once_at_two_servers_one_takes_effect_and_all_get_its_answer(string what)
    {
        await using var second = await ApiHost.Start(api.Database.App);
        var client = await api.Host.NewOrganisation();
        var (path, body) = ("/v1/cards", Card);
        if (what == "top-ups") (path, body) = ($"/v1/cards/{await client.Register(Card)}/top-ups", TopUp);
        var before = await Facts(client);
        ApiClient[] servers = [client, client.At(second.Url)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => servers[i % 2].Post(path, body, "k")));

        Assert.All(answers, answer => SameAnswer(answers[0], answer));
        Assert.Single(answers, answer => answer.Header("Idempotency-Replayed") is null);
        Assert.Equal(before + answers[0].Json.GetProperty("facts").GetArrayLength(), await Facts(client));
    }

    private static void SameAnswer(ApiAnswer expected, ApiAnswer answer)
    {
        answer.Is(expected.Status);
        Assert.Equal(expected.Text, answer.Text);
        Assert.Equal(expected.ETag, answer.ETag);
        Assert.Equal(expected.ContentHeaders.ContentType, answer.ContentHeaders.ContentType);
    }

    private async Task<long> Facts(ApiClient client) => (long)(await api.Database.Tamper($"select count(*) from events where tenant_id = '{client.Tenant}'"))!;
}
