using System.Text;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Appending;
using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;
using SimLedger.Server.DueList;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>
/// A commit batch of two organisations whose rows were mixed up on the way. Row-level security lets it pass, as both are at hand:
/// the statements themselves must not.
/// </summary>
public sealed class MixedBatch : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly TenantId Globex = TenantId.Of("globex");

    private readonly Guid[] _streams = [Guid.CreateVersion7(), Guid.CreateVersion7()];
    private TestDatabase _fresh = null!;
    private TenantDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _fresh = await TestDatabase.Create();
        _database = _fresh.Open();
        // Alike in all but their names: same positions, same versions. No key or count can tell them apart by chance.
        foreach (var name in new[] { "acme", "globex" }) await TestDatabase.CreateTenant(_database, name);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task As_it_was_meant_it_commits()
    {
        Assert.Null(await Commit(_ => { }));

        Assert.Equal(2L, await _fresh.Tamper("select count(*) from events"));
        Assert.Equal(2L, await _fresh.Tamper("select count(*) from card_standing"));
        Assert.Equal(2L, await _fresh.Tamper("select count(*) from line_facets f join card_standing s using (tenant_id, line_id) where s.card_id = s.line_id and f.value = 'arrears'"));
        await IsWhole(facts: 1);
    }

    /// <summary>Parameters by number, as in the statements: 1 and 2 are tenants and streams of the appends, the others what a row says of its append.</summary>
    [Theory]
    [InlineData("insert into events", 1)]
    [InlineData("insert into events", 2)]
    [InlineData("insert into events", 9)]
    [InlineData("insert into events", 10)]
    [InlineData("insert into events", 11)]
    [InlineData("insert into card_standing", 1)]
    [InlineData("insert into card_standing", 2)]
    [InlineData("insert into reservations", 1)]
    [InlineData("insert into reservations", 2)]
    [InlineData("insert into reservations", 3)]
    [InlineData("insert into reservations", 4)]
    [InlineData("insert into reservations", 5)]
    [InlineData("insert into idempotency", 1)]
    [InlineData("insert into idempotency", 2)]
    [InlineData("insert into idempotency", 3)]
    [InlineData("insert into idempotency", 4)]
    [InlineData("insert into idempotency", 5)]
    [InlineData("insert into rule_packs", 1)]
    [InlineData("insert into rule_packs", 2)]
    [InlineData("insert into rule_packs", 5)]
    [InlineData("insert into rule_packs", 6)]
    [InlineData("insert into rule_packs", 7)]
    public async Task Rows_whose_tenant_stream_or_append_was_mixed_up_do_not_commit(string statement, int parameter) => await IsRefused(batch =>
    {
        var spoiled = Statement(batch, statement);
        // Tenants and streams are the same arrays in all statements: only this one's copy is spoiled.
        spoiled.Parameters[parameter - 1].Value = ((Array)spoiled.Parameters[parameter - 1].Value!).Clone();
        Swap(spoiled, parameter);
    });

    [Fact]
    public async Task Rows_of_views_under_a_wrong_append_do_not_commit() => await IsRefused(batch =>
    {
        var rows = Statement(batch, "insert into card_standing").Parameters[2];
        var json = Encoding.UTF8.GetString((byte[])rows.Value!);
        rows.Value = Encoding.UTF8.GetBytes(json.Replace("\"append\":1", "\"append\":0", StringComparison.Ordinal)
            .Replace("\"append\":2", "\"append\":1", StringComparison.Ordinal).Replace("\"append\":0", "\"append\":2", StringComparison.Ordinal));
    });

    [Fact]
    public async Task Tenants_and_streams_mixed_up_together_for_all_statements_do_not_commit() => await IsRefused(batch =>
    {
        var events = Statement(batch, "insert into events");
        Swap(events, 1); // The array that the other statements were given too.
        Swap(events, 2);
    });

    [Fact]
    public async Task Tenants_mixed_up_for_all_statements_do_not_commit() => await IsRefused(batch => Swap(Statement(batch, "insert into events"), 1));

    [Fact]
    public async Task Heads_moved_from_where_they_do_not_stand_do_not_commit() => await IsRefused(batch =>
        ((long[])Statement(batch, "update tenant_heads").Parameters[4].Value!)[0]++);

    [Fact]
    public async Task An_organisation_that_is_not_at_hand_stops_the_batch() => await IsRefused(batch =>
        ((string[])Statement(batch, "insert into events").Parameters[0].Value!)[1] = "initech");

    private async Task IsRefused(Action<NpgsqlBatch> mixUp)
    {
        var refusal = Assert.IsType<PostgresException>(await Commit(mixUp));

        Assert.Contains(refusal.SqlState, new[] { "SL001", PostgresErrorCodes.InsufficientPrivilege });
        foreach (var table in new[] { "events", "card_standing", "line_facets", "idempotency", "reservations" })
        {
            Assert.Equal((table, 0L), (table, await _fresh.Tamper($"select count(*) from {table}")));
        }
        await IsWhole(facts: 0);
        Assert.Null(await Commit(_ => { })); // And nothing stands in the way of the right one.
        await IsWhole(facts: 1);
    }

    private async Task IsWhole(long facts)
    {
        foreach (var tenant in new[] { Acme, Globex })
        {
            Assert.Equal(new Verification(tenant, facts, 0, null), await new ChainVerifier(_database).Verify(tenant, default));
        }
    }

    /// <summary>One append of each organisation, both with a row of a view, a key and a name; committed as the ledger does but for the mix-up.</summary>
    /// <returns>Null: committed.</returns>
    private async Task<PostgresException?> Commit(Action<NpgsqlBatch> mixUp)
    {
        var appends = new[] { Acme, Globex }.Select((tenant, i) => new PendingAppend(Append(tenant, _streams[i]), long.MaxValue, default)).ToList();
        var batch = new CommitBatch(appends, new Dictionary<string, InlineView> { [CardStandingView.Name] = CardStandingView.View }, new HeadMemory());
        await using var connection = await _database.OpenConnection(default);
        await batch.LockAndLook(connection, DateTimeOffset.UtcNow, TimeSpan.FromSeconds(5), default);
        await using var writes = new NpgsqlBatch(connection);
        batch.AddWrites(writes, DateTimeOffset.UtcNow);
        mixUp(writes);
        writes.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        try
        {
            await writes.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException refusal)
        {
            await using var back = new NpgsqlCommand("rollback", connection);
            await back.ExecuteNonQueryAsync();
            return refusal;
        }
    }

    private static Append Append(TenantId tenant, Guid stream) => new(
        tenant, stream, 0, [new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes($$"""{"of":"{{tenant}}"}"""))], new AuditContext("key:test", "test"),
        Idempotency: new IdempotencyEntry("the same key", new byte[32], Encoding.UTF8.GetBytes($$"""{"of":"{{tenant}}"}""")),
        InlineRows: [Row(stream)],
        Takes: [new Reservation("number", $"number of {tenant}")],
        Pack: new PackChange("pack", Encoding.UTF8.GetBytes($"of {tenant}")));

    private static InlineRow Row(Guid stream) => new(CardStandingView.Name, json =>
    {
        json.WriteString("card_id", stream);
        json.WriteString("line_id", stream);
        foreach (var (name, text) in new[] { ("zone", "Asia/Manila"), ("stage", "active"), ("due_on", "2030-01-01") }) json.WriteString(name, text);
        json.WriteNumber("band", 1);
        json.WriteNumber("rank", 1);
        json.WriteBoolean("closed", false);
        json.WriteBoolean("own_rules", false);
        json.WriteBoolean("retired", false);
        json.WriteBoolean("detached", false);
        json.WriteBoolean("notes_due", false);
        foreach (var list in new[] { "tags", "ladder" })
        {
            json.WriteStartArray(list);
            json.WriteEndArray();
        }
        json.WriteStartArray("flags");
        json.WriteStringValue("arrears");
        json.WriteEndArray();
    });

    private static NpgsqlBatchCommand Statement(NpgsqlBatch batch, string with) =>
        batch.BatchCommands.Cast<NpgsqlBatchCommand>().Single(c => c.CommandText.Contains(with, StringComparison.Ordinal));

    private static void Swap(NpgsqlBatchCommand statement, int parameter)
    {
        var values = (Array)statement.Parameters[parameter - 1].Value!;
        var first = values.GetValue(0);
        values.SetValue(values.GetValue(1), 0);
        values.SetValue(first, 1);
    }
}
