using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.DueList;

/// <summary>
/// Tells the planner of rows that bulk work brings: the first import into a new database would else be over before autovacuum looks at what it made.
/// </summary>
public sealed class GrowingTables(TenantDatabase database)
{
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public async Task Analyze(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnection(cancel);
        await using var command = new NpgsqlCommand("select refresh_statistics()", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
