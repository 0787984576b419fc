using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Rules;
using SimLedger.Server.DueList;
using SimLedger.Server.Hosting;

namespace SimLedger.Benchmarks;

/// <summary>
/// A ledger in this process with cards that exist, and callers that append top-ups: one fact with its idempotency key, chain and the card's standing, whose dates move
/// with each, as a top-up moves them. What decides and evaluates is not in it: the rows are made up.
/// </summary>
internal sealed class AppendLoad : IAsyncDisposable
{
    /// <summary>More than there are callers: each has cards of its own.</summary>
    private const int Shares = 128;

    private static readonly DateTimeZone Manila = DateTimeZoneProviders.Tzdb["Asia/Manila"];

    private readonly ServiceProvider _services;
    private readonly RecordedCards _cards;
    private readonly EventLedger _ledger;
    private readonly int[] _versions;

    private AppendLoad(ServiceProvider services, RecordedCards cards, EventLedger ledger)
    {
        (_services, _cards, _ledger) = (services, cards, ledger);
        _versions = [.. Enumerable.Repeat(RecordedCards.FewestFacts, cards.All.Length)];
    }

    /// <summary>Makes the cards.</summary>
    /// <param name="database">Freshly migrated.</param>
    public static async Task<AppendLoad> Prepare(Bench bench, string database, int cards, int tenants, int lanes)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        WebServer.AddServices(services, bench.App(database), TimeProvider.System);
        var provider = services.BuildServiceProvider();
        var recorded = await RecordedCards.Write(bench, database, provider, cards, RecordedCards.FewestFacts, tenants);
        var ledger = new EventLedger(provider.GetRequiredService<TenantDatabase>(), [CardStandingView.View], TimeProvider.System, NullLogger<EventLedger>.Instance, lanes);
        return new AppendLoad(provider, recorded, ledger);
    }

    /// <summary>A top-up of one of the caller's cards, any of them; organisations by their shares.</summary>
    public async Task ToExistingCard(int caller)
    {
        var i = Random.Shared.Next(_cards.All.Length / Shares) * Shares + caller;
        _versions[i] = await Append(_cards.All[i], _versions[i]);
    }

    /// <summary>The first fact of a card, of the organisation of any of the others, with the first row of its standing.</summary>
    public Task ToNewCard(int caller)
    {
        var like = _cards.All[Random.Shared.Next(_cards.All.Length)];
        return Append(like with { Id = Guid.CreateVersion7(), Line = Guid.CreateVersion7() }, 0);
    }

    private async Task<int> Append(RecordedCards.Card card, int version)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var end = new LocalDate(2027, 11, 21).PlusDays(version % 365);
        var deadline = end.PlusDays(1).AtStartOfDayInZone(Manila).ToInstant();
        var row = new StandingRow(
            card.Id, card.Line, card.Number, card.Iccid, "ph-tm", "prepaid", "Ana Cruz", Manila, Stage.Active, 1, end, 2, false, end, deadline, end.PlusDays(-7), end.PlusDays(-14),
            "load", "mc-05-12-2017", Confidence.Secondary, false, [], [new StagePeriod(Stage.Lapsed, deadline, null, null)], null);
        var key = Guid.CreateVersion7();
        var append = new Append(
            Bench.Tenant(card.Rank), card.Id, version, [new NewEvent(key, "ToppedUp", Pgbench.Fact)], new AuditContext("key:01a1fc89-ef57-7353-acf9-0e0666a6fd0f", "api", null, key.ToString("N")),
            _cards.RulesRevision, new IdempotencyEntry(key.ToString("N"), SHA256.HashData(key.ToByteArray()), "{}"u8.ToArray()), [CardStandingView.ToInlineRow(row, now)]);
        return await _ledger.Append(append, CancellationToken.None) is AppendAnswer.Appended done ? done.Version : throw new InvalidOperationException("An append was not taken.");
    }

    public async ValueTask DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _services.DisposeAsync();
    }
}
