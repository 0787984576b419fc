using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.IntegrationTests.Http;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>Server and model say different things.</summary>
public sealed class DisagreementException(string message) : Exception(message);

/// <summary>Carries a script out over HTTP for a new organisation and holds every answer against the model.</summary>
internal sealed class ScriptRun(ApiClient client, StoppedClock clock, Packs packs, ConcurrentDictionary<string, int> seen)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private static readonly Duration Kept = Duration.FromHours(48);

    private readonly ModelOrganisation _model = new(packs) { Now = Instant.FromDateTimeOffset(Start) };
    private readonly List<Wanted> _sent = [];

    /// <exception cref="DisagreementException">With the step, what was sent, what was expected and what came.</exception>
    public async Task Run(Script script)
    {
        clock.Now = Start;
        var wanted = new WantedBySteps(_model);
        for (var i = 0; i < script.Steps.Count; i++)
        {
            var step = script.Steps[i];
            try
            {
                await Do(step, wanted);
                Count("steps");
            }
            catch (Exception error)
            {
                throw new DisagreementException($"Step {i + 1}, {step}, at {clock.Now:O}: {error.Message}");
            }
        }
    }

    private async Task Do(Step step, WantedBySteps wanted)
    {
        switch (step.Act)
        {
            case Act.Advance:
                clock.Now += (step.A % 4) switch { 0 => TimeSpan.FromMinutes(step.B), 1 => TimeSpan.FromHours(step.B % 60), 2 => TimeSpan.FromDays(step.B % 20), _ => TimeSpan.FromDays(step.B % 120) };
                _model.Now = Instant.FromDateTimeOffset(clock.Now);
                break;
            case Act.Repeat when _sent.Count > 0:
                await Send(_sent[^(1 + (step.A % Math.Min(_sent.Count, 12)))], null);
                break;
            case Act.ReuseKey when _sent.Count > 0:
                var earlier = _sent[^(1 + (step.A % Math.Min(_sent.Count, 12)))];
                if (Stored(earlier)) (await client.Post(earlier.Path, $"{earlier.Body} ", earlier.Key)).Problem(System.Net.HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
                break;
            case Act.ReadCard when _model.Cards.Count > 0:
                await ReadCard(_model.Cards[step.Card % _model.Cards.Count]);
                break;
            case Act.ReadDueList:
                await ReadDueList(step);
                break;
            default:
                if (wanted.Of(step) is not { } request) break;
                _sent.Add(request);
                await Send(request, request.Card is null || request.Path.EndsWith("lines", StringComparison.Ordinal) ? null : (step.C % 11) switch { 7 => 0, 8 => -1, _ => (int?)null });
                break;
        }
    }

    private bool Stored(Wanted wanted) => wanted.Stored is { } stored && stored.At + Kept > _model.Now;

    /// <param name="ifMatch">Null: not sent; else the version that is expected, counted from the newest.</param>
    private async Task Send(Wanted wanted, int? ifMatch)
    {
        var version = wanted.Card?.Facts.Count + ifMatch;
        var answer = await client.Post(wanted.Path, wanted.Body, wanted.Key, version is null ? [] : [("If-Match", $"\"{version.Value.ToString(CultureInfo.InvariantCulture)}\"")]);
        if (Stored(wanted))
        {
            Count("replayed");
            Same("replayed", "true", answer.Header("Idempotency-Replayed"));
            Same("first answer", $"{wanted.Stored!.Value.Status} {wanted.Stored.Value.Text}", $"{(int)answer.Status} {answer.Text}");
            return;
        }
        var expected = _model.Held(wanted.Card, wanted.Expect());
        if (ifMatch == -1 && expected.Code != "card-not-found") expected = Expected.Refused("version-mismatch", 412);
        var sent = $"{wanted.Path} {wanted.Body}";
        Count(expected.Code ?? (expected.Facts.Count > 0 ? "recorded" : "stood already"));
        if (expected.Code is { } code)
        {
            Same(sent, $"{expected.Status} {code}", $"{(int)answer.Status} {(answer.Json.TryGetProperty("code", out var came) ? came.GetString() : answer.Text)}");
            return;
        }

        Same($"status of {sent} ({answer.Text})", expected.Status, (int)answer.Status);
        var json = answer.Json;
        var facts = json.GetProperty("facts").EnumerateArray().ToList();
        Same($"facts of {sent}", string.Join(' ', expected.Facts.Select(f => f.Type)), string.Join(' ', facts.Select(f => f.GetProperty("type").GetString())));
        Same($"warnings of {sent}", string.Join(", ", expected.Warnings), string.Join(", ", json.GetProperty("warnings").EnumerateArray().Select(Warning)));
        if (expected.RepeatOf is { } repeated) Same($"repeatOf of {sent}", repeated.ToString("D"), json.TryGetProperty("repeatOf", out var of) ? of.GetString() : null);

        var card = wanted.Card;
        if (card is null) _model.Cards.Add(card = new ModelCard(json.GetProperty("cardId").GetGuid(), expected.First!));
        ModelOrganisation.Record(card, expected, [.. facts.Select(f => f.GetProperty("factId").GetGuid())], [.. json.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("lineId").GetGuid())]);
        wanted.Stored = ((int)answer.Status, answer.Text, _model.Now);
        Same($"version of {sent}", card.Facts.Count, json.GetProperty("version").GetInt32());
        SameLines(sent, _model.LinesOf(card), json.GetProperty("lines"));
    }

    private async Task ReadCard(ModelCard card)
    {
        var json = (await client.Get($"/v1/cards/{card.Id}")).Is(System.Net.HttpStatusCode.OK).Json;
        var state = card.Now;
        Same("card", $"{card.Facts.Count} {packs.Code(state.Carrier)} {state.Iccid} {state.Owner} {state.Importance} {string.Join(',', state.Tags)} {state.Notes} {state.Sim} {state.Retired}", string.Join(
            ' ', json.GetProperty("version").GetInt32(), Text("carrier"), Text("iccid"), Text("owner"), Text("importance"),
            string.Join(',', json.GetProperty("tags").EnumerateArray().Select(t => t.GetString())), Text("notes"), Text("simCondition"), json.GetProperty("retired").GetBoolean()));
        SameLines("card", _model.LinesOf(card), json.GetProperty("lines"));

        string? Text(string name) => json.GetProperty(name).GetString();
    }

    private async Task ReadDueList(Step step)
    {
        var (query, passes) = Filter(step);
        var expected = _model.Lines.Where(passes).OrderBy(l => l.Place).ToList();
        var (path, items) = ($"/v1/due-list?limit={1 + (step.C % 6)}{query}", new List<JsonElement>());
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await client.Get(path + (cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"))).Is(System.Net.HttpStatusCode.OK).Json;
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        Same($"lines of {path}", string.Join('\n', expected.Select(Told)), string.Join('\n', items.Select(Told)));
        Count(expected.Count > 0 ? "due list" : "empty due list");
    }

    private void Count(string what) => seen.AddOrUpdate(what, 1, (_, before) => before + 1);

    private static (string Query, Func<ModelLine, bool> Passes) Filter(Step step)
    {
        var (query, passes) = ("", new List<Func<ModelLine, bool>>());
        var (closed, lost) = (step.A % 5 == 0, step.B % 7 == 0);
        if (closed) query += "&closed=true";
        if (lost)
        {
            query += "&stage=active,lost,grace";
            passes.Add(l => l.Stage is Stage.Active or Stage.Lost or Stage.Grace);
        }
        passes.Add(l => !l.Closed || closed || (lost && l.Stage == Stage.Lost));
        Add(step.A % 3 == 1, $"within={step.B % 200}d", l => l.Settle || l.DueOn <= l.Today.PlusDays(step.B % 200));
        Add(step.A % 7 == 2, "carrier=ph-tm,nobody-knows", l => l.Carrier is "ph-tm" or "nobody-knows");
        Add(step.B % 6 == 1, "tag=otp", l => l.Tags.Contains("otp"));
        Add(step.B % 6 == 2, "owner=Ana", l => l.Owner == "Ana");
        Add(step.B % 6 == 3, "flag=notStarted,simLost,statusDiffers", l => l.Flags.Any(f => f is "notStarted" or "simLost" or "statusDiffers"));
        Add(step.C % 6 == 4, "importance=critical,high", l => l.Importance is "critical" or "high");
        Add(step.C % 6 == 5, "product=prepaid", l => l.Product == "prepaid");
        Add(step.C % 7 == 3, "settle=false", l => !l.Settle);
        Add(step.C % 7 == 4, "settle=true", l => l.Settle);
        return (query, line => passes.TrueForAll(p => p(line)));

        void Add(bool wanted, string text, Func<ModelLine, bool> pass)
        {
            if (!wanted) return;
            query += $"&{text}";
            passes.Add(pass);
        }
    }

    private static void SameLines(string what, IEnumerable<ModelLine> expected, JsonElement lines) =>
        Same($"lines of {what}", string.Join('\n', expected.Select(Told)), string.Join('\n', lines.EnumerateArray().Select(Told)));

    private static string Told(ModelLine line) => string.Join(
        '|', line.CardId, line.LineId, line.Number, line.Carrier, line.Product, line.Owner, line.Importance, EnumNames.Of(line.Stage), line.Closed, line.Settle, Day(line.DueOn), Day(line.EndsOn),
        Day(line.RenewBy), line.Overdue, string.Join(',', line.Flags), string.Join(',', line.Tags));

    private static string Told(JsonElement line)
    {
        return string.Join(
            '|', Text("cardId"), Text("lineId"), Text("number"), Text("carrier"), Text("product"), Text("owner"), Text("importance"), Text("stage"), line.GetProperty("closed").GetBoolean(),
            line.GetProperty("settle").GetBoolean(), Text("dueOn"), Text("endsOn"), Text("renewBy"), line.GetProperty("overdue").GetBoolean(), Texts("flags"), Texts("tags"));

        string? Text(string name) => line.GetProperty(name).GetString();
        string Texts(string name) => string.Join(',', line.GetProperty(name).EnumerateArray().Select(t => t.GetString()));
    }

    private static string Warning(JsonElement warning) => warning.GetProperty("code").GetString() switch
    {
        "possibleDuplicate" => $"possibleDuplicate {warning.GetProperty("factId").GetString()}",
        "lookAlikeNumber" => $"lookAlikeNumber {warning.GetProperty("number").GetString()} {warning.GetProperty("cardId").GetString()}",
        var other => other ?? "",
    };

    private static string? Day(LocalDate? day) => day is { } date ? LocalDatePattern.Iso.Format(date) : null;

    private static void Same<T>(string what, T expected, T came)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, came)) throw new DisagreementException($"{what}\nthe model says:\n{expected}\nthe server says:\n{came}");
    }
}
