using System.Net;
using System.Text;
using SimLedger.IntegrationTests.Http;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Feed;

/// <summary>
/// Goal: a subscriber that goes on after the last position skips nothing, sees nothing twice that it did not ask for twice, and nothing of others.
/// Method: writers append to two organisations through two servers on one database, one of which is stopped and started anew in between; polls
/// and streams follow, change servers, break off and go on. Each must have received 1, 2, 3 … to the end, the same facts as the ledger has.
/// </summary>
public sealed class FeedUnderLoad : IAsyncLifetime
{
    private const int Writers = 6;
    private const int AppendsOfAWriter = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ApiHost?[] _hosts = new ApiHost?[2];
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        for (var i = 0; i < _hosts.Length; i++) _hosts[i] = await ApiHost.Start(_database.App);
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts) if (host is not null) await host.DisposeAsync();
    }

    [Fact]
    public async Task Every_subscriber_receives_every_fact_of_its_organisation_in_order()
    {
        ApiClient[] clients = [await _hosts[0]!.NewOrganisation(), await _hosts[0]!.NewOrganisation()];
        using var patience = new CancellationTokenSource(Patience);
        var end = new TaskCompletionSource<Dictionary<TenantId, long>>();
        var subscribers = clients.SelectMany(client => new[]
        {
            Task.Run(() => Poll(client, limit: 7, end.Task, patience.Token)),
            Task.Run(() => Poll(client, limit: 200, end.Task, patience.Token)),
            Task.Run(() => Follow(client, leaveAfter: 13, end.Task, patience.Token)),
            Task.Run(() => Follow(client, leaveAfter: 100, end.Task, patience.Token)),
            Task.Run(() => Follow(client, leaveAfter: int.MaxValue, end.Task, patience.Token)),
        }).ToList();

        var writers = Enumerable.Range(0, Writers).Select(n => Task.Run(() => Write(clients[n % 2].Tenant, n))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await Restart(1);
        await Task.WhenAll(writers);

        var stored = new Dictionary<TenantId, List<Guid>>();
        foreach (var client in clients) stored[client.Tenant] = await Stored(client.Tenant);
        end.SetResult(stored.ToDictionary(s => s.Key, s => (long)s.Value.Count));
        Assert.All(stored.Values, facts => Assert.InRange(facts.Count, Writers / 2 * AppendsOfAWriter, int.MaxValue));
        for (var i = 0; i < subscribers.Count; i++) Assert.Equal(stored[clients[i / 5].Tenant], await subscribers[i]);
    }

    /// <summary>One to three facts an append, through whichever server is there.</summary>
    private async Task Write(TenantId tenant, int writer)
    {
        for (var i = 0; i < AppendsOfAWriter; i++)
        {
            var facts = Enumerable.Range(0, 1 + (i % 3)).Select(_ => new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes($$"""{"of":"{{tenant}}"}"""))).ToList();
            var append = new Append(tenant, Guid.CreateVersion7(), 0, facts, new AuditContext($"key:{writer}", "test"));
            AppendAnswer answer;
            do
            {
                answer = await (Volatile.Read(ref _hosts[(i + writer) % 2]) ?? _hosts[0]!).Get<EventLedger>().Append(append, default);
            }
            while (answer is AppendAnswer.Busy); // The server that it went to is being stopped, and nothing was stored.
            Assert.IsType<AppendAnswer.Appended>(answer);
        }
    }

    private async Task Restart(int which)
    {
        var old = _hosts[which]!;
        Volatile.Write(ref _hosts[which], null);
        await old.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        Volatile.Write(ref _hosts[which], await ApiHost.Start(_database.App));
    }

    private string Url(int turn) => (Volatile.Read(ref _hosts[turn % 2]) ?? _hosts[0]!).Url;

    private async Task<List<Guid>> Poll(ApiClient client, int limit, Task<Dictionary<TenantId, long>> end, CancellationToken cancel)
    {
        List<Guid> received = [];
        for (var turn = 0; !Complete(end, client.Tenant, received); turn++)
        {
            cancel.ThrowIfCancellationRequested();
            ApiAnswer answer;
            try
            {
                answer = await client.At(Url(turn)).Get($"/v1/events?after={received.Count}&limit={limit}&wait=2");
            }
            catch (HttpRequestException)
            {
                continue; // That server is gone; the next turn asks the other.
            }
            answer.Is(HttpStatusCode.OK);
            foreach (var fact in answer.Json.GetProperty("events").EnumerateArray())
            {
                Assert.Equal(received.Count + 1, fact.GetProperty("position").GetInt64());
                Assert.Equal(client.Tenant.Value, fact.GetProperty("data").GetProperty("of").GetString());
                received.Add(fact.GetProperty("factId").GetGuid());
            }
            Assert.Equal(received.Count, answer.Json.GetProperty("next").GetInt64());
        }
        return received;
    }

    /// <param name="leaveAfter">Events after which it breaks off and comes again.</param>
    private async Task<List<Guid>> Follow(ApiClient client, int leaveAfter, Task<Dictionary<TenantId, long>> end, CancellationToken cancel)
    {
        List<Guid> received = [];
        for (var turn = leaveAfter % 2; !Complete(end, client.Tenant, received); turn++)
        {
            try
            {
                // The address stays as it was begun with, as a browser repeats it; the header tells where it is.
                using var stream = await EventStream.Open(Url(turn), client, "?after=0", received.Count == 0 ? null : $"{received.Count}");
                for (var n = 0; n < leaveAfter && !Complete(end, client.Tenant, received); n++)
                {
                    using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                    listening.CancelAfter(TimeSpan.FromSeconds(5));
                    if (await stream.Next(listening.Token) is not { } fact) break;
                    Assert.Equal(received.Count + 1, fact.Id);
                    Assert.Equal(client.Tenant.Value, fact.Data.GetProperty("data").GetProperty("of").GetString());
                    received.Add(fact.Data.GetProperty("factId").GetGuid());
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException || (gone is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // Cut off, or nothing came for a while: it comes again.
            }
        }
        return received;
    }

    private static bool Complete(Task<Dictionary<TenantId, long>> end, TenantId tenant, List<Guid> received) => end.IsCompleted && received.Count >= end.Result[tenant];

    /// <summary>What the ledger itself has, in its order.</summary>
    private async Task<List<Guid>> Stored(TenantId tenant)
    {
        var ids = new List<Guid>();
        while (await _hosts[0]!.Get<EventLedger>().ReadFeed(tenant, ids.Count, 1000, default) is { Count: > 0 } page) ids.AddRange(page.Select(f => f.EventId));
        return ids;
    }
}
