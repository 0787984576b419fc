using System.Diagnostics;

namespace SimLedger.Benchmarks;

/// <summary>PostgreSQL's own client, as anybody would use it: what it takes is what a reference takes.</summary>
internal static class ClientTool
{
    /// <summary>Runs commands in one session; the first that fails ends it.</summary>
    /// <returns>Seconds, the start of the process included.</returns>
    public static async Task<double> Run(string connection, params string[] commands)
    {
        var settings = new Npgsql.NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", .. commands.SelectMany(c => new[] { "-c", c })]) { RedirectStandardOutput = true };
        start.Environment["PGHOST"] = settings.Host;
        start.Environment["PGPORT"] = $"{settings.Port}";
        start.Environment["PGUSER"] = settings.Username;
        start.Environment["PGPASSWORD"] = settings.Password;
        start.Environment["PGDATABASE"] = settings.Database;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(started).TotalSeconds : throw new InvalidOperationException("psql failed; what it said is above.");
    }
}
