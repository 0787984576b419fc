using System.Globalization;

namespace SimLedger.Server.LocalPostgres;

/// <summary>Whom PostgreSQL runs as: us, or, since it refuses root, an unprivileged user by way of setpriv.</summary>
internal sealed record PostgresUser(string Name, int? Uid, int? Gid)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    private bool IsOther => Uid is not null;

    /// <exception cref="LocalPostgresException">We are root and there is nobody else to run it as.</exception>
    public static PostgresUser Choose()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return new PostgresUser(Environment.UserName, null, null);
        if (!File.Exists("/usr/bin/setpriv") && !File.Exists("/bin/setpriv"))
        {
            throw new LocalPostgresException("PostgreSQL refuses to run as root and setpriv is not installed. Install util-linux, run the server as another user, or set ConnectionStrings__SimLedger.");
        }
        foreach (var name in new[] { "postgres", "nobody" })
        {
            var line = File.ReadLines("/etc/passwd").FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal));
            if (line?.Split(':') is [_, _, var uid, var gid, ..])
            {
                return new PostgresUser(name, int.Parse(uid, CultureInfo.InvariantCulture), int.Parse(gid, CultureInfo.InvariantCulture));
            }
        }
        throw new LocalPostgresException("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody. Run the server as another user, or set ConnectionStrings__SimLedger.");
    }

    /// <summary>Runs a program of PostgreSQL as this user.</summary>
    public Task<(int ExitCode, string Output)> Run(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancel) => IsOther
        ? ChildProcess.Run("setpriv", [.. Switch(), program, .. arguments], limit, cancel)
        : ChildProcess.Run(program, arguments, limit, cancel);

    /// <summary>As <see cref="Run"/>, out of our process group: Ctrl-C in a terminal reaches the server first, which then ends PostgreSQL in order.</summary>
    public Task<(int ExitCode, string Output)> RunDetached(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancel) =>
        File.Exists("/usr/bin/setsid")
            ? ChildProcess.Run("/usr/bin/setsid", [.. IsOther ? ["setpriv", .. Switch()] : Array.Empty<string>(), program, .. arguments], limit, cancel)
            : Run(program, arguments, limit, cancel);

    /// <summary>Gives a folder and all in it to this user.</summary>
    public async Task Own(string path, CancellationToken cancel)
    {
        if (!IsOther) return;
        var (code, output) = await ChildProcess.Run("chown", ["-R", $"{Uid}:{Gid}", path], Quick, cancel);
        if (code != 0) throw new LocalPostgresException($"{path} could not be given to the user {Name}: {output.Trim()}.");
    }

    /// <summary>PostgreSQL's user must get through every folder above.</summary>
    /// <exception cref="LocalPostgresException">One is closed; which, and the cure.</exception>
    public async Task MustReach(string path, string what, string cure, CancellationToken cancel)
    {
        if (!IsOther) return;
        for (var folder = Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var (code, _) = await Run("test", ["-x", folder], Quick, cancel);
            var above = Path.GetDirectoryName(folder);
            if (code == 0) return; // Reachable, and so is all above it.
            if (above is null || (await Run("test", ["-x", above], Quick, cancel)).ExitCode == 0)
            {
                throw new LocalPostgresException($"{what} {path} is closed to the user {Name}, whom PostgreSQL runs as, at {folder}. {cure}");
            }
        }
    }

    private string[] Switch() => [$"--reuid={Uid}", $"--regid={Gid}", "--clear-groups"];
}
