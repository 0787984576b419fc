using System.Diagnostics;
using System.Globalization;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Http;
using Xunit.Abstractions;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>
/// The proof of the ledger: two servers on one database, callers who repeat what they are not sure of, and a script that kills what it can
/// reach. Afterwards every acknowledged fact is there, once, in order.
/// </summary>
[Collection("faults")]
public sealed class KillRun(ITestOutputHelper output)
{
    private const string SecondsVariable = "SIMLEDGER_KILL_RUN_SECONDS";
    private const string SeedVariable = "SIMLEDGER_KILL_RUN_SEED";
    private const int Callers = 32;
    private const int HotCardsOfATenant = 3;

    /// <summary>After the last fault: whatever was unknown must be settled by then.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(60);

    private static readonly TenantId[] Tenants = [.. Enumerable.Range(1, 4).Select(i => TenantId.Of($"fleet-{i}"))];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_happens_twice_whatever_is_killed()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "20", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable(SeedVariable) ?? $"{Random.Shared.Next(1_000_000)}", CultureInfo.InvariantCulture);

        await using var postgres = await KillablePostgres.Start();
        await using var feedWay = CuttingProxy.To(postgres.App);
        await using var faults = await KillRunFaults.Start(postgres, feedWay, new Random(seed));
        await using var database = TenantDatabase.Open(feedWay.Through(postgres.App));
        var keys = await CreateTenants(database);
        var log = new KillRunLog();
        using var patience = new CancellationTokenSource();
        using var stop = new CancellationTokenSource();
        using var stopFeed = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers)
            .Select(i => new KillRunCaller(Tenants[i % Tenants.Length].Value, keys[i % Tenants.Length], i, seed + i, faults.Url, KillRunFaults.Servers, log)).ToList();
        var hot = await RegisterHotCards(callers, patience.Token);

        var subscribers = Tenants.Select(tenant => new KillRunSubscriber(tenant, database)).ToList();
        var following = subscribers.Select(s => Task.Run(() => s.Run(stopFeed.Token))).ToList();
        var calling = callers.Select((caller, i) => Task.Run(() => caller.Run(hot[i % Tenants.Length], stop.Token, patience.Token))).ToList();
        var started = Stopwatch.StartNew();
        await faults.Run(TimeSpan.FromSeconds(seconds));
        await stop.CancelAsync();
        patience.CancelAfter(SettlingTime);
        await Task.WhenAll(calling);
        var took = started.Elapsed;
        await stopFeed.CancelAsync();
        await Task.WhenAll(following);
        foreach (var caller in callers) caller.Dispose();

        var audit = await KillRunAudit.Of(postgres, database, log, subscribers);
        Tell(Line(seed, took, faults, log, audit));
        foreach (var line in log.Wrong.Concat(faults.Complaints()).Take(20)) output.WriteLine(line);

        Assert.Empty(log.Wrong);
        Assert.Empty(audit.ChainBreaks);
        Assert.Equal(
            (0, 0, 0, 0, 0, 0),
            (audit.Lost, audit.Duplicated, audit.Unsettled, audit.KeysMissing, audit.PositionGaps, audit.VersionGaps));
        Assert.Equal((0L, 0L, 0L, 0), (audit.RowsOutOfStep, audit.HeadsOutOfStep, audit.Skipped, audit.SeenOtherwise));
        Assert.Equal(audit.Unknown, audit.UnknownSettled);
        // A run in which nothing broke or nothing was asked proves nothing.
        Assert.All(KillRunFaults.Kinds, kind => Assert.True(faults.Count(kind) > 0, $"{kind} did not come up."));
        Assert.True(audit.Acknowledged > 100, $"Only {audit.Acknowledged} requests were carried out.");
    }

    private static async Task<string[]> CreateTenants(TenantDatabase database)
    {
        var credentials = new Credentials(database, TimeProvider.System);
        var keys = Tenants.Select(_ => ApiKey.New()).ToArray();
        for (var i = 0; i < Tenants.Length; i++)
        {
            await TestDatabase.CreateTenant(database, Tenants[i].Value);
            Assert.True(await credentials.Add(Tenants[i], Guid.CreateVersion7(), "kill run", [Authentication.Read, Authentication.Write], ApiKey.Hash(keys[i]), CancellationToken.None));
        }
        return keys;
    }

    /// <summary>Few cards for many callers, so that their top-ups meet at the same version.</summary>
    private static async Task<List<Guid>[]> RegisterHotCards(IReadOnlyList<KillRunCaller> callers, CancellationToken patience)
    {
        var hot = Tenants.Select(_ => new List<Guid>()).ToArray();
        for (var i = 0; i < Tenants.Length * HotCardsOfATenant; i++)
        {
            hot[i % Tenants.Length].Add(await callers[i].Register(patience) ?? throw new InvalidOperationException("No card could be registered."));
        }
        return hot;
    }

    private static string Line(int seed, TimeSpan took, KillRunFaults faults, KillRunLog log, KillRunAudit audit) =>
        string.Create(CultureInfo.InvariantCulture, $"kill run: seed {seed}, {took.TotalSeconds:0} s; faults: {faults}; ") +
        $"answers: {string.Join(", ", log.Answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Value} {a.Key}"))}; " +
        $"requests acknowledged {audit.Acknowledged}, facts stored {audit.Facts}; acknowledged facts lost {audit.Lost}, duplicated {audit.Duplicated}, " +
        $"requests unsettled {audit.Unsettled}, keys missing {audit.KeysMissing}, position gaps {audit.PositionGaps}, version gaps {audit.VersionGaps}, " +
        $"rows out of step {audit.RowsOutOfStep}, heads out of step {audit.HeadsOutOfStep}, subscribers' skipped {audit.Skipped}, seen otherwise {audit.SeenOtherwise}, " +
        $"unknown outcomes {audit.Unknown} of which settled to exactly one {audit.UnknownSettled}, chain breaks {audit.ChainBreaks.Count}, wrong answers {log.Wrong.Count}";

    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
