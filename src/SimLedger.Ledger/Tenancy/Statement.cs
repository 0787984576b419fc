using Npgsql;

namespace SimLedger.Ledger.Tenancy;

/// <summary>A statement with its values, for <see cref="TenantDatabase"/>.</summary>
public static class Statement
{
    /// <param name="values">Of <c>$1</c>, <c>$2</c> and so on; a <see cref="NpgsqlParameter"/> where the type does not follow from the value.</param>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }
}
