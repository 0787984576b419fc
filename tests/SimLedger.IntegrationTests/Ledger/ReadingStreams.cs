using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>Several streams in one round trip.</summary>
public sealed class ReadingStreams : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly TenantId Other = TenantId.Of("other");

    private TestDatabase _test = null!;
    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.Create();
        _database = _test.Open();
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
    public async Task Read_at_the_same_time_each_organisation_gets_its_own_and_a_long_stream_comes_whole()
    {
        var (shared, longOne) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Append(Acme, shared, 0, 2);
        await Append(Other, shared, 0, 3); // The same id in another organisation is another stream.
        await Append(Acme, longOne, 0, Limits.ShortStream + 50);
        var key = new IdempotencyEntry("k", new byte[32], "{}"u8.ToArray());
        Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(new Append(Acme, shared, 2, [], new AuditContext("key:test", "test"), Idempotency: key), default));

        Func<Task<StreamRead>>[] asks =
        [
            () => _ledger.ReadStream(Acme, shared, "k", default), () => _ledger.ReadStream(Other, shared, "k", default),
            () => _ledger.ReadStream(Acme, longOne, null, default), () => _ledger.ReadStream(Other, longOne, null, default),
        ];
        var reads = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => (i, Read: await asks[i % 4]())));

        Assert.All(reads, read => Assert.Equal(new[] { 2, 3, Limits.ShortStream + 50, 0 }[read.i % 4], read.Read.Events.Count));
        Assert.All(reads, read => Assert.Equal(read.Read.Events.Count, read.Read.Version));
        Assert.All(reads, read => Assert.Equal(Enumerable.Range(1, read.Read.Version), read.Read.Events.Select(fact => fact.Version)));
        Assert.All(reads, read => Assert.Equal(read.i % 4 == 0, read.Read.Earlier is not null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    public async Task An_earlier_answer_is_looked_up_by_its_key_and_not_among_all_of_the_organisation(int keys)
    {
        await _test.Tamper($"""
            insert into idempotency select '{Acme}', 'k' || n, '', '{"{}"}', n, now() + n * interval '1 second' from generate_series(1, {keys}) n;
            analyze idempotency
            """);
        await using var connection = await _database.OpenConnection(default);
        await using var explain = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                TenantDatabase.SetTenants(Acme.Value),
                new($"explain {EventLedger.RevisionAndEarlierSql}") { Parameters = { new() { Value = new[] { Acme.Value } }, new() { Value = new[] { "k1" } }, new() { Value = DateTime.UtcNow } } },
            },
        };
        await using var reader = await explain.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync()) plan.Add(reader.GetString(0));

        Assert.Contains(plan, line => line.Contains("using idempotency_pkey", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("idempotency_expiry", StringComparison.Ordinal));
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
