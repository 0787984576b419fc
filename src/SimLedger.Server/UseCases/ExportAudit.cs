using System.Runtime.CompilerServices;
using System.Text.Json;
using SimLedger.Ledger;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.Exporting;
using SimLedger.Server.Http;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/exports/audit: every fact that the filters of the audit ask for, newest first, as a file.</summary>
internal static class ExportAudit
{
    /// <summary>Facts in memory at once; the largest take 64 KiB each, twice.</summary>
    private const int PageRows = 200;

    private static readonly IReadOnlyList<ExportColumn> Columns =
    [
        .. new[] { "position", "recordedAt", "actor", "origin", "reason", "requestId", "type", "cardId", "version" }.Select(ExportCells.Member),
        new("at", fact => fact.GetProperty("data") is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("at", out var at) ? ExportCells.Text(at) : ""),
        new("data", fact => fact.GetProperty("data") is { ValueKind: not JsonValueKind.Null } data ? data.GetRawText() : ""),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/exports/audit", async (HttpContext http, AuditTrail trail, ExportAnswer answer) =>
    {
        if (await Handle(http, trail, answer) is { } problem) await problem.ExecuteAsync(http);
    }).Answers("text/csv", "application/x-ndjson");

    private static async Task<Problem?> Handle(HttpContext http, AuditTrail trail, ExportAnswer answer)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var filter = ReadAudit.Filter(query);
        var format = ExportFormat.Read(query, http.Request);
        if (query.Finish() is { } wrong) return wrong;
        return await answer.Send(http, format, "audit", Columns, cancel => Pages(trail, tenant, filter, cancel));
    }

    private static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Pages(AuditTrail trail, TenantId tenant, AuditFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        long? before = null;
        do
        {
            var page = await trail.Read(tenant, filter, before, PageRows, cancel);
            yield return [.. page.Facts.Select(FactJson.Line)];
            before = page.Next;
        }
        while (before is not null);
    }
}
