using System.Runtime.CompilerServices;
using NodaTime;
using SimLedger.Ledger.Tenancy;
using SimLedger.Server.DueList;
using SimLedger.Server.Exporting;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>GET /v1/exports/due-list: every line that the filters of the due list ask for, most urgent first, as a file.</summary>
internal static class ExportDueList
{
    /// <summary>Lines in memory at once. Many: each page brings what time has changed to the present again.</summary>
    private const int PageRows = 500;

    /// <summary>Every member of a line that is a value or a list of words.</summary>
    private static readonly IReadOnlyList<ExportColumn> Columns =
    [
        .. new[]
        {
            "cardId", "lineId", "number", "nationalNumber", "iccid", "carrier", "product", "owner", "importance", "stage", "closed", "settle", "dueOn", "renewBy", "overdue", "prepareFrom", "endsOn", "deadlineAt",
            "timeZone", "clock", "ruleVersion", "confidence", "ownRules", "flags", "tags",
        }.Select(ExportCells.Member),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/exports/due-list", async (HttpContext http, DueListQuery dueList, RuleBook rules, CardLedger cards, ExportAnswer answer) =>
    {
        if (await Handle(http, dueList, rules, cards, answer) is { } problem) await problem.ExecuteAsync(http);
    }).Answers("text/csv", "application/x-ndjson");

    private static async Task<Problem?> Handle(HttpContext http, DueListQuery dueList, RuleBook rules, CardLedger cards, ExportAnswer answer)
    {
        var tenant = Caller.Of(http).Tenant;
        var query = new RequestQuery(http.Request);
        var filter = await ReadDueList.Filter(query, tenant, rules, http.RequestAborted);
        var format = ExportFormat.Read(query, http.Request);
        if (query.Finish() is { } wrong) return wrong;
        try
        {
            return await answer.Send(http, format, "due-list", Columns, cancel => Pages(dueList, tenant, filter, cards.Now, cancel));
        }
        catch (DueListBehindException)
        {
            return ReadDueList.Behind();
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Pages(
        DueListQuery dueList, TenantId tenant, DueListFilter filter, Instant now, [EnumeratorCancellation] CancellationToken cancel)
    {
        DueListPlace? after = null;
        do
        {
            var page = await dueList.Page(tenant, filter, after, now, PageRows, cancel);
            yield return [.. page.Rows.Select(row => JsonText.Line(json => LineJson.Write(json, row, page.Now)))];
            after = page.Next;
        }
        while (after is not null);
    }
}
