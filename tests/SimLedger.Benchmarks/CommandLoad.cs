using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Hosting;

namespace SimLedger.Benchmarks;

/// <summary>Top-ups over HTTP of cards with ten facts, over 200 unequal organisations with an API key each: load, decide, evaluate, append. Each command has an idempotency key of its own.</summary>
internal sealed class CommandLoad : IAsyncDisposable
{
    /// <summary>Connections, and callers, which wait for each answer.</summary>
    public const int Callers = 32;

    /// <summary>So many that a card grows by few facts in a run.</summary>
    private const int Cards = 20_000;

    private const int Facts = 10;

    private readonly string _database;
    private readonly Bench _bench;
    private readonly RecordedCards.Card[] _cards;
    private readonly string[] _keys;
    private readonly Dictionary<ServerUnderTest, KeptConnection[]> _connections = [];
    private long _commands;

    private CommandLoad(Bench bench, string database, RecordedCards.Card[] cards, string[] keys) => (_bench, _database, _cards, _keys) = (bench, database, cards, keys);

    /// <summary>Makes cards and keys.</summary>
    /// <param name="database">Freshly migrated.</param>
    public static async Task<CommandLoad> Prepare(Bench bench, string database)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        WebServer.AddServices(services, bench.App(database), TimeProvider.System);
        await using var provider = services.BuildServiceProvider();
        var cards = await RecordedCards.Write(bench, database, provider, Cards, Facts);
        var keys = new string[Bench.Tenants];
        for (var rank = 1; rank <= keys.Length; rank++) keys[rank - 1] = await Bench.Key(provider.GetRequiredService<TenantDatabase>(), Bench.Tenant(rank));
        return new CommandLoad(bench, database, cards.All, keys);
    }

    /// <summary>A server on this database, with connections; it has answered when this returns.</summary>
    public async Task<ServerUnderTest> Launch()
    {
        var server = ServerUnderTest.Launch(_bench.App(_database));
        using var client = Bench.Client(server.Url, _keys[0]);
        await ServerUnderTest.FirstAnswer(client, "/v1/due-list");
        _connections[server] = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => KeptConnection.Open(server.Url)));
        return server;
    }

    /// <summary>One slice; the callers are shared out evenly over the servers.</summary>
    public Task<(Rate Rate, List<double> Times)> Run(TimeSpan time, params ServerUnderTest[] servers) =>
        _bench.Measure(Callers, time, caller => TopUp(_connections[servers[caller % servers.Length]][caller]), servers);

    /// <summary>Facts of a card now: on average, and at most.</summary>
    public async Task<(double Average, double Most)> FactsOfCard()
    {
        var average = await Bench.Scalar(_bench.Superuser(_database), "select avg(n)::float8 from (select count(*) n from events group by tenant_id, stream_id) s");
        var most = await Bench.Scalar(_bench.Superuser(_database), "select max(version)::float8 from events");
        return ((double)average!, (double)most!);
    }

    private Task TopUp(KeptConnection connection)
    {
        var card = _cards[Random.Shared.Next(_cards.Length)];
        var order = string.Create(CultureInfo.InvariantCulture, $"B-{Interlocked.Increment(ref _commands)}");
        return connection.Post(
            $"/v1/cards/{card.Id}/top-ups", _keys[card.Rank - 1], Guid.NewGuid().ToString("N"), $$"""{"amount":"300","currency":"PHP","channel":"app","orderNumber":"{{order}}"}""");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values.SelectMany(c => c)) connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
