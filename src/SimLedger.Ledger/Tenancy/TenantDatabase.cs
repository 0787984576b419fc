using Npgsql;
using NpgsqlTypes;

namespace SimLedger.Ledger.Tenancy;

/// <summary>The database, entered only in the name of tenants. Both walls start here: every batch begins by naming them.</summary>
/// <remarks>
/// The statements of one <see cref="NpgsqlBatch"/> share one implicit transaction and one round trip, so the setting made by the first
/// holds for the others and ends with them: a pooled connection cannot carry a tenant over.
/// </remarks>
public sealed class TenantDatabase(NpgsqlDataSource source) : IAsyncDisposable
{
    private const string SetTenantsSql = "select set_config('simledger.tenants', $1, true)";

    /// <summary>Opens the application's pool.</summary>
    /// <param name="connectionString">Of the application's role. Pool size, time-outs and preparation are set here unless the string says otherwise.</param>
    public static TenantDatabase Open(string connectionString) => new(Source(connectionString, "simledger"));

    internal static NpgsqlDataSource Source(string connectionString, string name)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            NoResetOnClose = true, // Nothing outlives a transaction here, see above; the reset would cost every read a statement.
            CommandTimeout = (int)Limits.CommandTime.TotalSeconds,
            Timeout = 5,
            CancellationTimeout = 2000,
            IncludeErrorDetail = false, // Details of a broken constraint quote rows: they must not reach a log.
        };
        // Every read here is by an index. A statement prepared while a table was small would keep its sequential scan until statistics are
        // made: measured, 421 million rows read in one short run. Without them PostgreSQL could also think a statement worth compiling.
        // And planned once: of values that it could plan for anew each time, PostgreSQL mostly thinks that it pays, and plans longer than the statement runs.
        settings.Options = $"{settings.Options} -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan".TrimStart();
        if (settings.MaxAutoPrepare == 0) settings.MaxAutoPrepare = 100;
        if (string.IsNullOrEmpty(settings.ApplicationName)) settings.ApplicationName = name;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
    }

    /// <summary>A connection without tenants: it sees no row of any until a batch names them.</summary>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public ValueTask<NpgsqlConnection> OpenConnection(CancellationToken cancel) => source.OpenConnectionAsync(cancel);

    /// <summary>The statement that lets the rest of its transaction see these tenants, and only these.</summary>
    public static NpgsqlBatchCommand SetTenants(string tenants) =>
        new(SetTenantsSql) { Parameters = { new NpgsqlParameter<string> { TypedValue = tenants, NpgsqlDbType = NpgsqlDbType.Text } } };

    /// <summary>Runs statements for one tenant in one round trip and one transaction, and reads their results.</summary>
    /// <param name="read">Gets the reader on the first result of the first command given.</param>
    /// <exception cref="NpgsqlException">The database could not be reached, or refused.</exception>
    public Task<T> Query<T>(
        TenantId tenant, IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancel) =>
        QueryAcross([tenant], commands, read, cancel);

    /// <summary>As <see cref="Query"/> for several tenants at once, all of whose rows are at hand: each statement and its reader keep them apart.</summary>
    internal async Task<T> QueryAcross<T>(
        IReadOnlyCollection<TenantId> tenants, IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SetTenants(string.Join(',', tenants.Select(t => t.Value))));
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        return await read(reader, cancel);
    }

    /// <summary>As <see cref="Query"/>, all statements on one snapshot of the data; costs a round trip more.</summary>
    public async Task<T> QuerySnapshot<T>(
        TenantId tenant, IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        T result;
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            batch.BatchCommands.Add(SetTenants(tenant.Value));
            foreach (var command in commands) batch.BatchCommands.Add(command);
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            await reader.NextResultAsync(cancel);
            result = await read(reader, cancel);
        }
        await transaction.CommitAsync(cancel);
        return result;
    }

    /// <summary>Runs one statement for one tenant.</summary>
    /// <returns>Rows written.</returns>
    public async Task<int> Execute(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { SetTenants(tenant.Value), command } };
        await batch.ExecuteNonQueryAsync(cancel);
        return (int)command.RecordsAffected;
    }

    /// <summary>Runs statements for one tenant in one transaction, each seeing what stands when its turn comes.</summary>
    public async Task ExecuteAll(TenantId tenant, IReadOnlyList<NpgsqlBatchCommand> commands, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { SetTenants(tenant.Value) } };
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The ids of all organisations, in order; the one thing that is asked across them.</summary>
    public Task<IReadOnlyList<TenantId>> TenantIds(CancellationToken cancel) => TenantsBy("tenant_ids()", cancel);

    /// <summary>The ids that a function of the schema gives which may look across organisations; ids are all that such a one may tell.</summary>
    /// <param name="function">A call in SQL, ours; never text from outside.</param>
    public async Task<IReadOnlyList<TenantId>> TenantsBy(string function, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand($"select {function}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var tenants = new List<TenantId>();
        while (await reader.ReadAsync(cancel)) tenants.Add(TenantId.Of(reader.GetString(0)));
        return tenants;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
