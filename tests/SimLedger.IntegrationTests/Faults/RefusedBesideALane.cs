using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>An organisation whose head was held is committed beside the lane; what goes wrong there is no business of the lane's.</summary>
[Collection("faults")]
public sealed class RefusedBesideALane : IAsyncLifetime, ILogger<EventLedger>
{
    private static readonly TenantId Held = TenantId.Of("held");
    private static readonly TenantId Other = TenantId.Of("other");

    private readonly ConcurrentQueue<string> _log = [];
    private TestDatabase _test = null!;
    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.Create();
        _database = _test.Open();
        await TestDatabase.CreateTenant(_database, "held");
        await TestDatabase.CreateTenant(_database, "other");
        _ledger = new EventLedger(_database, [], TimeProvider.System, this, lanes: 1);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_statement_that_is_cancelled_beside_the_lane_leaves_the_lanes_own_connection_alone()
    {
        await using var head = await Hold($"select 1 from tenant_heads where tenant_id = '{Held}' for update");
        var good = _ledger.Append(Fact(Held, "good", "{}"), default);
        var bad = _ledger.Append(Fact(Held, "bad", "no json"), default);
        await Until("select min(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%tenant_heads%'");

        // Facts pass, keys do not: the batch fails at the bad fact, and then the good append, tried alone, stands here.
        await using var keys = await Hold("lock table idempotency in exclusive mode");
        await head.RollbackAsync();
        var beside = await Until(WaitingSql(0));
        var other = _ledger.Append(Fact(Other, "other", "{}"), default);
        await Until(WaitingSql(beside));
        await _test.Tamper($"select pg_cancel_backend({beside})");
        await Task.WhenAny(good, other, Task.Delay(500));
        await keys.RollbackAsync();

        Assert.IsType<AppendAnswer.Appended>(await other);
        Assert.IsType<AppendAnswer.Appended>(await good);
        await Assert.ThrowsAsync<PostgresException>(() => bad);
        Assert.DoesNotContain(_log, line => line.Contains("lost around a commit", StringComparison.Ordinal));
        Assert.Equal(2L, await _test.Tamper("select count(*) from events"));
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue(formatter(state, exception));

    private static string WaitingSql(int butNot) => $"select min(pid) from pg_locks where not granted and relation = 'idempotency'::regclass and pid <> {butNot}";

    private async Task<NpgsqlTransaction> Hold(string sql)
    {
        var connection = new NpgsqlConnection(_test.Superuser);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return transaction;
    }

    /// <returns>The process that the statement found waiting.</returns>
    private async Task<int> Until(string pidSql)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            if (await _test.Tamper(pidSql) is int pid and > 0) return pid;
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), string.Join('\n', _log));
            await Task.Delay(10);
        }
    }

    private static Append Fact(TenantId tenant, string key, string data) => new(
        tenant, Guid.CreateVersion7(), 0, [new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes(data))], new AuditContext("key:test", "test"),
        Idempotency: new IdempotencyEntry(key, Encoding.UTF8.GetBytes(key.PadRight(32)), "{}"u8.ToArray()));
}
