using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>A process that alone writes to an organisation commits in one round trip, on the head as it left it; what others do is noticed.</summary>
public sealed class RememberedHeads : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly TenantId Globex = TenantId.Of("globex");

    private TestDatabase _fresh = null!;
    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;
    private EventLedger _otherProcess = null!;

    public async Task InitializeAsync()
    {
        _fresh = await TestDatabase.Create();
        _database = _fresh.Open();
        foreach (var name in new[] { "acme", "globex" }) await TestDatabase.CreateTenant(_database, name);
        _ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
        _otherProcess = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _otherProcess.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Once_nobody_else_writes_a_commit_is_one_round_trip()
    {
        // A lane beside would now and then take an append, and open its connection for it.
        await using var ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance, lanes: 1);
        Assert.Equal(2, await RoundTrips(() => Write(ledger)));
        for (var i = 0; i < 4; i++) await Write(ledger);

        Assert.Equal(1, await RoundTrips(() => Write(ledger)));
        await Write(_otherProcess);
        Assert.Equal(3, await RoundTrips(() => Write(ledger))); // One that is refused, then the two with a look.
        Assert.Equal(2, await RoundTrips(() => Write(ledger)));
        await IsWhole(Acme, facts: 9);
    }

    [Fact]
    public async Task Processes_that_take_turns_leave_no_gap_and_one_chain()
    {
        await Task.WhenAll(new[] { _ledger, _otherProcess }.SelectMany(ledger => Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 50; i++)
            {
                await Write(ledger, i % 2 == 0 ? Acme : Globex);
                if (writer == 0 && i % 10 == 0) await Task.Delay(20); // So that now and then one has the heads for itself.
            }
        })));

        await IsWhole(Acme, facts: 200);
        await IsWhole(Globex, facts: 200);
    }

    [Fact]
    public async Task Losers_of_a_batch_are_answered_and_the_others_of_it_are_stored()
    {
        var known = Guid.CreateVersion7();
        for (var i = 0; i < 5; i++) await Append(_ledger, Fact(Acme, known, i));
        var name = new Reservation("number", "+639000000001");
        var key = new IdempotencyEntry("k", new byte[32], "{}"u8.ToArray());
        await Append(_ledger, Fact(Acme, Guid.CreateVersion7(), 0) with { Takes = [name], Idempotency = key });

        var answers = await Task.WhenAll(
            _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 0), default),
            _ledger.Append(Fact(Acme, known, 4), default),
            _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 3), default),
            _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 0) with { Takes = [name] }, default),
            _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 0) with { Idempotency = key }, default),
            _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 0) with { RulesRevision = 999 }, default),
            _ledger.Append(Fact(Acme, known, 5), default));

        Assert.Equal(
            ["Appended", "VersionTaken", "VersionTaken", "Reserved", "Replay", "StaleRules", "Appended"],
            answers.Select(answer => answer.GetType().Name));
        Assert.Equal([5, 0], answers.OfType<AppendAnswer.VersionTaken>().Select(taken => taken.CurrentVersion));
        await IsWhole(Acme, facts: 8);
    }

    [Fact]
    public async Task A_version_that_is_not_there_yet_is_no_place_to_go_on_from()
    {
        for (var i = 0; i < 5; i++) await Write(_ledger);
        var card = Guid.CreateVersion7();
        await Append(_ledger, Fact(Acme, card, 0));

        Assert.Equal(new AppendAnswer.VersionTaken(1), await _ledger.Append(Fact(Acme, card, 2), default));
        await IsWhole(Acme, facts: 6);
    }

    [Fact]
    public async Task A_head_that_is_held_is_not_waited_for_by_others()
    {
        for (var i = 0; i < 5; i++) await Task.WhenAll(Write(_ledger), Write(_ledger, Globex));
        await using var holder = await _database.OpenConnection(default);
        await using var hold = new Npgsql.NpgsqlBatch(holder)
        {
            BatchCommands = { new("begin"), TenantDatabase.SetTenants("acme"), new("select position from tenant_heads where tenant_id = 'acme' for update") },
        };
        await hold.ExecuteNonQueryAsync();

        var held = _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 0), default);
        await Write(_ledger, Globex).WaitAsync(TimeSpan.FromSeconds(1));

        Assert.IsType<AppendAnswer.Busy>(await held.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_commit_that_hangs_holds_up_nobody_else()
    {
        await Task.WhenAll(Write(_ledger), Write(_ledger, Globex));
        await using var holder = await _database.OpenConnection(default);
        await using var hold = new Npgsql.NpgsqlBatch(holder)
        {
            BatchCommands =
            {
                new("begin"), TenantDatabase.SetTenants("acme"),
                new("insert into idempotency (tenant_id, key, request_hash, result, position, expires_at) values ('acme', 'k', '', '{}', 1, now() + interval '1 day')"),
            },
        };
        await hold.ExecuteNonQueryAsync();

        var hangs = _ledger.Append(Fact(Acme, Guid.CreateVersion7(), 0) with { Idempotency = new IdempotencyEntry("k", new byte[32], "{}"u8.ToArray()) }, default);
        await Task.Delay(2 * Limits.Patience);
        await Write(_ledger, Globex).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.False(hangs.IsCompleted);
        await new Npgsql.NpgsqlCommand("rollback", holder).ExecuteNonQueryAsync();
        Assert.IsType<AppendAnswer.Appended>(await hangs.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static Task Write(EventLedger ledger, TenantId? tenant = null) => Append(ledger, Fact(tenant ?? Acme, Guid.CreateVersion7(), 0));

    private static async Task Append(EventLedger ledger, Append append) => Assert.IsType<AppendAnswer.Appended>(await ledger.Append(append, default));

    private static Append Fact(TenantId tenant, Guid stream, int expected) =>
        new(tenant, stream, expected, [new NewEvent(Guid.CreateVersion7(), "Happened", "{}"u8.ToArray())], new AuditContext("key:test", "test"));

    private async Task IsWhole(TenantId tenant, long facts) =>
        Assert.Equal(new Verification(tenant, facts, 0, null), await new ChainVerifier(_database).Verify(tenant, default));

    /// <summary>Messages sent to this test's database meanwhile.</summary>
    private async Task<int> RoundTrips(Func<Task> work)
    {
        var sent = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = sent.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return sent.Count(activity => activity.TagObjects.Any(tag => tag.Key is "db.name" or "db.namespace" && (string?)tag.Value == _fresh.Name));
    }
}
