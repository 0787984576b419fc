using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using SimLedger.IntegrationTests.Http;
using Xunit.Abstractions;

namespace SimLedger.IntegrationTests.Model;

/// <summary>
/// Goal: whatever commands come in whatever order, cards and due list are what a model of a few hundred lines says, written from the documentation
/// and not from the code. Method: random scripts over HTTP, each for a new organisation, with the clock moving; every answer is compared whole.
/// A script that fails is shortened; SIMLEDGER_MODEL_SEED=1,2 has the same ones again.
/// </summary>
public sealed class LedgerAgainstModel(ITestOutputHelper output)
{
    private const int Scripts = 50;
    private const int StepsOfEach = 200;

    /// <summary>Servers at once, each with a clock of its own; the database is one.</summary>
    private const int Servers = 6;

    [Fact]
    public async Task Ten_thousand_random_steps_come_to_what_the_model_says()
    {
        var database = await TestDatabase.Create();
        var free = new ConcurrentBag<(ApiHost Host, StoppedClock Clock)>();
        for (var i = 0; i < Servers; i++)
        {
            var clock = new StoppedClock(ScriptRun.Start);
            free.Add((await ApiHost.Start(database.App, clock), clock));
        }
        var (seed, packs, seen) = (Seed(), new Packs("ph-tm", "hk-cmhk", "gb-giffgaff"), new ConcurrentDictionary<string, int>());
        output.WriteLine($"SIMLEDGER_MODEL_SEED={seed.Seed},{seed.Gamma}");
        try
        {
            var config = Config.QuickThrowOnFailure.WithMaxTest(Scripts).WithReplay(seed.Seed, seed.Gamma).WithParallelRunConfig(new ParallelRunConfig(Servers));
            await Task.Run(() => Prop.ForAll(Model.Scripts.Of(StepsOfEach), script => Run(script, free, packs, seen).GetAwaiter().GetResult()).Check(config));

            Assert.True(seen["steps"] >= 10_000);
            // A script that is refused throughout, or lists nothing, would agree with anything.
            Assert.True(seen["recorded"] > 2500 && seen["due list"] > 300, "Too few steps did something.");
            string[] met =
            [
                "replayed", "stood already", "identifier-taken", "card-is-retired", "line-is-detached", "line-unknown", "line-not-named", "version-mismatch", "at-in-the-future", "order-number-taken",
                "currency-missing", "entry-unknown", "entry-is-a-void", "fact-not-voidable", "number-on-two-lines", "nothing-to-record", "card-not-found", "invalid-values", "identifier-missing",
            ];
            Assert.Empty(met.Except(seen.Keys));
        }
        finally
        {
            output.WriteLine(string.Join(", ", seen.OrderByDescending(s => s.Value).Select(s => $"{s.Value} {s.Key}")));
            foreach (var (host, _) in free) await host.DisposeAsync();
        }
    }

    private static async Task<bool> Run(Script script, ConcurrentBag<(ApiHost Host, StoppedClock Clock)> free, Packs packs, ConcurrentDictionary<string, int> seen)
    {
        (ApiHost Host, StoppedClock Clock) server;
        while (!free.TryTake(out server)) await Task.Delay(20);
        try
        {
            await new ScriptRun(await server.Host.NewOrganisation(), server.Clock, packs, seen).Run(script);
            return true;
        }
        finally
        {
            free.Add(server);
        }
    }

    private static (ulong Seed, ulong Gamma) Seed()
    {
        if (Environment.GetEnvironmentVariable("SIMLEDGER_MODEL_SEED") is { } given)
        {
            var parts = given.Split(',').Select(part => ulong.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            return (parts[0], parts[1]);
        }
        return ((ulong)Random.Shared.NextInt64(), ((ulong)Random.Shared.NextInt64() << 1) | 1); // The second of a split-mix generator is odd.
    }
}
