using SimLedger.Cards;
using SimLedger.Rules;
using SimLedger.Rules.Planning;
using SimLedger.Server.Http;
using SimLedger.Server.RulesInForce;

namespace SimLedger.Server.UseCases;

/// <summary>
/// POST /v1/plans: the cheapest schedule of actions that keeps every line's deadline at least the margin away, brought together by channel and day.
/// A read that takes a body: it records nothing.
/// </summary>
internal static class PlanRenewals
{
    private const int DefaultMonths = 12;
    private const int DefaultMargin = 7;
    private const int DefaultBatch = 30;
    private const int MostIds = 1_000;
    private const int MostNames = 50;

    /// <summary>Planning fills a processor for seconds: one at a time in a process, so that it never takes them all from the requests.</summary>
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/plans", async (HttpContext http, PlanLines lines, RuleBook book, CardLedger cards) =>
    {
        if (await Handle(http, lines, book, cards) is { } problem) await problem.ExecuteAsync(http);
    }).WithMetadata(new RecordsNothing());

    private static async Task<Problem?> Handle(HttpContext http, PlanLines lines, RuleBook book, CardLedger cards)
    {
        var (cancel, tenant, now) = (http.RequestAborted, Caller.Of(http).Tenant, cards.Now);
        if (new RequestQuery(http.Request).Finish() is { } query) return query;
        var (body, _, unreadable) = await RequestBody.Read(http.Request, cancel);
        if (body is null) return unreadable;
        var (lineIds, carriers) = (body.Ids("lineIds", MostIds), body.Texts("carriers", MostNames));
        var request = new PlanRequest(
            now, new Term(body.Whole("horizonMonths", 1, PlanRequest.MostMonths) ?? DefaultMonths, TermUnit.Month), body.Whole("marginDays", 0, PlanRequest.MostMargin) ?? DefaultMargin,
            body.Texts("preferredChannels", MostNames), body.Whole("batchDays", 0, PlanRequest.MostBatch) ?? DefaultBatch, body.YesOrNo("unpricedToo") ?? true);
        if (body.Finish() is { } wrong) return wrong;

        if (carriers is not null)
        {
            var rules = await book.Newest(tenant, cancel);
            carriers = [.. carriers.Select(name => rules.Packs.Find(name)?.Code ?? name)];
        }
        if (!await OneAtATime.WaitAsync(Patience, cancel)) return new Problem(ProblemKind.Busy, "Another plan is being made. Ask again in a while.") { RetryAfter = Patience };
        try
        {
            if (await lines.Read(tenant, lineIds, carriers, now, cancel) is not { } found)
            {
                return new Problem(ProblemKind.PlanTooLarge, $"There are more than {PlanLines.Most} lines. Name carriers, or up to {MostIds} lines by lineIds.");
            }
            if (lineIds is not null && Missing(lineIds, found.Lines) is { Count: > 0 } missing) return new Problem(ProblemKind.InvalidRequest, RequestBody.Summary(missing), missing);

            var plan = Planner.Plan([.. found.Lines.Select(line => line.Asked)], request, cancel);
            await JsonText.Answer(http, StatusCodes.Status200OK, json => PlanJson.WriteMembers(json, request, plan, found.Lines, found.NotRead));
            return null;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static List<MemberError> Missing(IReadOnlyList<Guid> lineIds, IReadOnlyList<LineOfPlan> found)
    {
        var known = found.Select(line => line.Line.Id).ToHashSet();
        return [.. lineIds.Select((id, i) => (Id: id, Index: i)).Where(l => !known.Contains(l.Id)).Take(100).Select(l => new MemberError($"/lineIds/{l.Index}", ValueCode.UnknownName, $"There is no line {l.Id:D}."))];
    }
}
