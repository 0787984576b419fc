using Npgsql;
using SimLedger.Ledger;
using SimLedger.Ledger.Schema;
using SimLedger.Server.LocalPostgres;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.Hosting;

/// <summary>The database of this process: one given by connection string, or a PostgreSQL of our own that ends with us.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const string Name = "simledger";

    private readonly PostgresServer? _own;

    private Database(string connection, string? ownerConnection, PostgresServer? own) => (Connection, OwnerConnection, _own) = (connection, ownerConnection, own);

    /// <summary>Of the application's role.</summary>
    public string Connection { get; }

    /// <summary>Of the tables' owner; null where only the application's was given.</summary>
    public string? OwnerConnection { get; }

    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Of(typeof(EventLedger).Assembly, typeof(Database).Assembly);

    /// <summary>Opens the database ready for use: our own is started and brought up to date; a given one must be so already.</summary>
    /// <param name="mayAttach">A verb beside a running server uses the server's PostgreSQL.</param>
    /// <exception cref="SetupException">It cannot be used; what, why and the cure.</exception>
    public static async Task<Database> Open(Settings settings, bool mayAttach, Action<string> say, TimeProvider clock, CancellationToken cancel)
    {
        var database = settings.Connection is { } given ? new Database(given, settings.OwnerConnection, null) : await StartOwn(settings, mayAttach, say, clock, cancel);
        try
        {
            await CheckRole(database.Connection, cancel);
            await CheckSchema(database.Connection, cancel);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings schema and shipped rule packs up to date.</summary>
    /// <returns>What was done, a line each.</returns>
    public static async Task<IReadOnlyList<string>> Migrate(string ownerConnection, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            await using var source = Source(ownerConnection);
            await using var connection = await source.OpenConnectionAsync(cancel);
            var applied = await Migrator.Migrate(connection, Migrations, clock.GetUtcNow(), cancel);
            var published = await PublishedPacks.PublishShipped(connection, ShippedPacks.Read(), clock.GetUtcNow(), "system:migrate", cancel);
            return
            [
                .. applied.Select(m => $"applied migration {m.Number:0000}_{m.Name}"),
                .. published.Count > 0 ? [$"published {published.Count} rule packs"] : Array.Empty<string>(),
            ];
        }
        catch (MigrationException error)
        {
            throw new SetupException(error.Message, error);
        }
        catch (NpgsqlException error)
        {
            throw Unreachable(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
    }

    private static async Task<Database> StartOwn(Settings settings, bool mayAttach, Action<string> say, TimeProvider clock, CancellationToken cancel)
    {
        PostgresServer own;
        try
        {
            own = await PostgresServer.Start(new PostgresServerOptions { DataFolder = settings.DataFolder, MayAttach = mayAttach }, say, cancel);
        }
        catch (LocalPostgresException error)
        {
            throw new SetupException(error.Message, error);
        }
        try
        {
            await own.Prepare(Name, cancel);
            if (!own.Attached) // Else its owner has done so; a verb of an older program must not bring older rules back.
            {
                foreach (var line in await Migrate(own.ConnectionString(PostgresServer.Administrator, Name), clock, cancel)) say(line);
                await own.SetPasswords(cancel);
            }
            return new Database(own.ConnectionString("simledger_app", Name), own.ConnectionString(PostgresServer.Administrator, Name), own);
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server works as a role that could not go round the walls even if it tried.</summary>
    private static async Task CheckRole(string connectionString, CancellationToken cancel)
    {
        const string sql = """
            select session_user::text,
                   (select bool_or(r.rolsuper) from pg_roles r where r.rolname in (session_user, current_user)),
                   (select bool_or(r.rolbypassrls) from pg_roles r where r.rolname in (session_user, current_user)),
                   exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                           where n.nspname = 'public' and c.relkind in ('r', 'p', 'v') and pg_has_role(session_user, c.relowner, 'member')),
                   has_schema_privilege(session_user, 'public', 'create'),
                   coalesce(has_table_privilege(session_user, to_regclass('public.events'), 'update, delete, truncate'), false),
                   coalesce(has_table_privilege(session_user, to_regclass('public.events'), 'insert'), true)
                       and coalesce(has_function_privilege(session_user, to_regprocedure('public.credentials_of(bytea[])'), 'execute'), true)
            """;
        try
        {
            await using var source = Source(connectionString);
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            string[] powers =
            [
                .. Power(1, "is a superuser"), .. Power(2, "bypasses row-level security"), .. Power(3, "owns tables, or may act as their owner"),
                .. Power(4, "may create tables"), .. Power(5, "may change or delete facts"),
            ];
            if (powers.Length > 0)
            {
                throw new SetupException(
                    $"The role {reader.GetString(0)} of ConnectionStrings__SimLedger {string.Join(", ", powers)}: organisations would not be walled off. Run `migrate` with this " +
                    "connection in ConnectionStrings__SimLedgerOwner, then `alter role simledger_app login password '…'`, and connect as simledger_app.");
            }

            if (!reader.GetBoolean(6))
            {
                throw new SetupException(
                    $"The role {reader.GetString(0)} of ConnectionStrings__SimLedger may not do what the server does: record facts and look up API keys. Connect as simledger_app.");
            }

            string[] Power(int column, string words) => reader.GetBoolean(column) ? [words] : [];
        }
        catch (NpgsqlException error)
        {
            throw Unreachable(error);
        }
    }

    private static async Task CheckSchema(string connectionString, CancellationToken cancel)
    {
        await using var source = Source(connectionString);
        await using var connection = await source.OpenConnectionAsync(cancel);
        int number;
        try
        {
            number = await Migrator.CurrentNumber(connection, cancel);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SetupException("The role of ConnectionStrings__SimLedger may not read the schema. Connect as simledger_app, or a role granted it.", error);
        }
        if (number < Migrations.Count) throw new SetupException($"The database has {number} of {Migrations.Count} migrations. Run `migrate` with the owner's connection in ConnectionStrings__SimLedgerOwner.");
        if (number > Migrations.Count) throw new SetupException($"The database has {number} migrations, this program knows {Migrations.Count}: run the newer program.");
    }

    private static NpgsqlDataSource Source(string connectionString)
    {
        try
        {
            return new NpgsqlDataSourceBuilder(connectionString).Build();
        }
        catch (ArgumentException error)
        {
            // What it is about may be a password: the string is not repeated.
            throw new SetupException("ConnectionStrings__SimLedger, or that of the owner, is malformed. It reads Host=…;Username=simledger_app;Password=…;Database=….", error);
        }
    }

    private static SetupException Unreachable(NpgsqlException error) => new(
        error is PostgresException { MessageText: var text }
            ? $"The database refused the connection: {text}. Check ConnectionStrings__SimLedger."
            : $"The database cannot be reached ({error.InnerException?.Message ?? error.Message}). Check ConnectionStrings__SimLedger and that it runs.",
        error);
}

/// <summary>The program cannot do its work as it is set up. The message is one line for whoever runs it.</summary>
internal sealed class SetupException(string message, Exception? cause = null) : Exception(message, cause);
