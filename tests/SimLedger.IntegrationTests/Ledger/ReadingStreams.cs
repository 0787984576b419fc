using Microsoft.Extensions.Logging.Abstractions;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>Several streams in one round trip.</summary>
public sealed class ReadingStreams : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly TenantId Other = TenantId.Of("other");

    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        _database = (await TestDatabase.Create()).Open();
        await TestDatabase.CreateTenant(_database, Acme.Value);
        await TestDatabase.CreateTenant(_database, Other.Value);
        _ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Each_stream_comes_whole_and_in_order_and_only_the_organisations_own()
    {
        var (one, two, foreign, absent) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var (tenant, stream, facts) in new[] { (Acme, one, 1), (Acme, two, 3), (Other, foreign, 1) }) await Append(tenant, stream, 0, facts);

        var read = await _ledger.ReadStreams(Acme, [two, one, foreign, absent], default);

        Assert.Equal([[1, 2, 3], [1], [], []], read.Select(stream => stream.Events.Select(fact => fact.Version)));
        Assert.Equal([3, 1, 0, 0], read.Select(stream => stream.Version));
        var alone = await _ledger.ReadStream(Acme, two, null, default);
        Assert.All(read, stream => Assert.Equal(alone.RulesRevision, stream.RulesRevision));
        Assert.Equal(alone.Events.Select(fact => (fact.Position, fact.EventId)), read[0].Events.Select(fact => (fact.Position, fact.EventId)));
        Assert.Empty(await _ledger.ReadStreams(Acme, [], default));
    }

    [Fact]
    public async Task What_does_not_fit_into_one_round_trip_comes_in_several()
    {
        var streams = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToList();
        foreach (var stream in streams)
        {
            for (var version = 0; version < 6000; version += Limits.AppendEvents) await Append(Acme, stream, version, Limits.AppendEvents);
        }
        Assert.True(5 * 6000 > Limits.FactsAtOnce);

        var read = await _ledger.ReadStreams(Acme, streams, default);

        Assert.All(read, stream => Assert.Equal(6000, stream.Events.Count));
        Assert.Equal(streams, read.Select(stream => stream.Events[0].Stream));
    }

    [Fact]
    public async Task More_streams_than_a_round_trip_takes_are_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            _ledger.ReadStreams(Acme, [.. Enumerable.Range(0, Limits.StreamsAtOnce + 1).Select(_ => Guid.NewGuid())], default));

    private async Task Append(TenantId tenant, Guid stream, int expected, int facts) => Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(
        new Append(tenant, stream, expected, [.. Enumerable.Range(0, facts).Select(_ => new NewEvent(Guid.CreateVersion7(), "Noted", "{}"u8.ToArray()))], new AuditContext("key:test", "test")),
        default));
}
