using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Feed;

/// <summary>The feed as Server-Sent Events.</summary>
public sealed class Streaming(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Each_fact_is_an_event_with_its_position_type_and_the_object_that_a_poll_gives()
    {
        var client = await api.Host.NewOrganisation();
        await client.Register("""{"carrier":"gb-giffgaff","owner":"陈伟","lines":[{"number":"+447700900123","product":"payg"}]}""");
        await Polling.Record(api.Host, client.Tenant, 1, "{\n\"two\":\r\n\"lines\"}");
        var polled = (await client.Get("/v1/events")).Json.GetProperty("events").EnumerateArray().ToList();

        using var stream = await EventStream.Open(api.Host.Url, client, "?after=0");

        foreach (var fact in polled)
        {
            var received = (await stream.Next())!;
            Assert.Equal((fact.GetProperty("position").GetInt64(), fact.GetProperty("type").GetString()), (received.Id, received.Type));
            Assert.Equal(Compact(fact), Compact(received.Data));
        }
        Assert.Equal(2000, stream.RetryMilliseconds);

        var next = stream.Next();
        Assert.False(next.IsCompleted);
        await Polling.Record(api.Host, client.Tenant, 1);
        Assert.Equal(polled.Count + 1, (await next.WaitAsync(TimeSpan.FromSeconds(10)))!.Id);
    }

    [Fact]
    public async Task Large_facts_come_all_though_few_of_them_are_in_memory_at_once()
    {
        var client = await api.Host.NewOrganisation();
        await Polling.Record(api.Host, client.Tenant, 150, Polling.Large);

        using var stream = await EventStream.Open(api.Host.Url, client, "?after=0");

        for (var position = 1; position <= 150; position++) Assert.Equal(position, (await stream.Next().WaitAsync(TimeSpan.FromSeconds(30)))!.Id);
    }

    [Fact]
    public async Task Last_Event_ID_goes_before_after_and_what_is_none_of_ours_is_refused()
    {
        var client = await api.Host.NewOrganisation();
        await Polling.Record(api.Host, client.Tenant, 5);

        using var stream = await EventStream.Open(api.Host.Url, client, "?after=1", lastEventId: "3");
        Assert.Equal(4, (await stream.Next())!.Id);

        await Refused("?after=1", "x", HttpStatusCode.BadRequest);
        await Refused("?after=1", "-3", HttpStatusCode.BadRequest);
        await Refused("?after=1", "6", HttpStatusCode.UnprocessableEntity);
        await Refused("?after=6", null, HttpStatusCode.UnprocessableEntity);
        await Refused("?after=x", null, HttpStatusCode.BadRequest);
        await Refused("?wait=3", null, HttpStatusCode.BadRequest); // That is for polls.

        async Task Refused(string query, string? last, HttpStatusCode status)
        {
            using var answer = await EventStream.Ask(api.Host.Url, client.Key!, query, last);
            Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }
    }

    [Fact]
    public async Task A_stream_shows_only_the_facts_of_its_organisation()
    {
        var (client, others) = (await api.Host.NewOrganisation(), await api.Host.NewOrganisation());
        using var stream = await EventStream.Open(api.Host.Url, client, "");
        for (var i = 1; i <= 5; i++)
        {
            await Polling.Record(api.Host, others.Tenant, 3);
            await Polling.Record(api.Host, client.Tenant, 1);
            var received = (await stream.Next().WaitAsync(TimeSpan.FromSeconds(10)))!;
            Assert.Equal((i, client.Tenant.Value), (received.Id, received.Data.GetProperty("data").GetProperty("of").GetString()));
        }
    }

    [Fact]
    public async Task A_silent_stream_is_kept_alive_and_ends_in_order_after_its_time()
    {
        await using var host = await ApiHost.Start(api.Database.App, new HurriedClock(30));
        var client = (await api.Host.NewOrganisation()).At(host.Url);
        var began = Stopwatch.StartNew();

        using var stream = await EventStream.Open(host.Url, client, "");
        Assert.Null(await stream.Next().WaitAsync(TimeSpan.FromSeconds(60)));

        // Ten minutes, thirty times as fast.
        Assert.InRange(began.Elapsed, TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(60));
        Assert.InRange(stream.Comments, 5, 41);
    }

    [Fact]
    public async Task A_stream_ends_soon_after_its_key_was_revoked()
    {
        await using var host = await ApiHost.Start(api.Database.App, new HurriedClock(30));
        var client = (await api.Host.NewOrganisation()).At(host.Url);
        using var stream = await EventStream.Open(host.Url, client, "");
        var began = Stopwatch.StartNew();

        Assert.True(await api.Host.Get<Credentials>().Revoke(client.Tenant, client.KeyId, default));

        Assert.Null(await stream.Next().WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"It took {began.Elapsed}."); // Fifteen seconds, thirty times as fast.
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_at_once_and_in_order()
    {
        var stopping = await ApiHost.Start(api.Database.App);
        var client = await api.Host.NewOrganisation();
        using var stream = await EventStream.Open(stopping.Url, client, "");
        var next = stream.Next();
        var began = Stopwatch.StartNew();

        await stopping.DisposeAsync();

        Assert.Null(await next);
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"It took {began.Elapsed}.");
    }

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    /// <summary>A clock by which everything happens so many times as fast.</summary>
    internal sealed class HurriedClock(int times) : TimeProvider
    {
        public override long GetTimestamp() => System.GetTimestamp() * times;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HurriedTimer(this, System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period)));

        private TimeSpan Hurried(TimeSpan time) => time > TimeSpan.Zero ? time / times : time;

        private sealed class HurriedTimer(HurriedClock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Hurried(dueTime), clock.Hurried(period));

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
