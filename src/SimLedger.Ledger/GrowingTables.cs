using System.Numerics;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Ledger;

/// <summary>Tells the planner of rows that have come: the first import into a new database would else be over before autovacuum looks at what it made.</summary>
/// <remarks>Statements are planned for tables as they were then; what is not told of their growth reads all of a tenant's facts for each look.</remarks>
public sealed class GrowingTables(TenantDatabase database)
{
    /// <summary>Whether a count of writes has passed a power of two: often at first, when it matters, and a few times in a million.</summary>
    /// <param name="added">To a count that is <paramref name="total"/> now.</param>
    public static bool AreDue(long added, long total) => BitOperations.Log2((ulong)total) != BitOperations.Log2((ulong)(total - added));

    /// <summary>Has those analysed that have more than doubled since they were last.</summary>
    /// <exception cref="NpgsqlException">The database could not be reached.</exception>
    public async Task Analyze(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnection(cancel);
        await using var command = new NpgsqlCommand("select refresh_statistics()", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
