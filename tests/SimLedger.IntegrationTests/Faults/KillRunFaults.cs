using System.Diagnostics;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>Two real servers, each with its own way to one PostgreSQL, and the seeded script that breaks them one after the other.</summary>
internal sealed class KillRunFaults : IAsyncDisposable
{
    public const int Servers = 2;

    private const string KillServer = "servers killed";
    private const string KillDatabase = "PostgreSQL killed";
    private const string EndBackends = "backends ended";
    private const string CutCommit = "cuts after COMMIT";
    private const string CutAll = "cuts";
    private const string Stall = "stalls";

    private readonly KillablePostgres _postgres;
    private readonly CuttingProxy[] _ways;
    private readonly CuttingProxy _feedWay;
    private readonly Random _random;
    private readonly Dictionary<string, int> _counts = Kinds.ToDictionary(kind => kind, _ => 0);
    private readonly List<ServerProcess> _ended = [];
    private readonly ServerProcess[] _servers = new ServerProcess[Servers];

    private KillRunFaults(KillablePostgres postgres, CuttingProxy feedWay, Random random)
    {
        (_postgres, _feedWay, _random) = (postgres, feedWay, random);
        _ways = [.. Enumerable.Range(0, Servers).Select(_ => CuttingProxy.To(postgres.App))];
    }

    public static IReadOnlyList<string> Kinds => [KillServer, KillDatabase, EndBackends, CutCommit, CutAll, Stall];

    public static async Task<KillRunFaults> Start(KillablePostgres postgres, CuttingProxy feedWay, Random random)
    {
        var faults = new KillRunFaults(postgres, feedWay, random);
        await Task.WhenAll(Enumerable.Range(0, Servers).Select(faults.StartServer));
        return faults;
    }

    /// <summary>Where a server is to be found now; after a restart it may be elsewhere.</summary>
    public string Url(int server) => Volatile.Read(ref _servers[server]).Url;

    public int Count(string kind) => _counts[kind];

    /// <summary>Breaks things until the time is over, and each kind once at least.</summary>
    public async Task Run(TimeSpan time)
    {
        var started = Stopwatch.StartNew();
        do
        {
            // A shuffled deck rather than dice: a short run, too, has seen every kind.
            string[] deck = [KillServer, KillDatabase, EndBackends, EndBackends, CutCommit, CutCommit, CutCommit, CutAll, Stall];
            _random.Shuffle(deck);
            foreach (var kind in deck)
            {
                await Task.Delay(_random.Next(200, 1200));
                await Break(kind, _random.Next(Servers));
                if (started.Elapsed >= time && Kinds.All(k => _counts[k] > 0)) return;
            }
        }
        while (started.Elapsed < time);
    }

    /// <summary>What the servers themselves call a bug or unforeseen.</summary>
    public IEnumerable<string> Complaints() =>
        _ended.Concat(_servers).SelectMany(s => s.Output.Split('\n')).Where(line => line.Contains("a bug", StringComparison.Ordinal) || line.Contains("unforeseen", StringComparison.Ordinal));

    public override string ToString() => string.Join(", ", _counts.Select(c => $"{c.Value} {c.Key}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _ended.Concat(_servers)) await server.DisposeAsync();
        foreach (var way in _ways) await way.DisposeAsync();
    }

    private async Task Break(string kind, int server)
    {
        var count = 1;
        switch (kind)
        {
            case KillServer:
                await _servers[server].Kill();
                _ended.Add(_servers[server]);
                await StartServer(server);
                break;
            case KillDatabase:
                await _postgres.KillAndStartAgain();
                foreach (var way in _ways.Append(_feedWay)) way.Target = _postgres.Port;
                break;
            case EndBackends:
                count = await EndSomeBackends();
                break;
            case CutCommit:
                var before = _ways[server].CommitsCut;
                _ways[server].CutAfterNextCommit();
                await Task.Delay(_random.Next(100, 500));
                _ways[server].Disarm();
                count = _ways[server].CommitsCut - before;
                break;
            case CutAll:
                _ways[server].CutAll();
                break;
            case Stall:
                _ways[server].Stall();
                await Task.Delay(_random.Next(500, 2500));
                _ways[server].Resume();
                break;
            default:
                throw new InvalidOperationException(kind);
        }
        _counts[kind] += count;
    }

    private async Task<int> EndSomeBackends()
    {
        var backends = await _postgres.Read("select pid from pg_stat_activity where usename = 'simledger_app'", r => r.GetInt32(0));
        var chosen = backends.Where(_ => _random.Next(2) == 0).ToArray();
        return (await _postgres.Read($"select pg_terminate_backend(pid) from unnest('{{{string.Join(',', chosen)}}}'::int[]) as pid", r => r.GetBoolean(0))).Count(ended => ended);
    }

    private async Task StartServer(int server) => Volatile.Write(ref _servers[server], await ServerProcess.Serve(_ways[server].Through(_postgres.App)));
}
