using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Ledger;

public class Appending : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly AuditContext Audit = new("key:test", "test");

    private TestDatabase _testDatabase = null!;
    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;
    private long _start;

    /// <summary>Appends before the test: none, so that each batch is looked at first.</summary>
    protected virtual int Before => 0;

    public async Task InitializeAsync()
    {
        _testDatabase = await TestDatabase.Create();
        _database = _testDatabase.Open();
        await TestDatabase.CreateTenant(_database, "acme");
        _ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
        for (var i = 0; i < Before; i++) _start = Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(Append(Guid.CreateVersion7(), 0), default)).Position;
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_exactly_one_wins()
    {
        var stream = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _ledger.Append(Append(stream, 0), default)));

        Assert.Single(answers.OfType<AppendAnswer.Appended>());
        Assert.Equal(7, answers.OfType<AppendAnswer.VersionTaken>().Count(taken => taken.CurrentVersion == 1));
    }

    [Fact]
    public async Task Positions_have_no_gaps_and_versions_count_within_their_stream()
    {
        var streams = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(streams.Select(async stream =>
        {
            for (var version = 0; version < 5; version++) Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(Append(stream, version), default));
        }));

        var feed = await _ledger.ReadFeed(Acme, _start, 1000, default);

        Assert.Equal(Enumerable.Range(1, 100).Select(i => _start + i), feed.Select(e => e.Position));
        Assert.All(feed.GroupBy(e => e.Stream), stream => Assert.Equal([1, 2, 3, 4, 5], stream.Select(e => e.Version)));
        Assert.Equal(feed.Select(e => e.RecordedAt).Order(), feed.Select(e => e.RecordedAt));
    }

    [Fact]
    public async Task A_key_seen_before_replays_the_first_answer_and_another_request_under_it_is_refused()
    {
        var stream = Guid.CreateVersion7();
        var first = await _ledger.Append(Append(stream, 0) with { Idempotency = Key("k1", "a", "{\"n\":1}") }, default);

        var again = await _ledger.Append(Append(Guid.CreateVersion7(), 0) with { Idempotency = Key("k1", "a", "{\"n\":2}") }, default);
        var other = await _ledger.Append(Append(Guid.CreateVersion7(), 0) with { Idempotency = Key("k1", "b", "{}") }, default);

        var replay = Assert.IsType<AppendAnswer.Replay>(again);
        Assert.Equal("{\"n\":1}", Encoding.UTF8.GetString(replay.Result.Span));
        Assert.Equal(Assert.IsType<AppendAnswer.Appended>(first).Position, replay.Position);
        Assert.IsType<AppendAnswer.KeyReused>(other);
    }

    [Fact]
    public async Task A_success_without_facts_keeps_its_key()
    {
        var stream = Guid.CreateVersion7();
        await _ledger.Append(Append(stream, 0), default);
        var nothing = Append(stream, 1) with { Events = [], Idempotency = Key("quiet", "a", "{}") };

        Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(nothing, default));
        Assert.IsType<AppendAnswer.Replay>(await _ledger.Append(nothing, default));
    }

    [Fact]
    public async Task A_name_is_held_by_one_stream_until_it_gives_it_back()
    {
        var (holder, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var name = new Reservation("number", "+639000000001");
        await _ledger.Append(Append(holder, 0) with { Takes = [name] }, default);

        var refused = Assert.IsType<AppendAnswer.Reserved>(await _ledger.Append(Append(other, 0) with { Takes = [name] }, default));
        Assert.Equal((name, holder), (refused.Name, refused.Holder));

        Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(Append(holder, 1) with { GivesBack = [name] }, default));
        Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(Append(other, 0) with { Takes = [name] }, default));
    }

    [Fact]
    public async Task What_was_evaluated_under_other_rules_is_to_be_evaluated_again()
    {
        var read = await _ledger.ReadStream(Acme, Guid.CreateVersion7(), null, default);

        var stale = await _ledger.Append(Append(Guid.CreateVersion7(), 0) with { RulesRevision = read.RulesRevision + 1 }, default);

        Assert.Equal(read.RulesRevision, Assert.IsType<AppendAnswer.StaleRules>(stale).CurrentRevision);
    }

    [Fact]
    public async Task Appends_are_looked_up_by_index_from_the_first_one_on()
    {
        foreach (var _ in Enumerable.Range(0, 20)) await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _ledger.Append(Append(Guid.CreateVersion7(), 0), default)));

        await Task.Delay(TimeSpan.FromSeconds(1.5)); // PostgreSQL's own counters come late.
        await _ledger.Append(Append(Guid.CreateVersion7(), 0), default);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var scans = (long)(await _testDatabase.Tamper("select seq_scan from pg_stat_user_tables where relname = 'events'"))!;
        Assert.True(scans < 10, $"{scans} sequential scans of events; making the indexes counts as one each.");
    }

    [Fact]
    public async Task A_stream_does_not_grow_beyond_what_can_be_read()
    {
        var full = await _ledger.Append(Append(Guid.CreateVersion7(), Limits.StreamEvents), default);
        var last = await _ledger.Append(Append(Guid.CreateVersion7(), Limits.StreamEvents - 1), default);

        Assert.IsType<AppendAnswer.StreamFull>(full);
        Assert.IsType<AppendAnswer.VersionTaken>(last); // There was room, but no such stream.
    }

    [Fact]
    public async Task An_organisation_that_does_not_exist_is_told_so() =>
        Assert.IsType<AppendAnswer.TenantUnknown>(await _ledger.Append(Append(Guid.CreateVersion7(), 0) with { Tenant = TenantId.Of("nobody") }, default));

    [Fact]
    public async Task Expired_keys_are_swept_and_may_be_used_again()
    {
        var later = new Later(Limits.IdempotencyTime + TimeSpan.FromMinutes(1));
        await _ledger.Append(Append(Guid.CreateVersion7(), 0) with { Idempotency = Key("old", "a", "{}") }, default);

        Assert.Equal(0, await new IdempotencyRows(_database, TimeProvider.System).DeleteExpired(Acme, default));
        await using (var ledger = new EventLedger(_database, [], later, NullLogger<EventLedger>.Instance))
        {
            Assert.IsType<AppendAnswer.Appended>(await ledger.Append(Append(Guid.CreateVersion7(), 0) with { Idempotency = Key("old", "b", "{}") }, default));
        }
        Assert.Equal(1, await new IdempotencyRows(_database, new Later(2 * (Limits.IdempotencyTime + TimeSpan.FromMinutes(2)))).DeleteExpired(Acme, default));
    }

    [Fact]
    public async Task At_the_end_of_the_process_nobody_is_left_waiting()
    {
        var ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
        var appends = Enumerable.Range(0, 500).Select(_ => ledger.Append(Append(Guid.CreateVersion7(), 0), default)).ToList();

        await ledger.DisposeAsync();

        var answers = await Task.WhenAll(appends).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.All(answers, answer => Assert.True(answer is AppendAnswer.Appended or AppendAnswer.Busy));
        Assert.IsType<AppendAnswer.Busy>(await ledger.Append(Append(Guid.CreateVersion7(), 0), default));
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private static Append Append(Guid stream, int expected) =>
        new(Acme, stream, expected, [new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes("{\"什么\":\"有\"}"))], Audit);

    private static IdempotencyEntry Key(string key, string request, string result) =>
        new(key, Encoding.UTF8.GetBytes(request.PadRight(32)), Encoding.UTF8.GetBytes(result));
}

/// <summary>The same once the process writes in one round trip, on the head as it left it.</summary>
public sealed class AppendingAtOnce : Appending
{
    protected override int Before => 5;
}
