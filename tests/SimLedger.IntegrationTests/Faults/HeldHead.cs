using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using Xunit.Abstractions;

namespace SimLedger.IntegrationTests.Faults;

/// <summary>A transaction of somebody else sits on one organisation's head: that one waits, the others do not notice.</summary>
[Collection("faults")]
public sealed class HeldHead(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>Seconds that the head is held, and that the undisturbed run beside it takes.</summary>
    private const string SecondsVariable = "SIMLEDGER_HELD_HEAD_SECONDS";

    private const int CallersOfATenant = 8;
    private static readonly TenantId Held = TenantId.Of("held");
    private static readonly TenantId[] Others = [.. Enumerable.Range(1, 4).Select(i => TenantId.Of($"other-{i}"))];

    /// <summary>An append waits for its turn, then for the head; what is above that is scheduling.</summary>
    private static readonly TimeSpan LongestBusy = Limits.QueueTime + Limits.HeldHeadTime + TimeSpan.FromSeconds(3);

    private TestDatabase _test = null!;
    private TenantDatabase _database = null!;
    private EventLedger _ledger = null!;

    public async Task InitializeAsync()
    {
        _test = await TestDatabase.Create();
        _database = _test.Open();
        foreach (var tenant in Others.Append(Held)) await TestDatabase.CreateTenant(_database, tenant.Value);
        _ledger = new EventLedger(_database, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task One_held_head_keeps_its_own_callers_busy_and_nobody_else()
    {
        var time = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "4", CultureInfo.InvariantCulture));
        await Appends(Others, TimeSpan.FromSeconds(1)); // Connections and plans are made before anything is measured.
        var undisturbed = await Appends(Others, time);

        await using var holder = new NpgsqlConnection(_test.Superuser);
        await holder.OpenAsync();
        await using var hold = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"select 1 from tenant_heads where tenant_id = '{Held}' for update", holder, hold)) await command.ExecuteNonQueryAsync();
        var waiting = Appends([Held], time);
        var beside = await Appends(Others, time);
        // The held tenant's last callers may still wait: the head is let go only when they have their answer.
        var refused = await waiting;
        await hold.RollbackAsync();
        var after = await _ledger.Append(Fact(Held), default);

        var line = $"held head: {time.TotalSeconds:0} s; others undisturbed {Figures(undisturbed)}; others beside it {Figures(beside)}; " +
            $"its own callers {refused.Count} times busy, longest after {refused.Max(r => r.Took).TotalSeconds:0.0} s";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.All(undisturbed.Concat(beside), a => Assert.IsType<AppendAnswer.Appended>(a.Answer));
        Assert.All(refused, a =>
        {
            Assert.IsType<AppendAnswer.Busy>(a.Answer);
            Assert.InRange(a.Took, TimeSpan.Zero, LongestBusy);
        });
        Assert.Equal(1, Assert.IsType<AppendAnswer.Appended>(after).Position); // Nothing of what was answered busy was stored.
    }

    /// <summary>Callers that append one fact after the other until the time is over.</summary>
    private async Task<IReadOnlyCollection<(AppendAnswer Answer, TimeSpan Took)>> Appends(IReadOnlyList<TenantId> tenants, TimeSpan time)
    {
        var answers = new ConcurrentBag<(AppendAnswer, TimeSpan)>();
        var started = Stopwatch.StartNew();
        await Task.WhenAll(tenants.SelectMany(tenant => Enumerable.Repeat(tenant, CallersOfATenant)).Select(tenant => Task.Run(async () =>
        {
            while (started.Elapsed < time)
            {
                var asked = Stopwatch.GetTimestamp();
                var answer = await _ledger.Append(Fact(tenant), default);
                answers.Add((answer, Stopwatch.GetElapsedTime(asked)));
            }
        })));
        return answers;
    }

    private static string Figures(IReadOnlyCollection<(AppendAnswer Answer, TimeSpan Took)> answers)
    {
        var sorted = answers.Select(a => a.Took.TotalMilliseconds).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted.Length} appends, p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms");
    }

    private static Append Fact(TenantId tenant) =>
        new(tenant, Guid.CreateVersion7(), 0, [new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes("{}"))], new AuditContext("key:test", "test"));
}
