using Npgsql;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>What the roles of the program can and cannot do to an organisation that is not at hand.</summary>
/// <remarks>Every statement here leaves out the first wall (tenant_id in the statement) on purpose: the second must hold alone.</remarks>
public sealed class TenantWalls(TwoOrganisations world) : IClassFixture<TwoOrganisations>
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    public static TheoryData<string, string> RolesAndTables() => Pairs(["simledger_app", "simledger_worker"]);

    public static TheoryData<string, string> ReadersAndTables() => Pairs(["simledger_verify", "simledger_backup"]);

    [Fact]
    public async Task Every_table_with_a_tenant_is_probed_here()
    {
        const string sql = """
            select string_agg(c.relname, ' ' order by c.relname collate "C") from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'f')
              and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
            """;

        Assert.Equal(string.Join(' ', TwoOrganisations.Tables.Order(StringComparer.Ordinal)), await world.Database.Tamper(sql));
    }

    [Theory]
    [MemberData(nameof(RolesAndTables))]
    public async Task Only_rows_of_the_organisations_at_hand_are_seen(string role, string table)
    {
        // Shared rule packs are for all to read; see below.
        var seen = $"select coalesce(string_agg(tenant_id, ' ' order by tenant_id), '') from {table} where not (tenant_id = '_' and '{table}' = 'rule_packs')";

        Assert.Equal("", await world.Try(role, TwoOrganisations.Unset, seen));
        Assert.Equal("", await world.Try(role, TwoOrganisations.LeftBehind, seen));
        Assert.Equal("", await world.Try(role, "", seen));
        Assert.Equal("", await world.Try(role, "nobody", seen));
        // A list of names, nothing more: no pattern, no blank, no quoting.
        Assert.Equal("", await world.Try(role, "glob%, globex,{globex},*,,", seen));
        Assert.Equal("acme", await world.Try(role, "acme", seen));
        Assert.Equal("globex", await world.Try(role, "globex", seen));
        Assert.Equal("acme globex", await world.Try(role, "acme,globex", seen));
        Assert.Equal("acme", await world.Try(role, "acme,nobody", seen));
    }

    [Theory]
    [MemberData(nameof(RolesAndTables))]
    public async Task Nothing_is_written_for_an_organisation_that_is_not_at_hand(string role, string table)
    {
        foreach (var setting in new[] { "acme", "nobody", "acme,nobody", "", TwoOrganisations.Unset, TwoOrganisations.LeftBehind })
        {
            var before = await world.Content(table, "globex");

            // The same row stands there: were the key looked at first, the answer (23505) would tell of another's rows.
            Assert.Equal(Denied, await world.Try(role, setting, TwoOrganisations.Insert(table, "globex")));
            Assert.Equal(Denied, await world.Try(role, setting, TwoOrganisations.Insert(table, "globex") + " on conflict do nothing"));
            Assert.Equal(Denied, await world.Try(role, setting, TwoOrganisations.Insert(table, "initech")));
            HitsNothing(await world.Try(role, setting, $"update {table} set tenant_id = 'acme' where tenant_id = 'globex'"));
            HitsNothing(await world.Try(role, setting, $"update {table} set tenant_id = tenant_id where tenant_id <> 'acme'"));
            HitsNothing(await world.Try(role, setting, $"delete from {table} where tenant_id <> 'acme'"));
            Assert.Equal(Denied, await world.Try(role, setting, $"truncate {table}"));

            Assert.Equal(before, await world.Content(table, "globex"));
            Assert.Equal("", await world.Content(table, "initech"));
        }
    }

    [Theory]
    [MemberData(nameof(RolesAndTables))]
    public async Task A_row_of_ones_own_cannot_be_handed_to_another(string role, string table)
    {
        var before = (await world.Content(table, "acme"), await world.Content(table, "globex"));

        Assert.Equal(Denied, await world.Try(role, "acme", $"update {table} set tenant_id = 'globex'"));
        Assert.Equal(Denied, await world.Try(role, "acme", $"update {table} set tenant_id = 'initech'"));

        Assert.Equal(before, (await world.Content(table, "acme"), await world.Content(table, "globex")));
    }

    [Theory]
    [MemberData(nameof(RolesAndTables))]
    public async Task No_statement_tells_by_its_error_or_its_statistics_what_another_has(string role, string table)
    {
        await world.Database.Tamper($"analyze {table}");

        // A cast that fails quotes the value it failed on: the wall must come before the condition. tenant_id stands for any column.
        Assert.Equal(0L, await world.Try(role, "nobody", $"select count(*) from {table} where nullif(tenant_id, '_')::int > 0"));
        Assert.Equal(0L, await world.Try(role, "acme", $"select count(*) from pg_stats where tablename = '{table}'"));
    }

    [Theory]
    [InlineData("simledger_app")]
    [InlineData("simledger_worker")]
    public async Task A_fact_is_neither_changed_nor_removed_even_by_its_own_organisation(string role)
    {
        var before = await world.Content("events", "acme");

        foreach (var attempt in new[] { "update events set reason = 'x'", "update events set data = null, salt = null", "delete from events", "truncate events" })
        {
            Assert.Equal(Denied, await world.Try(role, "acme", attempt));
        }

        Assert.Equal(before, await world.Content("events", "acme"));
    }

    [Theory]
    [InlineData("simledger_app")]
    [InlineData("simledger_worker")]
    [InlineData("simledger_verify")]
    [InlineData("simledger_backup")]
    public async Task No_role_of_the_program_makes_changes_or_takes_what_is_the_owners(string role)
    {
        string[] attempts =
        [
            "create table mine (n int)", "create temporary table mine (n int)", "create schema mine", "create view mine as select * from events",
            "create function mine() returns int language sql as 'select 1'", "create role mine", "create policy mine on events using (true)",
            "alter table events disable row level security", "alter table events no force row level security", "alter table events add column mine int",
            "drop table events", "drop policy tenants_at_hand on events", "set role simledger_owner",
            $"alter role {role} bypassrls", "set session_replication_role = replica", "create trigger mine before insert on events execute function suppress_redundant_updates_trigger()",
            "insert into schema_migrations (number, name, applied_at) values (99, 'mine', now())", "delete from schema_migrations",
            "select pg_read_file('postgresql.conf')", "copy events to program 'cat'", "alter function credentials_of(bytea[]) security invoker",
        ];
        foreach (var attempt in attempts) Assert.Equal((attempt, Denied), (attempt, await world.Try(role, "acme", attempt)));

        // To grant what one may not grant is only warned of: look at what came of it.
        const string rights = "select string_agg(relname || coalesce(relacl::text, ''), ' ' order by relname) from pg_class where relnamespace = 'public'::regnamespace";
        var before = await world.Database.Tamper(rights);
        await world.Try(role, "acme", "grant all on events to public");
        Assert.Equal(before, await world.Database.Tamper(rights));
    }

    [Theory]
    [InlineData("simledger_app")]
    [InlineData("simledger_worker")]
    public async Task Shared_rule_packs_are_read_by_all_and_written_by_none_of_them(string role)
    {
        foreach (var setting in new[] { TwoOrganisations.Unset, "acme", "_" })
        {
            Assert.Equal(true, await world.Try(role, setting, "select count(*) > 0 from rule_packs where tenant_id = '_'"));
            Assert.Equal(Denied, await world.Try(role, setting, TwoOrganisations.Insert("rule_packs", "_")));
            Assert.Equal(Denied, await world.Try(role, setting, "update rule_packs set body = ''"));
            Assert.Equal(Denied, await world.Try(role, setting, "delete from rule_packs"));
        }
    }

    [Theory]
    [MemberData(nameof(ReadersAndTables))]
    public async Task Who_verifies_or_backs_up_reads_all_and_writes_nothing(string role, string table)
    {
        var before = (await world.Content(table, "acme"), await world.Content(table, "globex"));
        var seen = $"select string_agg(tenant_id, ' ' order by tenant_id) from {table} where tenant_id <> '_'";

        Assert.Equal("acme globex", await world.Try(role, TwoOrganisations.Unset, seen));
        foreach (var setting in new[] { TwoOrganisations.Unset, "acme", "acme,globex,initech" })
        {
            Assert.Equal("acme globex", await world.Try(role, setting, seen));
            Assert.Equal(Denied, await world.Try(role, setting, TwoOrganisations.Insert(table, "initech")));
            Assert.Equal(Denied, await world.Try(role, setting, $"update {table} set tenant_id = tenant_id"));
            Assert.Equal(Denied, await world.Try(role, setting, $"delete from {table}"));
            Assert.Equal(Denied, await world.Try(role, setting, $"truncate {table}"));
        }
        Assert.Equal(before, (await world.Content(table, "acme"), await world.Content(table, "globex")));
    }

    [Fact]
    public async Task Whose_key_it_is_can_be_asked_only_with_the_key_and_only_by_the_server()
    {
        const string ofGlobex = "select coalesce((select tenant_id || ' ' || name from credentials_of(array[sha256('key of globex')])), 'nobody')";
        await world.Database.Tamper("insert into credentials (key_hash, tenant_id, credential_id, name, scopes, created_at, revoked_at) "
            + "values (sha256('revoked key'), 'globex', gen_random_uuid(), 'old', '{}', now(), now())");

        Assert.Equal("globex globex", await world.Try("simledger_app", TwoOrganisations.Unset, ofGlobex));
        Assert.Equal("nobody", await world.Try("simledger_app", TwoOrganisations.Unset, ofGlobex.Replace("key of globex", "a guess", StringComparison.Ordinal)));
        Assert.Equal("nobody", await world.Try("simledger_app", TwoOrganisations.Unset, ofGlobex.Replace("key of globex", "revoked key", StringComparison.Ordinal)));
        Assert.Equal("nobody", await world.Try("simledger_app", TwoOrganisations.Unset, "select coalesce((select tenant_id from credentials_of(array[null::bytea])), 'nobody')"));
        foreach (var role in new[] { "simledger_worker", "simledger_verify", "simledger_backup" })
        {
            Assert.Equal(Denied, await world.Try(role, TwoOrganisations.Unset, ofGlobex));
        }
        await world.Database.Tamper("delete from credentials where name = 'old'");
    }

    [Fact]
    public async Task Of_its_own_keys_an_organisation_changes_nothing_but_that_they_are_revoked()
    {
        foreach (var column in new[] { "key_hash = '\\x00'", "credential_id = gen_random_uuid()", "scopes = '{all}'", "name = 'x'", "created_at = now()" })
        {
            Assert.Equal(Denied, await world.Try("simledger_app", "acme", $"update credentials set {column}"));
        }
        Assert.Equal(Denied, await world.Try("simledger_app", "acme", "delete from credentials"));
        Assert.Equal(Denied, await world.Try("simledger_worker", "acme", "update credentials set revoked_at = now()"));
    }

    private static void HitsNothing(object? answer) => Assert.Contains(answer, new object[] { 0L, Denied });

    private static TheoryData<string, string> Pairs(string[] roles)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var role in roles)
        {
            foreach (var table in TwoOrganisations.Tables) pairs.Add(role, table);
        }
        return pairs;
    }
}
