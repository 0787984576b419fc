using System.Globalization;
using Npgsql;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.DueList;

/// <summary>A statement made of what a filter asks: each value becomes a parameter, <c>$1</c> is the tenant.</summary>
internal class StatementBuilder
{
    private readonly NpgsqlBatchCommand _command = new();

    public StatementBuilder(TenantId tenant) => Next(tenant.Value);

    public NpgsqlBatchCommand Command(string sql)
    {
        _command.CommandText = sql;
        return _command;
    }

    /// <returns>The name of the parameter, as <c>$2</c>.</returns>
    public string Next(object value)
    {
        _command.Parameters.Add(new NpgsqlParameter { Value = value });
        return string.Create(CultureInfo.InvariantCulture, $"${_command.Parameters.Count}");
    }
}
