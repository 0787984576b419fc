using Npgsql;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>A walk over the catalogue of a migrated database: what no single probe shows, and what a later table must not forget.</summary>
/// <remarks>Each query lists offenders, so that a failure names them; an empty list proves something only because the last test finds what was put there.</remarks>
public sealed class Catalogue(TwoOrganisations world) : IClassFixture<TwoOrganisations>
{
    /// <summary>Tables and views of the program that carry a tenant_id.</summary>
    private const string Tenanted = """
        tenanted as (select c.* from pg_class c where c.relnamespace = 'public'::regnamespace
                     and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
        """;

    private const string WithoutWall = $"""
        with {Tenanted}
        select c.relname from tenanted c where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
        """;

    // The policy that binds the application's roles: for all commands, with both conditions, on the tenants of the setting.
    private const string WithoutPolicy = $"""
        with {Tenanted}
        select c.relname from tenanted c where c.relkind in ('r', 'p') and not exists (
            select from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname and p.cmd = 'ALL' and p.permissive = 'PERMISSIVE' and p.roles = '{"{public}"}'
              and p.qual ~ '^\(tenant_id = ANY \(.*current_setting\(''simledger.tenants''::text, true\)' and p.with_check = p.qual)
        """;

    // Permissive policies are joined by OR: one more for the application's roles would be a hole beside the wall.
    private const string PoliciesBeside = """
        select p.tablename || '.' || p.policyname from pg_policies p
        where p.policyname <> 'tenants_at_hand'
          and not (p.roles = '{simledger_owner}' and p.policyname = 'owner_sees_all')
          and not (p.roles <@ '{simledger_verify,simledger_backup}' and p.cmd = 'SELECT')
        order by 1
        """;

    private const string KeysThatTell = $"""
        with {Tenanted}
        select i.indexrelid::regclass::text from pg_index i join tenanted c on c.oid = i.indrelid
        where coalesce((select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0]), '') <> 'tenant_id'
        order by 1
        """;

    // Statements are planned once for all organisations: for the largest, see migration 0010.
    private const string PlannedForTheAverage = $"""
        with {Tenanted}
        select c.relname from tenanted c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relkind in ('r', 'p') and not coalesce(a.attoptions @> '{"{n_distinct=1}"}', false)
        """;

    private const string ReferencesAcross = $"""
        with {Tenanted}
        select k.conname from pg_constraint k join tenanted c on c.oid = k.conrelid
        where k.contype = 'f' and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1] and a.attname = 'tenant_id')
        """;

    private const string TablesWithoutTenant = $"""
        with {Tenanted}
        select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'f', 'S')
          and c.oid not in (select oid from tenanted where relkind in ('r', 'p'))
        """;

    private const string LeakyViews = """
        select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace
          and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}' or c.reloptions @> '{security_invoker=on}', false)))
        """;

    private const string Triggers = """
        select t.tgname::text from pg_trigger t where not t.tgisinternal
        union all select e.evtname from pg_event_trigger e
        union all select r.rulename from pg_rules r where r.schemaname = 'public'
        """;

    private const string NotTheOwners = """
        select c.relname || ' of ' || pg_get_userbyid(c.relowner) from pg_class c
        where c.relnamespace = 'public'::regnamespace and pg_get_userbyid(c.relowner) <> 'simledger_owner'
        union all
        select p.proname || ' of ' || pg_get_userbyid(p.proowner) from pg_proc p
        where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) <> 'simledger_owner'
        """;

    private const string OwnedByOthers = """
        select r.rolname from pg_roles r where r.rolname in ('simledger_app', 'simledger_worker', 'simledger_verify', 'simledger_backup')
          and (exists (select from pg_shdepend d where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
                       and d.dbid in (0, (select oid from pg_database where datname = current_database())))
               or r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
               or exists (select from pg_auth_members m where m.member = r.oid) or has_schema_privilege(r.oid, 'public', 'create'))
        """;

    private const string LooseFunctions = """
        select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace
          and (p.prosecdef and not exists (select from unnest(p.proconfig) s where s ~ '^search_path=pg_catalog')
               or exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0))
        """;

    private const string RightsOfAll = """
        select c.relname from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and a.grantee = 0
        union all
        select 'schema public' from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE'
        """;

    [Fact]
    public async Task Every_table_with_a_tenant_has_row_level_security_that_binds_its_owner_too() => Assert.Empty(await List(WithoutWall));

    [Fact]
    public async Task Every_table_with_a_tenant_has_the_policy_on_reading_and_on_writing() => Assert.Empty(await List(WithoutPolicy));

    [Fact]
    public async Task Beside_that_policy_stand_only_those_that_keep_shared_rule_packs_readable_and_the_owners() =>
        Assert.Equal(["rule_packs.own_packs_only", "rule_packs.shared_packs"], await List(PoliciesBeside));

    [Fact]
    public async Task Every_key_and_index_starts_with_the_tenant_but_for_the_one_that_a_key_is_looked_up_by() =>
        Assert.Equal(["credentials_pkey"], await List(KeysThatTell));

    [Fact]
    public async Task Statements_are_planned_for_the_largest_organisation_and_not_for_the_average() => Assert.Empty(await List(PlannedForTheAverage));

    [Fact]
    public async Task No_reference_leads_from_one_tenant_to_another() => Assert.Empty(await List(ReferencesAcross));

    [Fact]
    public async Task Without_a_tenant_is_only_the_list_of_migrations() => Assert.Equal(["schema_migrations"], await List(TablesWithoutTenant));

    [Fact]
    public async Task Every_view_looks_with_the_eyes_of_who_asks() => Assert.Empty(await List(LeakyViews));

    [Fact]
    public async Task Nothing_happens_behind_a_statement() => Assert.Empty(await List(Triggers));

    [Fact]
    public async Task All_belongs_to_the_owner_and_nothing_to_the_roles_that_work()
    {
        Assert.Empty(await List(NotTheOwners));
        Assert.Empty(await List(OwnedByOthers));
    }

    [Fact]
    public async Task Functions_with_the_owners_rights_resolve_names_in_one_way_and_no_function_is_for_all() => Assert.Empty(await List(LooseFunctions));

    [Fact]
    public async Task Nothing_is_granted_to_all() => Assert.Empty(await List(RightsOfAll));

    [Fact]
    public async Task The_walk_finds_what_it_looks_for()
    {
        var spoiled = await TestDatabase.Create();
        await spoiled.Tamper("""
            create table bare (tenant_id text, value text unique);
            create view peep as select * from events;
            create function loose() returns int language sql security definer as 'select 1';
            create trigger quiet before insert on bare for each row execute function suppress_redundant_updates_trigger();
            create policy hole on events to simledger_app using (true);
            create table apps (n int);
            alter table apps owner to simledger_app;
            grant select on apps to public
            """);

        Assert.Equal(["bare"], await List(WithoutWall, spoiled));
        Assert.Equal(["bare"], await List(WithoutPolicy, spoiled));
        Assert.Equal(["events.hole", "rule_packs.own_packs_only", "rule_packs.shared_packs"], await List(PoliciesBeside, spoiled));
        Assert.Equal(["bare_value_key", "credentials_pkey"], await List(KeysThatTell, spoiled));
        Assert.Equal(["bare"], await List(PlannedForTheAverage, spoiled));
        Assert.Equal(["peep"], await List(LeakyViews, spoiled));
        Assert.Equal(["quiet"], await List(Triggers, spoiled));
        Assert.Contains("apps of simledger_app", await List(NotTheOwners, spoiled));
        Assert.Equal(["simledger_app"], await List(OwnedByOthers, spoiled));
        Assert.Equal(["loose"], await List(LooseFunctions, spoiled));
        Assert.Equal(["apps"], await List(RightsOfAll, spoiled));
    }

    private Task<List<string>> List(string sql) => List(sql, world.Database);

    private static async Task<List<string>> List(string sql, TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Superuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }
}
