using System.Net;

namespace SimLedger.IntegrationTests.Http;

/// <summary>Problems that no other test meets on its way.</summary>
public sealed class RareProblems(ApiFixture server) : IClassFixture<ApiFixture>
{
    private const string Nobody = "0193d7c4-8a00-7000-8000-000000000001";

    [Fact]
    public async Task A_job_that_there_is_not_and_one_without_a_result()
    {
        var client = await server.Host.NewOrganisation();
        (await client.Get($"/v1/jobs/{Nobody}")).Problem(HttpStatusCode.NotFound, "job-not-found");
        (await client.Get($"/v1/jobs/{Nobody}/result")).Problem(HttpStatusCode.NotFound, "job-not-found");
        (await client.Post($"/v1/jobs/{Nobody}/cancellations", "{}")).Problem(HttpStatusCode.NotFound, "job-not-found");

        var job = (await client.Post("/v1/carriers/ph-tm/impact", """{"withdraw": true}""")).Problem(HttpStatusCode.NotFound, "carrier-not-found");
        await server.Database.Tamper($"""
            insert into jobs (tenant_id, job_id, kind, subject, state, request, actor, created_at, finished_at)
            values ('{client.Tenant}', '{Nobody}', 'test', 'x', 'cancelled', '{"{}"}', 'test', now(), now())
            """);
        (await client.Get($"/v1/jobs/{Nobody}/result")).Problem(HttpStatusCode.Conflict, "job-without-result");
        Assert.Equal("carrier-not-found", job.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Entries_that_contradict_what_is_there()
    {
        var client = await server.Host.NewOrganisation();
        var card = $"/v1/cards/{await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639000000901","product":"prepaid"}]}""")}";
        (await client.Post($"{card}/top-ups", """{"amount":"50","orderNumber":"A-1"}""")).Is(HttpStatusCode.OK);
        (await client.Post($"{card}/top-ups", """{"amount":"60","orderNumber":"A-1"}""")).Problem(HttpStatusCode.Conflict, "order-number-taken");

        var topUp = (await client.Post($"{card}/top-ups", """{"amount":"70"}""")).Is(HttpStatusCode.OK).Json.GetProperty("facts")[0].GetProperty("factId").GetGuid();
        var voided = (await client.Post($"{card}/voids", $$"""{"factId":"{{topUp}}"}""")).Is(HttpStatusCode.OK).Json.GetProperty("facts")[0].GetProperty("factId").GetGuid();
        (await client.Post($"{card}/voids", $$"""{"factId":"{{voided}}"}""")).Problem(HttpStatusCode.UnprocessableEntity, "entry-is-a-void");
    }

    [Fact]
    public async Task Cards_and_lines_that_are_not_kept_any_more_and_facts_that_stay()
    {
        var client = await server.Host.NewOrganisation();
        var card = $"/v1/cards/{await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639000000905","product":"prepaid"}]}""")}";
        (await client.Post($"{card}/descriptions", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "nothing-to-record");
        for (var line = 2; line <= 8; line++) (await client.Post($"{card}/lines", "{}")).Is(HttpStatusCode.OK);
        (await client.Post($"{card}/lines", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "too-many-lines");

        var attached = (await client.Get(card)).Json.GetProperty("lines")[3].GetProperty("lineId").GetGuid();
        (await client.Post($"{card}/detachments", $$"""{"lineId":"{{attached}}"}""")).Is(HttpStatusCode.OK);
        (await client.Post($"{card}/activations", $$"""{"lineId":"{{attached}}"}""")).Problem(HttpStatusCode.UnprocessableEntity, "line-is-detached");

        var registered = (await client.Get($"{card}/history?limit=200")).Json.GetProperty("facts").EnumerateArray().Single(f => f.GetProperty("type").GetString() == "CardRegistered");
        (await client.Post($"{card}/voids", $$"""{"factId":"{{registered.GetProperty("factId").GetGuid()}}"}""")).Problem(HttpStatusCode.UnprocessableEntity, "fact-not-voidable");

        (await client.Post($"{card}/retirements", "{}")).Is(HttpStatusCode.OK);
        (await client.Post($"{card}/lines", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "card-is-retired");
    }

    [Fact]
    public async Task A_payment_in_no_currency()
    {
        var client = await server.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"nobody-knows","lines":[{"number":"+639000000902"}]}""");
        (await client.Post($"/v1/cards/{card}/top-ups", """{"amount":"50"}""")).Problem(HttpStatusCode.UnprocessableEntity, "currency-missing");
    }

    [Fact]
    public async Task A_card_that_is_full()
    {
        var client = await server.Host.NewOrganisation();
        var card = await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639000000903","product":"prepaid"}]}""");
        await server.Database.Tamper($"update events set version = version + 9990 where stream_id = '{card}'");
        var last = default(ApiAnswer);
        for (var i = 0; i < 10; i++) last = await client.Post($"/v1/cards/{card}/top-ups", $$"""{"amount":"{{i + 1}}"}""");
        last!.Problem(HttpStatusCode.Conflict, "card-full");
    }

    [Fact]
    public async Task A_plan_of_more_lines_than_can_be_planned()
    {
        var client = await server.Host.NewOrganisation();
        await client.Register("""{"carrier":"ph-tm","lines":[{"number":"+639000000904","product":"prepaid"}]}""");
        await server.Database.Tamper($"""
            insert into card_standing (tenant_id, line_id, card_id, zone, stage, band, due_on, rank, closed, flags, ladder, stream_version, rules_revision)
            select tenant_id, gen_random_uuid(), gen_random_uuid(), zone, stage, band, due_on, rank, closed, flags, ladder, stream_version, rules_revision
            from card_standing, generate_series(1, 10000) where tenant_id = '{client.Tenant}'
            """);
        (await client.Post("/v1/plans", "{}")).Problem(HttpStatusCode.UnprocessableEntity, "plan-too-large");
    }

    [Fact]
    public async Task A_bug_tells_nothing_but_where_it_is_logged()
    {
        var database = await TestDatabase.Create();
        await using var host = await ApiHost.Start(database.App);
        var client = await host.NewOrganisation();
        await database.Tamper("alter table card_standing rename column owner to keeper");

        var problem = (await client.Get("/v1/due-list")).Problem(HttpStatusCode.InternalServerError, "internal-error");

        Assert.DoesNotContain("owner", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("42703", problem.GetRawText(), StringComparison.Ordinal);
    }
}
