using System.Diagnostics;

namespace SimLedger.Server.LocalPostgres;

/// <summary>A program run to its end, with a deadline and what it said.</summary>
internal static class ChildProcess
{
    /// <returns>Exit code and everything printed, errors after output.</returns>
    /// <exception cref="LocalPostgresException">It could not be started, or did not end in time; then it was killed.</exception>
    public static async Task<(int ExitCode, string Output)> Run(
        string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancel, string? folder = null)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder ?? Path.GetTempPath(),
            },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new LocalPostgresException($"{program} could not be started: {error.Message}.", error);
        }
        process.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new LocalPostgresException($"{Path.GetFileName(program)} did not end within {limit.TotalSeconds:0} seconds.");
        }
    }
}

/// <summary>The server's own PostgreSQL cannot be used. The message says what, where and the cure.</summary>
public sealed class LocalPostgresException(string message, Exception? cause = null) : Exception(message, cause);
