using System.Text.Json;
using Npgsql;
using SimLedger.Ledger.Schema;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;
using SimLedger.Server.Http;

namespace SimLedger.Server.Hosting;

/// <summary>
/// /livez: the process answers. /readyz: requests would be served, durably, and what works in the background goes on. Neither needs a key nor tells
/// a secret.
/// </summary>
internal static class Health
{
    private const string DurabilitySql = "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => Results.Text("ok\n")).DisableHttpMetrics().Answers("text/plain");
        routes.MapGet("/readyz", Ready).DisableHttpMetrics();
    }

    private static async Task Ready(HttpContext http, TenantDatabase database, KeeperPulse keeper, JobsPulse jobs, IConfiguration configuration)
    {
        List<(string Name, string? Trouble)> checks =
        [
            .. await OfDatabase(database, http.RequestAborted),
            .. Settings.Keeps(configuration) ? [("worker", keeper.Trouble()), ("viewLag", keeper.LagTrouble())] : Array.Empty<(string, string?)>(),
            ("jobs", jobs.Trouble()),
        ];
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

    private static async Task<IReadOnlyList<(string Name, string? Trouble)>> OfDatabase(TenantDatabase database, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            await using var connection = await database.OpenConnection(limit.Token);
            var number = await Migrator.CurrentNumber(connection, limit.Token);
            await using var command = new NpgsqlCommand(DurabilitySql, connection);
            await using var reader = await command.ExecuteReaderAsync(limit.Token);
            await reader.ReadAsync(limit.Token);
            var off = new[] { "fsync", "synchronous_commit", "full_page_writes" }.Where((_, i) => reader.GetString(i) == "off").ToList();
            return
            [
                ("database", null),
                ("schema", number == Database.Migrations.Count ? null : $"{number} of {Database.Migrations.Count} migrations"),
                ("durability", off.Count == 0 ? null : $"{string.Join(", ", off)} off: an acknowledged fact could be lost"),
            ];
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return [("database", "cannot be reached")]; // Perhaps half-way: what was learned until then is not told.
        }
    }
}
