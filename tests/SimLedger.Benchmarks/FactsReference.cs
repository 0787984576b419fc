using Npgsql;

namespace SimLedger.Benchmarks;

/// <summary>What whoever reads all facts must do at least: read them once, from the first to the last.</summary>
internal static class FactsReference
{
    private const string Columns = "position, version, event_id, type, data, recorded_at, actor, origin, correlation_id, causation_id, reason, stream_id";

    /// <summary>By psql, in the order they lie in.</summary>
    /// <returns>Seconds.</returns>
    public static Task<double> ByPsql(string connection) => ClientTool.Run(connection, $"copy (select {Columns} from events) to stdout");

    /// <summary>By Npgsql, one statement, in the order of positions; each column is taken out of its row.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> ByNpgsql(string connection)
    {
        await using var opened = new NpgsqlConnection(connection);
        await opened.OpenAsync();
        await using var command = new NpgsqlCommand($"select {Columns} from events order by tenant_id, position", opened) { CommandTimeout = 1800 };
        await using var reader = await command.ExecuteReaderAsync();
        var values = new object[reader.FieldCount];
        var count = 0L;
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            count++;
        }
        return count;
    }
}
