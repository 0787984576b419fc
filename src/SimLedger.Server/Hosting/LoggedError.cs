using System.Globalization;
using System.Text;
using Npgsql;

namespace SimLedger.Server.Hosting;

/// <summary>
/// An exception as it may be written down: types, messages and stacks of the whole chain, but of an error of PostgreSQL only its code and what it
/// is about. Its text quotes values ("invalid input syntax for type …", a row that breaks a constraint), which may be a person's.
/// </summary>
internal sealed class LoggedError : Exception
{
    private const int MostCauses = 8;

    private readonly string _text;

    private LoggedError(Exception error) : base(Words(error)) => _text = Describe(error);

    public override string? StackTrace => null; // Part of the text.

    /// <summary>The exception itself where nothing in it comes from PostgreSQL.</summary>
    public static Exception From(Exception error)
    {
        var cause = error;
        for (var depth = 0; cause is not null && depth < MostCauses; depth++, cause = cause.InnerException)
        {
            if (cause is PostgresException or AggregateException) return new LoggedError(error);
        }
        return error;
    }

    public override string ToString() => _text;

    private static string Words(Exception error) => error switch
    {
        PostgresException { SqlState: var state, ConstraintName: var constraint, TableName: var table } =>
            string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {state}{(table is null ? "" : $", table {table}")}{(constraint is null ? "" : $", constraint {constraint}")}"),
        AggregateException several => $"{several.InnerExceptions.Count} errors", // Its own message repeats those of all of them.
        _ => error.Message,
    };

    private static string Describe(Exception error)
    {
        var text = new StringBuilder();
        var cause = error;
        for (var depth = 0; cause is not null && depth < MostCauses; depth++, cause = cause.InnerException)
        {
            if (depth > 0) text.Append("\n ---> ");
            text.Append(cause.GetType().FullName).Append(": ").Append(Words(cause));
            if (cause.StackTrace is { } stack) text.Append('\n').Append(stack);
        }
        return text.ToString();
    }
}
