using System.Text.Json;
using SimLedger.Rules;
using SimLedger.Rules.Explaining;
using SimLedger.Server.DueList;

namespace SimLedger.Server.Explaining;

/// <summary>The explanation of one line, in one language.</summary>
internal sealed class ExplanationJson(Utf8JsonWriter json, Language language, RulePack? pack, string? carrier)
{
    public void Write(Cards.Line line, Standing standing, Explanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("lineId", line.Id);
        json.WriteString("number", line.Number);
        WriteNamed("carrier", pack?.Code ?? carrier, pack?.Name);
        WriteNamed("product", line.Product, line.Product is { } code ? pack?.FindProduct(code)?.Name : null);
        json.WriteString("timeZone", (pack ?? RulePack.WithoutRules).Zone.Id);
        json.WriteString("stage", Words.Of(standing.Stage));
        json.WriteString("endsOn", Words.Of(standing.EndsOn));
        json.WriteString("renewBy", Words.Of(standing.RenewBy));
        json.WriteString("confidence", standing.Confidence is { } sure ? Words.Of(sure) : null);
        json.WriteString("summary", language.Say(explanation.Summary, pack));
        json.WriteStartArray("statements");
        foreach (var statement in explanation.Statements) StatementJson.Write(json, statement, language, pack);
        json.WriteEndArray();
        WriteClocks(standing, explanation);
        WriteStages(explanation);
        WriteSources(explanation);
        json.WriteStartArray("facts");
        foreach (var fact in explanation.Facts) Write(fact);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteNamed(string member, string? code, TextByLanguage? name)
    {
        if (code is null)
        {
            json.WriteNull(member);
            return;
        }
        json.WriteStartObject(member);
        json.WriteString("code", code);
        json.WriteString("name", name?.In(language.Tag) ?? code);
        json.WriteEndObject();
    }

    private void WriteClocks(Standing standing, Explanation explanation)
    {
        json.WriteStartArray("clocks");
        foreach (var clock in standing.Clocks)
        {
            json.WriteStartObject();
            json.WriteString("id", clock.Id);
            json.WriteString("kind", EnumNames.Of(clock.Kind));
            json.WriteString("name", language.NameOf(clock.Id, clock.Kind, explanation.SharedKinds.Contains(clock.Kind)));
            json.WriteString("endsOn", Words.Of(clock.EndsOn));
            json.WriteString("deadlineAt", Words.Of(clock.DeadlineAt));
            json.WriteBoolean("running", clock.Running);
            json.WriteString("ruleVersion", clock.RuleVersion);
            json.WriteString("confidence", clock.Confidence is { } sure ? Words.Of(sure) : null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteStages(Explanation explanation)
    {
        json.WriteStartArray("stages");
        foreach (var stage in explanation.Stages)
        {
            json.WriteStartObject();
            json.WriteString("stage", Words.Of(stage.Period.Stage));
            json.WriteString("name", language.NameOf(stage.Period.Stage));
            json.WriteString("from", Words.Of(stage.Period.From));
            json.WriteString("to", Words.Of(stage.Period.To));
            json.WriteString("endsOn", Words.Of(stage.Period.EndsOn));
            if (stage.OfLadder is { Services.Count: > 0 } ofLadder)
            {
                json.WritePropertyName("services");
                StatementJson.Write(json, ofLadder.Services);
            }
            if (stage.OfLadder?.Balance is { } fate) json.WriteString("balance", EnumNames.Of(fate));
            if (stage.OfLadder?.Note is { } note) json.WriteString("note", note);
            json.WriteString("text", language.Say(stage.Statements, pack));
            json.WriteStartArray("rescue");
            foreach (var way in stage.Rescue) StatementJson.Write(json, way, language, pack);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteSources(Explanation explanation)
    {
        json.WriteStartArray("sources");
        foreach (var version in explanation.Sources)
        {
            json.WriteStartObject();
            json.WriteString("version", version.Version);
            json.WriteString("title", version.Source.Title);
            json.WriteString("url", version.Source.Url);
            json.WriteString("checkedOn", Words.Of(version.Source.CheckedOn));
            json.WriteString("confidence", Words.Of(version.Source.Confidence));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Write(ExplainedFact fact)
    {
        json.WriteStartObject();
        json.WriteString("factId", fact.Entry.Id);
        json.WriteString("type", EnumNames.Of(fact.Entry.Type));
        json.WriteString("at", fact.Entry.At.Date is { } date ? Words.Of(date) : Words.Of(fact.At));
        OutcomeJson.WriteMembers(json, fact.Outcome);
        json.WriteString("text", language.Say(fact.Statements, pack));
        json.WriteEndObject();
    }
}
