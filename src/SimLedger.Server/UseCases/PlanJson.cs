using System.Globalization;
using System.Text.Json;
using NodaTime.Text;
using SimLedger.Rules;
using SimLedger.Rules.Planning;
using SimLedger.Server.DueList;

namespace SimLedger.Server.UseCases;

/// <summary>A plan as the answer shows it.</summary>
internal static class PlanJson
{
    private static readonly YearMonthPattern Months = YearMonthPattern.Iso;

    /// <param name="lines">In the order of the plan's.</param>
    /// <param name="notRead">Cards beyond this program; their lines are in no plan.</param>
    public static void WriteMembers(Utf8JsonWriter json, PlanRequest request, Plan plan, IReadOnlyList<LineOfPlan> lines, int notRead)
    {
        json.WriteString("asOf", Words.Of(request.From));
        json.WriteNumber("horizonMonths", request.Horizon.N);
        json.WriteNumber("marginDays", request.MarginDays);
        json.WriteNumber("lineCount", lines.Count);
        json.WriteNumber("covered", plan.Lines.Count(line => line.IsCovered));
        json.WriteNumber("cardsNotRead", notRead);
        json.WriteNumber("visitCount", plan.Visits.Count);
        json.WriteNumber("visitCountUnbatched", plan.VisitsUnbatched);
        json.WriteStartArray("totals");
        foreach (var total in plan.Totals) WriteCost(json, null, total.Currency, total.Amount, total.Unpriced);
        json.WriteEndArray();
        json.WriteStartArray("months");
        foreach (var month in plan.Months) WriteCost(json, Months.Format(month.Month), month.Currency, month.Amount, month.Unpriced);
        json.WriteEndArray();
        json.WriteStartArray("uncovered");
        foreach (var line in plan.Uncovered) json.WriteStringValue(line.LineId);
        json.WriteEndArray();
        json.WriteStartArray("visits");
        foreach (var visit in plan.Visits) WriteVisit(json, visit);
        json.WriteEndArray();
        json.WriteStartArray("lines");
        for (var i = 0; i < lines.Count; i++) WriteLine(json, lines[i], plan.Lines[i]);
        json.WriteEndArray();
    }

    private static void WriteCost(Utf8JsonWriter json, string? month, string currency, decimal amount, int unpriced)
    {
        json.WriteStartObject();
        if (month is not null) json.WriteString("month", month);
        json.WriteString("amount", amount.ToString(CultureInfo.InvariantCulture));
        json.WriteString("currency", currency);
        json.WriteNumber("unpriced", unpriced);
        json.WriteEndObject();
    }

    private static void WriteVisit(Utf8JsonWriter json, PlannedVisit visit)
    {
        json.WriteStartObject();
        json.WriteString("day", Words.Of(visit.Day));
        json.WriteString("carrier", visit.Carrier);
        json.WriteString("channel", visit.Channel);
        json.WriteStartArray("lineIds");
        foreach (var line in visit.LineIds) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter json, LineOfPlan line, LinePlan plan)
    {
        json.WriteStartObject();
        json.WriteString("cardId", line.CardId);
        json.WriteString("lineId", line.Line.Id);
        json.WriteString("number", line.Line.Number);
        json.WriteString("carrier", line.Carrier);
        json.WriteString("product", line.Line.Product);
        json.WriteBoolean("covered", plan.IsCovered);
        json.WriteString("safeUntil", Words.Of(plan.SafeUntil));
        json.WriteString("horizonEnd", Words.Of(plan.HorizonEnd));
        json.WriteStartArray("issues");
        foreach (var issue in plan.Issues) json.WriteStringValue(EnumNames.Of(issue));
        json.WriteEndArray();
        json.WriteStartArray("actions");
        foreach (var action in plan.Actions) WriteAction(json, action, line.Currency);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter json, PlannedAction planned, string? currency)
    {
        json.WriteStartObject();
        json.WriteString("day", Words.Of(planned.Day));
        json.WriteString("latestDay", Words.Of(planned.LatestDay));
        json.WriteBoolean("late", planned.IsLate);
        QuoteJson.WriteAction(json, planned.Action, currency);
        QuoteJson.WritePrice(json, planned.Price, currency);
        json.WriteString("clock", planned.Clock);
        json.WriteString("serves", Words.Of(planned.Serves));
        json.WriteString("endsOn", Words.Of(planned.EndsOn));
        json.WriteString("ruleVersion", planned.RuleVersion);
        json.WriteString("confidence", Words.Of(planned.Confidence));
        json.WriteEndObject();
    }
}
