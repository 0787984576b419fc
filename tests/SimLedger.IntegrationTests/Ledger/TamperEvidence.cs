using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Ledger.Verification;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>Whoever changes stored facts past the program, with all rights on the database, is found out by the verification.</summary>
public sealed class TamperEvidence : IAsyncLifetime
{
    private const string Columns = "position, stream_id, version, event_id, type, data, salt, digest, recorded_at, actor, origin, correlation_id, causation_id, reason";
    private static readonly TenantId Acme = TenantId.Of("acme");
    private static readonly TenantId Globex = TenantId.Of("globex");

    private TestDatabase _fresh = null!;
    private TenantDatabase _app = null!;
    private TenantDatabase _verify = null!;
    private EventLedger _ledger = null!;

    /// <summary>Six facts each, on two streams in turn.</summary>
    public async Task InitializeAsync()
    {
        _fresh = await TestDatabase.Create();
        (_app, _verify) = (_fresh.Open(), TenantDatabase.Open(_fresh.As("simledger_verify")));
        _ledger = new EventLedger(_app, [], TimeProvider.System, NullLogger<EventLedger>.Instance);
        foreach (var tenant in new[] { Acme, Globex })
        {
            await TestDatabase.CreateTenant(_app, tenant.Value);
            Guid[] streams = [Guid.CreateVersion7(), Guid.CreateVersion7()];
            for (var i = 0; i < 6; i++) Assert.IsType<AppendAnswer.Appended>(await _ledger.Append(Append(tenant, streams[i % 2], i / 2), default));
        }
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _app.DisposeAsync();
        await _verify.DisposeAsync();
    }

    [Fact]
    public async Task What_nobody_touched_is_whole()
    {
        Assert.Equal(new Verification(Acme, 6, 0, null), await Verify(Acme));
        Assert.Equal(new Verification(Globex, 6, 0, null), await Verify(Globex));
    }

    [Theory]
    [InlineData("""data = '{"n":99}'""")]
    [InlineData("data = (data::text || ' ')::json")] // The same value in other bytes.
    [InlineData("salt = sha256(salt)")]
    [InlineData("digest = sha256(digest)")]
    [InlineData("type = 'Other'")]
    [InlineData("event_id = gen_random_uuid()")]
    [InlineData("stream_id = gen_random_uuid()")]
    [InlineData("version = 77")]
    [InlineData("recorded_at = recorded_at + interval '1 microsecond'")]
    [InlineData("actor = 'key:other'")]
    [InlineData("origin = 'import'")]
    [InlineData("correlation_id = 'other'")]
    [InlineData("causation_id = ''")] // Absent was recorded; empty is something else.
    [InlineData("reason = null")]
    [InlineData("reason = 'a better one'")]
    [InlineData("actor = actor || left(origin, 1), origin = substr(origin, 2)")] // The bytes in a row are the same, their borders moved.
    [InlineData("actor = origin, origin = actor")]
    public async Task A_changed_fact_is_found_where_it_stands(string change)
    {
        await _fresh.Tamper($"update events set {change} where tenant_id = 'acme' and position = 3");

        Assert.Equal(3, (await Found()).Position);
    }

    [Theory]
    [InlineData("delete from events where tenant_id = 'acme' and position = 6", 6)]
    [InlineData("delete from events where tenant_id = 'acme' and position = 3", 3)]
    [InlineData("delete from events where tenant_id = 'acme' and position = 1", 1)]
    [InlineData("delete from events where tenant_id = 'acme' and position in (3, 4)", 3)]
    [InlineData("delete from events where tenant_id = 'acme'", 1)]
    public async Task A_removed_fact_is_missed(string removal, long position)
    {
        await _fresh.Tamper(removal);

        Assert.Equal(position, (await Found()).Position);
    }

    [Fact]
    public async Task A_removed_fact_is_missed_though_the_others_closed_up()
    {
        await _fresh.Tamper($"delete from events where tenant_id = 'acme' and position = 3; {Shift("position > 3", -1)}; update tenant_heads set position = 5 where tenant_id = 'acme'");

        Assert.Equal(3, (await Found()).Position);
    }

    [Fact]
    public async Task A_removed_last_fact_is_missed_though_the_head_was_set_back()
    {
        await _fresh.Tamper("delete from events where tenant_id = 'acme' and position = 6; update tenant_heads set position = 5 where tenant_id = 'acme'");

        Assert.Null((await Found()).Position); // All that is left fits; only the head's chain tells.
    }

    [Theory]
    [InlineData("position")]
    [InlineData("data, salt, digest")] // With its salt and digest it fits no other place either.
    public async Task Two_facts_that_changed_places_are_found(string columns)
    {
        await _fresh.Tamper(columns == "position"
            ? """
              update events set position = 100 where tenant_id = 'acme' and position = 3;
              update events set position = 3 where tenant_id = 'acme' and position = 4;
              update events set position = 4 where tenant_id = 'acme' and position = 100
              """
            : $"""
              update events e set ({columns}) = (select {columns} from events o where o.tenant_id = 'acme' and o.position = 7 - e.position)
              where tenant_id = 'acme' and position in (3, 4)
              """);

        Assert.Equal(3, (await Found()).Position);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public async Task A_fact_put_behind_the_last_is_found(long position)
    {
        await _fresh.Tamper(Copy("acme", from: 6, to: position));

        Assert.Equal(position, (await Found()).Position);
    }

    [Fact]
    public async Task A_fact_put_behind_the_last_is_found_though_the_head_was_moved()
    {
        await _fresh.Tamper($"{Copy("acme", from: 6, to: 7)}; update tenant_heads set position = 7 where tenant_id = 'acme'");

        Assert.Equal(7, (await Found()).Position);
    }

    [Fact]
    public async Task A_fact_put_between_others_is_found()
    {
        await _fresh.Tamper($"{Shift("position >= 3", 1)}; {Copy("acme", from: 2, to: 3)}; update tenant_heads set position = 7 where tenant_id = 'acme'");

        Assert.Equal(3, (await Found()).Position);
    }

    [Fact]
    public async Task A_fact_of_another_organisation_is_found_in_the_place_of_ones_own()
    {
        await _fresh.Tamper($"delete from events where tenant_id = 'acme' and position = 3; {Copy("globex", from: 3, to: 3)}");

        Assert.Equal(3, (await Found()).Position);
    }

    [Fact]
    public async Task The_whole_history_of_another_organisation_with_its_head_is_found()
    {
        await _fresh.Tamper($"""
            delete from events where tenant_id = 'acme';
            insert into events (tenant_id, {Columns}) select 'acme', {Columns} from events where tenant_id = 'globex';
            update tenant_heads set (position, chain, recorded_at) = (select position, chain, recorded_at from tenant_heads where tenant_id = 'globex') where tenant_id = 'acme'
            """);

        Assert.Equal(1, (await Found()).Position);
    }

    [Theory]
    [InlineData("update tenant_heads set chain = sha256(chain) where tenant_id = 'acme'", null)]
    [InlineData("update tenant_heads set position = 5 where tenant_id = 'acme'", null)]
    [InlineData("update tenant_heads set position = 8 where tenant_id = 'acme'", 7L)]
    [InlineData("update tenant_heads set position = 0, chain = default where tenant_id = 'acme'", 1L)]
    [InlineData("delete from tenant_heads where tenant_id = 'acme'", 1L)]
    public async Task A_changed_head_is_found(string change, long? position)
    {
        await _fresh.Tamper(change);

        Assert.Equal(position, (await Found()).Position);
    }

    [Fact]
    public async Task A_digest_made_anew_with_the_salt_does_not_add_up_to_the_head()
    {
        await Forge(3);

        Assert.Null((await Found()).Position); // The fact itself fits its digest now.
    }

    [Fact]
    public async Task A_chain_made_anew_to_the_end_is_found_only_by_a_head_that_was_published_before()
    {
        var published = (byte[])(await _fresh.Tamper("select chain from tenant_heads where tenant_id = 'acme'"))!;
        await Forge(3);
        var chain = Chain.Start.ToArray();
        for (var position = 1; position <= 6; position++)
        {
            var digest = (byte[])(await _fresh.Tamper($"select digest from events where tenant_id = 'acme' and position = {position}"))!;
            chain = Chain.Next(chain, digest);
        }
        await _fresh.Tamper($"update tenant_heads set chain = '\\x{Convert.ToHexString(chain)}' where tenant_id = 'acme'");

        Assert.Null((await Verify(Acme)).Break); // The known limit of a chain without a key.
        Assert.NotEqual(published, (byte[])(await _fresh.Tamper("select chain from tenant_heads where tenant_id = 'acme'"))!);
    }

    [Fact]
    public async Task An_erased_fact_is_counted_as_erased_and_breaks_nothing()
    {
        await _fresh.Tamper("update events set data = null, salt = null where tenant_id = 'acme' and position in (3, 6)");

        Assert.Equal(new Verification(Acme, 6, 2, null), await Verify(Acme));
    }

    [Fact]
    public async Task An_erased_fact_keeps_its_digest_and_its_place()
    {
        await _fresh.Tamper("update events set data = null, salt = null, digest = sha256(digest) where tenant_id = 'acme' and position = 3");
        await _fresh.Tamper("update events set data = null, salt = null, version = 9 where tenant_id = 'globex' and position = 3");

        Assert.Null((await Found()).Position);
        Assert.Equal(3, (await Verify(Globex)).Break?.Position);
    }

    [Fact]
    public async Task Half_an_erasure_is_refused_by_the_table()
    {
        foreach (var half in new[] { "data", "salt" })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => _fresh.Tamper($"update events set {half} = null where tenant_id = 'acme' and position = 3"));
            Assert.Equal("events_erased_with_salt", refusal.ConstraintName);
        }
    }

    [Fact]
    public async Task Facts_that_are_appended_meanwhile_are_no_break()
    {
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++) await _ledger.Append(Append(Acme, Guid.CreateVersion7(), 0), default);
        });

        do Assert.Null((await Verify(Acme)).Break);
        while (!writing.IsCompleted);
        await writing;
        Assert.Equal(new Verification(Acme, 206, 0, null), await Verify(Acme));
    }

    /// <summary>The break in acme; what was done to it leaves globex whole.</summary>
    private async Task<ChainBreak> Found()
    {
        var found = (await Verify(Acme)).Break;
        Assert.NotNull(found);
        Assert.NotEmpty(found.What);
        return found;
    }

    private Task<Verification> Verify(TenantId tenant) => new ChainVerifier(_verify).Verify(tenant, default);

    /// <summary>Other data, and the digest that goes with it.</summary>
    private async Task Forge(int position)
    {
        var stored = (await _ledger.ReadFeed(Acme, position - 1, 1, default))[0] with { Data = Encoding.UTF8.GetBytes("""{"forged":true}""") };
        var salt = (byte[])(await _fresh.Tamper($"select salt from events where tenant_id = 'acme' and position = {position}"))!;
        var digest = Convert.ToHexString(Chain.Digest(salt, Acme, stored));
        await _fresh.Tamper($$"""update events set data = '{"forged":true}', digest = '\x{{digest}}' where tenant_id = 'acme' and position = {{position}}""");
    }

    /// <summary>In two steps: one would meet its own keys on the way.</summary>
    private static string Shift(string which, int by) => $"""
        update events set position = position + 1000 where tenant_id = 'acme' and {which};
        update events set position = position - 1000 + {by.ToString(CultureInfo.InvariantCulture)} where tenant_id = 'acme' and position > 1000
        """;

    /// <summary>A copy of a fact, put into acme as the first of a new stream: its own version is taken.</summary>
    private static string Copy(string tenant, long from, long to) => $"""
        insert into events (tenant_id, {Columns})
        select 'acme', {to}, gen_random_uuid(), 1, {Columns.Replace("position, stream_id, version, ", "", StringComparison.Ordinal)}
        from events where tenant_id = '{tenant}' and position = {from}
        """;

    private static Append Append(TenantId tenant, Guid stream, int expected) => new(
        tenant, stream, expected, [new NewEvent(Guid.CreateVersion7(), "Happened", Encoding.UTF8.GetBytes("""{"what":"变"}"""))],
        new AuditContext("key:test", "test", "00-trace", null, "as told"));
}
