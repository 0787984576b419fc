using System.Diagnostics;
using System.Net;
using System.Text;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.UseCases;

namespace SimLedger.IntegrationTests.Feed;

/// <summary>The feed by long poll.</summary>
public sealed class Polling(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task All_facts_come_in_order_page_by_page_each_as_the_audit_shows_it()
    {
        var client = await api.Host.NewOrganisation();
        await client.Register("""{"carrier":"gb-giffgaff","owner":"陈伟","lines":[{"number":"+447700900123","product":"payg"}]}""");
        await Record(api.Host, client.Tenant, 5);
        var audit = (await client.Get("/v1/audit")).Json.GetProperty("facts").EnumerateArray().Select(f => f.GetRawText()).Reverse().ToList();

        List<string> read = [];
        long after = 0;
        while (true)
        {
            var page = (await client.Get($"/v1/events?after={after}&limit=3")).Is(HttpStatusCode.OK).Json;
            Assert.Equal(audit.Count, page.GetProperty("head").GetInt64());
            var events = page.GetProperty("events").EnumerateArray().ToList();
            Assert.Equal(events.Count > 0 ? events[^1].GetProperty("position").GetInt64() : after, page.GetProperty("next").GetInt64());
            if (events.Count == 0) break;
            read.AddRange(events.Select(e => e.GetRawText()));
            after = page.GetProperty("next").GetInt64();
        }

        Assert.Equal(audit, read);
    }

    [Fact]
    public async Task An_answer_of_large_facts_ends_after_some_megabytes_and_the_next_one_goes_on_there()
    {
        var client = await api.Host.NewOrganisation();
        await Record(api.Host, client.Tenant, 150, Large);
        List<long> read = [];
        List<int> sizes = [];
        for (long after = 0; after < 150; after = read[^1])
        {
            var answer = (await client.Get($"/v1/events?after={after}&limit=1000")).Is(HttpStatusCode.OK);
            Assert.Equal(150, answer.Json.GetProperty("head").GetInt64());
            sizes.Add(answer.Bytes.Length);
            read.AddRange(answer.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("position").GetInt64()));
            Assert.Equal(read[^1], answer.Json.GetProperty("next").GetInt64());
        }

        Assert.Equal(Enumerable.Range(1, 150).Select(n => (long)n), read);
        Assert.Equal(3, sizes.Count); // 9 megabytes, of which one answer has 4 and the fact that exceeds them.
        Assert.All(sizes, bytes => Assert.InRange(bytes, 0, Limits.FeedBytes + 2 * Limits.EventBytes));
    }

    [Fact]
    public async Task Without_after_it_begins_at_the_start_and_without_wait_it_answers_at_once()
    {
        var client = await api.Host.NewOrganisation();
        var began = Stopwatch.StartNew();
        var empty = (await client.Get("/v1/events")).Is(HttpStatusCode.OK).Json;
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(5));
        Assert.Equal((0, 0L, 0L), (empty.GetProperty("events").GetArrayLength(), empty.GetProperty("next").GetInt64(), empty.GetProperty("head").GetInt64()));

        await Record(api.Host, client.Tenant, 2);
        Assert.Equal(2, (await client.Get("/v1/events")).Json.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task A_poll_that_waits_answers_when_a_fact_comes_from_any_server()
    {
        var client = await api.Host.NewOrganisation();
        await using var other = await ApiHost.Start(api.Database.App);
        foreach (var writer in new[] { api.Host, other })
        {
            var after = (await client.Get("/v1/events")).Json.GetProperty("head").GetInt64();
            var began = Stopwatch.StartNew();
            var poll = client.Get($"/v1/events?after={after}&wait=30");
            await Task.Delay(TimeSpan.FromSeconds(1));
            Assert.False(poll.IsCompleted);

            await Record(writer, client.Tenant, 1);

            var answer = (await poll).Is(HttpStatusCode.OK).Json;
            Assert.InRange(began.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
            Assert.Equal(after + 1, Assert.Single(answer.GetProperty("events").EnumerateArray()).GetProperty("position").GetInt64());
        }
    }

    [Fact]
    public async Task A_poll_that_waits_in_vain_answers_an_empty_list_on_time()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        await Record(api.Host, client.Tenant, 1);
        var began = Stopwatch.StartNew();
        var poll = client.Get("/v1/events?after=1&wait=3");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await Record(api.Host, others.Tenant, 1); // Of no concern to this organisation.

        var answer = (await poll).Is(HttpStatusCode.OK).Json;
        Assert.InRange(began.Elapsed, TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(8));
        Assert.Equal((0, 1L, 1L), (answer.GetProperty("events").GetArrayLength(), answer.GetProperty("next").GetInt64(), answer.GetProperty("head").GetInt64()));
    }

    [Fact]
    public async Task A_poll_may_wait_as_long_as_it_may_ask_for_though_no_other_request_may_take_so_long()
    {
        var client = await api.Host.NewOrganisation();
        var began = Stopwatch.StartNew();

        (await client.Get("/v1/events?wait=30")).Is(HttpStatusCode.OK);

        Assert.InRange(began.Elapsed, TimeSpan.FromSeconds(29.5), TimeSpan.FromSeconds(45));
    }

    [Theory]
    [InlineData("?after=-1", "after", "out-of-range")]
    [InlineData("?after=x", "after", "out-of-range")]
    [InlineData("?after=1.5", "after", "out-of-range")]
    [InlineData("?after=99999999999999999999", "after", "out-of-range")]
    [InlineData("?after=", "after", "value-empty")]
    [InlineData("?after=1&after=2", "after", "member-twice")]
    [InlineData("?wait=31", "wait", "out-of-range")]
    [InlineData("?wait=-1", "wait", "out-of-range")]
    [InlineData("?limit=0", "limit", "out-of-range")]
    [InlineData("?limit=1001", "limit", "out-of-range")]
    [InlineData("?type=ToppedUp", "type", "member-unknown")]
    public async Task What_is_no_position_limit_or_wait_is_refused(string query, string pointer, string code)
    {
        var client = await api.Host.NewOrganisation();
        var error = (await client.Get($"/v1/events{query}")).Problem(HttpStatusCode.BadRequest, "invalid-request").GetProperty("errors")[0];
        Assert.Equal((pointer, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_position_beyond_the_head_is_refused_at_once_since_the_database_is_not_the_one_it_came_from()
    {
        var client = await api.Host.NewOrganisation();
        await Record(api.Host, client.Tenant, 3);
        var began = Stopwatch.StartNew();

        var problem = (await client.Get("/v1/events?after=4&wait=30")).Problem(HttpStatusCode.UnprocessableEntity, "position-beyond-head");

        Assert.True(began.Elapsed < TimeSpan.FromSeconds(5));
        Assert.Contains("up to position 3", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await client.Get("/v1/events?after=3")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_reads_the_feed_of_others_or_without_a_key()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        await Record(api.Host, client.Tenant, 3);
        await Record(api.Host, others.Tenant, 1);

        var seen = (await others.Get("/v1/events")).Json.GetProperty("events");
        Assert.Equal(others.Tenant.Value, Assert.Single(seen.EnumerateArray()).GetProperty("data").GetProperty("of").GetString());
        (await client.With(null).Get("/v1/events")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await (await api.Host.Client(client.Tenant, "write")).Get("/v1/events")).Problem(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact]
    public async Task So_many_may_wait_at_once_and_others_are_not_held_up_by_them()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        var polls = Enumerable.Range(0, ReadEvents.MostOpen + 2).Select(_ => client.Get("/v1/events?wait=30")).ToList();
        for (var refused = 0; refused < 2; refused++)
        {
            var poll = await Task.WhenAny(polls);
            polls.Remove(poll);
            var answer = await poll;
            answer.Problem(HttpStatusCode.ServiceUnavailable, "busy");
            Assert.Equal("5", answer.Header("Retry-After"));
        }

        (await others.Get("/v1/events?wait=1")).Is(HttpStatusCode.OK);
        (await client.Get("/v1/events")).Is(HttpStatusCode.OK); // One that does not wait takes no place.

        await Record(api.Host, client.Tenant, 1);
        foreach (var answer in await Task.WhenAll(polls)) Assert.Equal(1, answer.Is(HttpStatusCode.OK).Json.GetProperty("head").GetInt64());
        (await client.Get("/v1/events?after=1&wait=1")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_server_that_stops_answers_who_waits_at_once()
    {
        var stopping = await ApiHost.Start(api.Database.App);
        var client = (await api.Host.NewOrganisation()).At(stopping.Url);
        var poll = client.Get("/v1/events?wait=30");
        await Task.Delay(TimeSpan.FromSeconds(1));
        var began = Stopwatch.StartNew();

        await stopping.DisposeAsync();

        Assert.Equal(0, (await poll).Is(HttpStatusCode.OK).Json.GetProperty("events").GetArrayLength());
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"It took {began.Elapsed}.");
    }

    /// <summary>The data of a fact as large as one may be, nearly.</summary>
    internal static readonly string Large = $$"""{"much":"{{new string('x', Limits.EventBytes - 100)}}"}""";

    /// <summary>Appends facts that tell whose they are.</summary>
    internal static async Task Record(ApiHost host, TenantId tenant, int facts, string? data = null)
    {
        for (var i = 0; i < facts; i++)
        {
            var happened = new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes(data ?? $$"""{"of":"{{tenant}}"}"""));
            Assert.IsType<AppendAnswer.Appended>(await host.Get<EventLedger>().Append(new Append(tenant, Guid.CreateVersion7(), 0, [happened], new AuditContext("key:test", "test")), default));
        }
    }
}
