using Microsoft.Extensions.Logging.Console;

namespace SimLedger.Server.Hosting;

/// <summary>How the server writes its log to standard output: lines of JSON for programs, plain text for a person at a terminal.</summary>
internal static class Logs
{
    /// <summary>`json` or `plain`; not set: JSON unless the output is a terminal.</summary>
    public const string Setting = "SIMLEDGER_LOGS";

    /// <exception cref="SetupException">The setting is neither word.</exception>
    public static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        // At Information it would write the address of every request as it came, with numbers and owners in it.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        if (!AsJson(configuration[Setting])) return;
        logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = JsonLines.FormatName);
    }

    private static bool AsJson(string? setting) => setting switch
    {
        null or "" => Console.IsOutputRedirected,
        "json" => true,
        "plain" => false,
        _ => throw new SetupException($"{Setting} is {setting}; it takes json or plain, or is left out."),
    };
}
