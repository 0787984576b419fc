using Npgsql;
using SimLedger.Ledger.Schema;
using SimLedger.Server.Hosting;

namespace SimLedger.IntegrationTests.Ledger;

/// <summary>Migrations run at the worst moments: twice, at once, by the wrong program, and half-way into an error.</summary>
public sealed class Migrations
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Migrating_twice_changes_nothing_the_second_time()
    {
        var database = await TestDatabase.Create();
        var before = await Fingerprint(database);

        Assert.Empty(await Migrate(database.Superuser));
        Assert.Empty(await Database.Migrate(database.Superuser, TimeProvider.System, default)); // With the rule packs.

        Assert.Equal(before, await Fingerprint(database));
    }

    [Fact]
    public async Task What_was_applied_is_noted_in_order()
    {
        var database = await TestDatabase.Create();

        Assert.Equal(
            string.Join(' ', Database.Migrations.Select(m => $"{m.Number}:{m.Name}")),
            await database.Tamper("select string_agg(number || ':' || name, ' ' order by number) from schema_migrations"));
        Assert.Equal(Enumerable.Range(1, Database.Migrations.Count), Database.Migrations.Select(m => m.Number));
    }

    [Fact]
    public async Task Two_at_once_in_one_database_wait_for_each_other()
    {
        var database = await Empty();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate(database)));

        Assert.Equal(Database.Migrations, applied.SelectMany(list => list));
        Assert.Single(applied, list => list.Count > 0);
    }

    /// <summary>The lock is the database's, the roles are the cluster's.</summary>
    [Fact]
    public async Task At_once_in_many_databases_of_one_cluster_they_do_not_disturb_each_other()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Empty()));

        var applied = await Task.WhenAll(databases.Concat(databases).Select(Migrate));

        Assert.Equal(databases.Length * Database.Migrations.Count, applied.Sum(list => list.Count));
    }

    [Fact]
    public async Task The_owner_may_migrate_once_an_administrator_has_made_the_roles()
    {
        var database = await TestDatabase.Create();
        await database.Tamper("""
            delete from schema_migrations where number >= 8;
            drop function refresh_statistics()
            """);

        var applied = await Migrate(database.As("simledger_owner"), Database.Migrations.Take(8).ToList());

        Assert.Equal(8, Assert.Single(applied).Number);
    }

    [Theory]
    [InlineData("simledger_app")]
    [InlineData("simledger_verify")]
    public async Task A_role_without_the_rights_is_told_what_to_give(string role)
    {
        var database = await TestDatabase.Create();

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => Migrate(database.As(role)));

        Assert.Contains("ConnectionStrings__SimLedgerOwner", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_older_than_the_database_refuses_and_changes_nothing()
    {
        var database = await TestDatabase.Create();
        await database.Tamper($"insert into schema_migrations (number, name, applied_at) values ({Database.Migrations.Count + 1}, 'of_tomorrow', now())");
        var before = await Fingerprint(database);

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => Migrate(database.Superuser));
        var refusalToServe = await Assert.ThrowsAsync<SetupException>(() => Serve(database.App));

        Assert.Contains("older than the database. Run the newer program.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("run the newer program", refusalToServe.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Fingerprint(database));
    }

    [Fact]
    public async Task A_program_newer_than_the_database_serves_only_after_migrating()
    {
        var database = await TestDatabase.Create();
        await database.Tamper($"delete from schema_migrations where number = {Database.Migrations.Count}");

        var refusal = await Assert.ThrowsAsync<SetupException>(() => Serve(database.App));

        Assert.Contains("Run `migrate`", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_database_as_it_was_and_says_which_and_why()
    {
        var database = await TestDatabase.Create();
        var before = await Fingerprint(database);
        var failing = new Migration(Database.Migrations.Count + 1, "halfway", "create table half (n int); insert into half select 1 / 0");

        var failure = await Assert.ThrowsAsync<MigrationException>(() => Migrate(database.Superuser, [.. Database.Migrations, failing]));

        Assert.Contains($"{failing.Number:0000}_halfway", failure.Message, StringComparison.Ordinal);
        Assert.Contains("division by zero", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Fingerprint(database));
        Assert.Empty(await Migrate(database.Superuser)); // The lock was given back.
    }

    [Fact]
    public async Task A_connection_is_given_back_without_the_lock_and_without_the_owners_role()
    {
        var database = await TestDatabase.Create();
        await using var connection = new NpgsqlConnection(database.Superuser);
        await connection.OpenAsync();

        await Migrator.Migrate(connection, Database.Migrations, Now, default);

        await using var command = new NpgsqlCommand(
            "select current_user = session_user and current_setting('lock_timeout') = '0' and not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())", connection);
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    private static async Task Serve(string connection)
    {
        await using var database = await Database.Open(
            new Settings(connection, null, null), mayAttach: false, _ => { }, TimeProvider.System, default);
    }

    /// <summary>A database in which nothing was done yet.</summary>
    private static async Task<string> Empty()
    {
        var cluster = await TestDatabase.Create();
        var name = $"empty_{Guid.NewGuid():N}";
        await cluster.Postgres.Prepare(name, default);
        return new NpgsqlConnectionStringBuilder(cluster.Superuser) { Database = name }.ConnectionString;
    }

    private static Task<IReadOnlyList<Migration>> Migrate(string connectionString) => Migrate(connectionString, Database.Migrations);

    private static async Task<IReadOnlyList<Migration>> Migrate(string connectionString, IReadOnlyList<Migration> migrations)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return await Migrator.Migrate(connection, migrations, Now, default);
    }

    /// <summary>What a migration could have left behind: relations and rights, notes, packs, revisions.</summary>
    private static async Task<string> Fingerprint(TestDatabase database) => (string)(await database.Tamper("""
        select concat_ws(E'\n',
            (select string_agg(c.relname || coalesce(c.relacl::text, ''), ' ' order by c.relname) from pg_class c where c.relnamespace = 'public'::regnamespace),
            (select string_agg(m::text, ' ' order by m.number) from schema_migrations m),
            (select string_agg(p.code || p.revision, ' ' order by p.code, p.revision) from rule_packs p),
            (select string_agg(h::text, ' ' order by h.tenant_id) from tenant_heads h))
        """))!;
}
