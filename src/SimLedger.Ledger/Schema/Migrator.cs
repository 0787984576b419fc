using System.Globalization;
using System.Reflection;
using Npgsql;

namespace SimLedger.Ledger.Schema;

/// <summary>A numbered step of the schema: <c>0001_name.sql</c>, embedded, forward-only.</summary>
public sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>The migrations of the given assemblies, in order.</summary>
    /// <exception cref="InvalidOperationException">A number is missing or taken twice: a bug of the build.</exception>
    public static IReadOnlyList<Migration> Of(params IEnumerable<Assembly> assemblies)
    {
        var found = assemblies.SelectMany(assembly => assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal) && char.IsAsciiDigit(name[0]))
            .Select(name => Read(assembly, name))).OrderBy(m => m.Number).ToList();
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i].Number != i + 1) throw new InvalidOperationException($"Migration {i + 1} is missing or taken twice; found {found[i].Name}.");
        }
        return found;
    }

    internal static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static Migration Read(Assembly assembly, string name) =>
        new(int.Parse(name[..4], CultureInfo.InvariantCulture), name[5..^4], Text(assembly, name));
}

/// <summary>Brings a database to the schema of this program.</summary>
public static class Migrator
{
    private const long LockKey = 0x53494D4C; // "SIML": one migration at a time in a database.

    private const string HistorySql = """
        create table if not exists schema_migrations (
            number     int         not null constraint schema_migrations_pkey primary key,
            name       text        not null,
            applied_at timestamptz not null
        );
        grant select on schema_migrations to simledger_app, simledger_worker, simledger_verify, simledger_backup
        """;

    /// <summary>Applies what is missing, each in a transaction of its own.</summary>
    /// <param name="connection">Of a role that may create roles, or of simledger_owner itself.</param>
    /// <returns>The migrations applied now.</returns>
    /// <exception cref="MigrationException">It could not be done; what, why and the cure.</exception>
    public static async Task<IReadOnlyList<Migration>> Migrate(
        NpgsqlConnection connection, IReadOnlyList<Migration> migrations, DateTimeOffset now, CancellationToken cancel)
    {
        await Run(connection, "set lock_timeout = '30s'", cancel);
        try
        {
            await Run(connection, $"select pg_advisory_lock({LockKey})", cancel);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new MigrationException("Another migration has been running for over 30 seconds. Wait for it, then try again.", error);
        }

        try
        {
            await PrepareRoles(connection, cancel);
            await Run(connection, "set role simledger_owner", cancel);
            await Run(connection, HistorySql, cancel);
            var applied = await Applied(connection, cancel);
            if (applied.Count > migrations.Count)
            {
                throw new MigrationException($"The database has {applied.Count} migrations, this program knows {migrations.Count}: it is older than the database. Run the newer program.");
            }
            foreach (var migration in migrations.Skip(applied.Count)) await Apply(connection, migration, now, cancel);
            return [.. migrations.Skip(applied.Count)];
        }
        finally
        {
            await Run(connection, $"reset role; select pg_advisory_unlock({LockKey}); reset lock_timeout", CancellationToken.None);
        }
    }

    /// <summary>How many migrations the database has; 0 for an empty one.</summary>
    public static async Task<int> CurrentNumber(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select case when to_regclass('schema_migrations') is null then 0 else 1 end", connection);
        if ((int)(await command.ExecuteScalarAsync(cancel))! == 0) return 0;
        return (await Applied(connection, cancel)).Count;
    }

    private static async Task PrepareRoles(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var question = new NpgsqlCommand("select rolcreaterole or rolsuper from pg_roles where rolname = current_user", connection);
        if (await question.ExecuteScalarAsync(cancel) is not true)
        {
            await using var member = new NpgsqlCommand("select exists (select from pg_roles where rolname = 'simledger_owner' and pg_has_role(current_user, oid, 'member'))", connection);
            if (await member.ExecuteScalarAsync(cancel) is true) return; // The roles were made by an administrator.
            throw new MigrationException(
                "The connection's role may neither create roles nor act as simledger_owner. Give a connection of an administrator in ConnectionStrings__SimLedgerOwner.");
        }
        var roles = Migration.Text(typeof(Migrator).Assembly, "Roles.sql");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Run(connection, roles, cancel);
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InternalError && attempt < 10)
            {
                // Roles belong to the whole cluster: another of its databases is being prepared, and PostgreSQL lets only one change a role at a time.
                await Task.Delay(50 * attempt, cancel);
            }
        }
    }

    private static async Task<List<int>> Applied(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select number from schema_migrations order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var numbers = new List<int>();
        while (await reader.ReadAsync(cancel)) numbers.Add(reader.GetInt32(0));
        return numbers;
    }

    private static async Task Apply(NpgsqlConnection connection, Migration migration, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            await Run(connection, migration.Sql, cancel);
            await using var note = new NpgsqlCommand("insert into schema_migrations (number, name, applied_at) values ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name }, new() { Value = now.UtcDateTime } },
            };
            await note.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (PostgresException error)
        {
            throw new MigrationException(
                $"Migration {migration.Number:0000}_{migration.Name} failed and was rolled back: {error.MessageText} (SQLSTATE {error.SqlState}). The database is as before it.", error);
        }
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>The schema could not be brought up to date. The message is for the administrator.</summary>
public sealed class MigrationException(string message, Exception? cause = null) : Exception(message, cause);
