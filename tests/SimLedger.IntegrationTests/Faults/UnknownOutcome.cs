using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>The connection is lost around COMMIT: the caller is told the truth, or that it is not known, and nothing is stored twice.</summary>
[Collection("faults")]
public sealed class UnknownOutcome : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Of("acme");

    private TestDatabase _test = null!;
    private CuttingProxy _proxy = null!;
    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.Create();
        _proxy = CuttingProxy.To(_test.App);
        _database = TenantDatabase.Open(_proxy.Through(_test.App));
        await TestDatabase.CreateTenant(_database, "acme");
        // One lane, whose connection is open after a first append: what is armed then hits the append under test.
        _ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance, lanes: 1);
        Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(Fact("first"), default));
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_and_answered_as_appended()
    {
        var append = Fact("lost");
        _proxy.CutAfterNextCommit();

        var answer = Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(append, default));

        Assert.Equal(1, _proxy.CommitsCut);
        Assert.Equal((2, 1), (answer.Position, answer.Version));
        Assert.Equal(1L, await Stored(append));
        Assert.Equal(answer.Position, Assert.IsType<AppendAnswer.Replay>(await _ledger.Append(Fact("lost"), default)).Position);
    }

    [Fact]
    public async Task A_commit_without_facts_whose_answer_was_lost_is_found_by_its_key()
    {
        var quiet = Fact("quiet") with { Events = [] };
        _proxy.CutAfterNextCommit();

        Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(quiet, default));

        Assert.Equal(1, _proxy.CommitsCut);
        Assert.IsType<AppendAnswer.Replay>(await _ledger.Append(quiet, default));
    }

    [Fact]
    public async Task What_was_lost_before_the_commit_is_sent_again_and_stored_once()
    {
        var append = Fact("early");
        await using (var blocker = await BlockWrites())
        {
            var appending = _ledger.Append(append, default);
            await UntilAWriterWaits();
            await _test.Tamper($"select pg_terminate_backend(pid) from pg_locks where not granted and relation = 'events'::regclass");
            await blocker.Connection!.CloseAsync();

            Assert.IsType<AppendAnswer.Appended>(await appending);
        }
        Assert.Equal(1L, await Stored(append));
    }

    [Fact]
    public async Task A_commit_still_on_its_way_is_waited_for_and_not_called_absent()
    {
        var append = Fact("slow");
        await using var blocker = await BlockWrites();
        var appending = _ledger.Append(append, default);
        await UntilAWriterWaits();

        // The backend has the whole batch, COMMIT included, and does not notice that its client has gone: without the head lock a look would find nothing.
        _proxy.CutAll();
        await Until("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%tenant_heads%'");
        Assert.False(appending.IsCompleted);
        await blocker.RollbackAsync();

        Assert.IsType<AppendAnswer.Appended>(await appending);
        Assert.Equal(1L, await Stored(append));
        Assert.Equal(2L, await _test.Tamper("select count(*) from events"));
    }

    [Fact]
    public async Task With_the_database_out_of_reach_the_answer_is_unknown_in_bounded_time_and_the_key_settles_it_later()
    {
        var append = Fact("unknown");
        _proxy.CutAfterNextCommit();
        _proxy.Refuses = true;

        var started = Stopwatch.StartNew();
        Assert.IsType<AppendAnswer.OutcomeUnknown>(await _ledger.Append(append, default));
        Assert.InRange(started.Elapsed, Limits.SettlementTime, 3 * Limits.SettlementTime);

        _proxy.Refuses = false;
        Assert.Equal(2, Assert.IsType<AppendAnswer.Replay>(await _ledger.Append(Fact("unknown"), default)).Position);
        Assert.Equal(1L, await Stored(append));
    }

    [Fact]
    public async Task With_the_database_silent_the_answer_comes_in_bounded_time_and_the_key_settles_it_later()
    {
        _proxy.Stall();

        var started = Stopwatch.StartNew();
        var answer = await _ledger.Append(Fact("silent"), default);
        Assert.True(answer is AppendAnswer.Busy or AppendAnswer.OutcomeUnknown, $"{answer}");
        Assert.InRange(started.Elapsed, TimeSpan.Zero, 4 * Limits.CommandTime);

        _proxy.Resume();
        var append = Fact("silent");
        Assert.True(await _ledger.Append(append, default) is AppendAnswer.Appended or AppendAnswer.Replay);
        Assert.Equal(1L, await _test.Tamper("select count(*) from idempotency where key = 'silent'"));
        Assert.Equal(2L, await _test.Tamper("select count(*) from events"));
    }

    /// <summary>Readers and head locks pass; whoever writes facts waits until this transaction ends.</summary>
    private async Task<NpgsqlTransaction> BlockWrites()
    {
        var connection = new NpgsqlConnection(_test.Superuser);
        await connection.OpenAsync();
        var blocker = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table events in exclusive mode", connection, blocker);
        await command.ExecuteNonQueryAsync();
        return blocker;
    }

    private Task UntilAWriterWaits() => Until("select count(*) from pg_locks where not granted and relation = 'events'::regclass");

    private async Task Until(string countSql)
    {
        var started = Stopwatch.StartNew();
        while (await _test.Tamper(countSql) is 0L)
        {
            Assert.InRange(started.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }
    }

    private Task<object?> Stored(Append append) =>
        _test.Tamper($"select count(*) from events where stream_id = '{append.Stream}'");

    private static Append Fact(string key) => new(
        Acme, Guid.CreateVersion7(), 0, [new NewEvent(Guid.CreateVersion7(), "Happened", "{}"u8.ToArray())], new AuditContext("key:test", "test"),
        Idempotency: new IdempotencyEntry(key, Encoding.UTF8.GetBytes(key.PadRight(32)), "{}"u8.ToArray()));
}
