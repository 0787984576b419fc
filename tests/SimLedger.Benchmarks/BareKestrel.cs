using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SimLedger.Benchmarks;

/// <summary>The least that a server on this platform can be: it answers GET / with what one query gives. What the start of ours is compared with, as a process of its own.</summary>
internal static class BareKestrel
{
    /// <summary>The argument that makes this program be it.</summary>
    public const string Verb = "bare-kestrel";

    /// <summary>Serves until it is ended. Database and address come as they do for ours.</summary>
    public static async Task<int> Run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var source = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("ConnectionStrings__SimLedger") ?? throw new InvalidOperationException("ConnectionStrings__SimLedger is not set."));
        await using var app = builder.Build();
        app.MapGet("/", async () =>
        {
            await using var command = source.CreateCommand("select 1");
            return $"{await command.ExecuteScalarAsync()}";
        });
        await app.RunAsync();
        return 0;
    }
}
