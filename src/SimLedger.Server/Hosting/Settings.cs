namespace SimLedger.Server.Hosting;

/// <summary>What can be set from outside: appsettings.json, then the environment.</summary>
/// <param name="Connection">ConnectionStrings:SimLedger, of the application's role; null: the server starts its own PostgreSQL.</param>
/// <param name="OwnerConnection">ConnectionStrings:SimLedgerOwner, for migrations; null: the one above must do.</param>
/// <param name="DataFolder">SIMLEDGER_DATA; null: the usual place of the system.</param>
internal sealed record Settings(string? Connection, string? OwnerConnection, string? DataFolder)
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public static IConfigurationRoot Configuration() => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .Build();

    public static Settings Read(IConfiguration configuration) => new(
        Given(configuration.GetConnectionString("SimLedger")), Given(configuration.GetConnectionString("SimLedgerOwner")), Given(configuration["SIMLEDGER_DATA"]));

    /// <summary>Whether this process keeps the due list's rows near the present and notes lapses; SIMLEDGER_KEEPER=off leaves that to others.</summary>
    public static bool Keeps(IConfiguration configuration) => Given(configuration["SIMLEDGER_KEEPER"]) switch
    {
        null or "on" => true,
        "off" => false,
        var other => throw new SetupException($"SIMLEDGER_KEEPER is '{other}'. It takes on or off."),
    };

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
