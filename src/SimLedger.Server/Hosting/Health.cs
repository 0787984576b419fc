using System.Text.Json;
using Npgsql;
using SimLedger.Ledger.Schema;
using SimLedger.Ledger.Tenancy;

namespace SimLedger.Server.Hosting;

/// <summary>/livez: the process answers. /readyz: requests would be served, durably. Neither needs a key nor tells a secret.</summary>
internal static class Health
{
    private const string DurabilitySql = "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => Results.Text("ok\n"));
        routes.MapGet("/readyz", Ready);
    }

    private static async Task Ready(HttpContext http, TenantDatabase database)
    {
        var checks = new List<(string Name, string? Trouble)>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await database.OpenConnection(limit.Token);
            checks.Add(("database", null));
            var number = await Migrator.CurrentNumber(connection, limit.Token);
            checks.Add(("schema", number == Database.Migrations.Count ? null : $"{number} of {Database.Migrations.Count} migrations"));
            await using var command = new NpgsqlCommand(DurabilitySql, connection);
            await using var reader = await command.ExecuteReaderAsync(limit.Token);
            await reader.ReadAsync(limit.Token);
            var off = new[] { "fsync", "synchronous_commit", "full_page_writes" }.Where((_, i) => reader.GetString(i) == "off").ToList();
            checks.Add(("durability", off.Count == 0 ? null : $"{string.Join(", ", off)} off: an acknowledged fact could be lost"));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            checks.Clear(); // It may have been lost half-way.
            checks.Add(("database", "cannot be reached"));
        }

        var ready = checks.TrueForAll(c => c.Trouble is null);
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", ready ? "ready" : "not ready");
        json.WriteStartObject("checks");
        foreach (var (name, trouble) in checks) json.WriteString(name, trouble ?? "ok");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
