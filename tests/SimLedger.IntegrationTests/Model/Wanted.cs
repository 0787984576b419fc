using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>A request and what the model says of it when it is asked; asked again where it is sent again.</summary>
/// <param name="Card">Null: it makes one.</param>
internal sealed record Wanted(string Path, string Body, ModelCard? Card, Func<Expected> Expect)
{
    public string Key { get; } = Guid.NewGuid().ToString();

    /// <summary>What was answered to its key, while that is kept.</summary>
    public (int Status, string Text, Instant At)? Stored { get; set; }
}

/// <summary>Makes requests out of the numbers of steps.</summary>
internal sealed class WantedBySteps(ModelOrganisation model)
{
    private static readonly string[] Numbers =
        ["+639170000101", "+639170000102", "+639170000213", "+639170000324", "+639170000435", "+639170000546", "+639170000657", "+639170000768", "+639170000879", "+639170000890", "+639170001001", "+639170001112"];

    private static readonly string[] Iccids = ["8963020000000000015", "8963020000000000080", "8963020000000000155", "8963020000000000221", "8963020000000000296", "8963020000000000361"];

    private static readonly (string? Carrier, string? Product)[] Carriers =
        [("ph-tm", "prepaid"), ("hk-cmhk", "one-card-two-numbers"), ("gb-giffgaff", "payg"), ("ph-tm", null), ("nobody-knows", "x"), (null, null)];

    private static readonly string[] Owners = ["Ana", "Ben", ""];
    private static readonly string[] Importances = ["normal", "high", "critical"];
    private static readonly string[][] Tags = [["otp"], ["otp", "bank"], ["travel"], []];

    public Wanted? Of(Step step)
    {
        if (step.Act == Act.Register) return Register(step);
        if (model.Cards.Count == 0) return null;
        var card = model.Cards[step.Card % model.Cards.Count];
        var lines = card.Now.Lines;
        var line = step.Act switch
        {
            Act.MissingLine => null,
            Act.UnknownLine => Guid.NewGuid(),
            _ => lines.Count == 1 && step.Line == 0 ? (Guid?)null : lines[step.Line % lines.Count].Id,
        };
        return step.Act is Act.MissingLine or Act.UnknownLine ? OfLine(step with { Act = Lines[step.A % Lines.Length] }, card, line) : OfLine(step, card, line) ?? OfCard(step, card);
    }

    private static readonly Act[] Lines = [Act.Activate, Act.TopUp, Act.Renew, Act.Use, Act.SeeBalance, Act.StateExpiry, Act.ChangeNumber, Act.Detach];

    private Wanted Register(Step step)
    {
        var (carrier, product) = Carriers[step.B % Carriers.Length];
        List<(string? Number, string? Product)> lines = [(step.A % 11 == 0 ? null : Numbers[step.A % Numbers.Length], product)];
        if (step.C % 3 == 0) lines.Add((step.C % 2 == 0 ? null : Numbers[(step.A + step.C) % Numbers.Length], product));
        var (iccid, owner) = (step.C % 4 == 1 ? Iccids[step.B % Iccids.Length] : null, step.C % 5 == 0 ? Owners[step.B % 2] : null);
        var (importance, tags) = (step.A % 3 == 0 ? Importances[step.C % 3] : null, step.A % 4 == 0 ? Tags[step.B % 3] : null);
        var body = Json(
            ("carrier", carrier), ("iccid", iccid), ("lines", lines.Select(l => new Dictionary<string, object?> { ["number"] = l.Number, ["product"] = l.Product }).ToArray()), ("owner", owner),
            ("importance", importance), ("tags", tags));
        return new Wanted("/v1/cards", body, null, () => ModelOrganisation.Register(carrier, iccid, lines, owner, importance, tags));
    }

    private Wanted? OfLine(Step step, ModelCard card, Guid? line)
    {
        var (at, written) = Time(step, card);
        var order = step.C % 2 == 0 ? $"order-{step.A % 3}" : null;
        var currency = step.C % 7 == 0 ? "USD" : null;
        var amount = new[] { 50m, 100m, 300m, 10m, 0m }[step.A % (step.A % 20 == 4 ? 5 : 4)];
        var money = amount.ToString(CultureInfo.InvariantCulture);
        var later = model.Now.InUtc().Date.PlusDays(step.A % 400);
        switch (step.Act)
        {
            case Act.Activate:
                return New("activations", () => model.Activate(card, line, at()));
            case Act.RegisterIdentity:
                return New("registrations", () => model.RegisterIdentity(card, line, at()));
            case Act.TopUp:
                return New("top-ups", () => model.Pay(card, line, at(), "ToppedUp", amount, currency, order), ("amount", money), ("currency", currency), ("orderNumber", order));
            case Act.Renew when step.A % 2 == 0:
                return New("renewals", () => model.Pay(card, line, at(), "Renewed", null, null, order), ("orderNumber", order));
            case Act.Renew:
                return New("renewals", () => model.Pay(card, line, at(), "Renewed", amount, currency, order), ("amount", money), ("currency", currency), ("orderNumber", order));
            case Act.Use:
                var (use, word) = new[] { (UsageKind.Call, "call"), (UsageKind.Sms, "sms"), (UsageKind.Data, "data") }[step.A % 3];
                return New("usages", () => model.Use(card, line, at(), use, order), ("kind", word), ("orderNumber", order));
            case Act.SeeBalance:
                return New("balances", () => model.SeeBalance(card, line, at(), amount, currency), ("amount", money), ("currency", currency));
            case Act.StateExpiry:
                return New("carrier-statements", () => model.StateExpiry(card, line, at(), later), ("endsOn", Day(later)));
            case Act.CheckStatus:
                Stage? seen = step.A % 3 == 0 ? null : new[] { Stage.Active, Stage.Active, Stage.Grace, Stage.Lost }[step.A % 4];
                LocalDate? endsOn = step.B % 11 == 3 ? later : null;
                decimal? balance = step.B % 11 == 4 ? amount : null;
                var observed = step.C % 3 == 0 ? "as the portal shows it" : null;
                return New(
                    "status-checks", () => model.CheckStatus(card, line, at(), seen, endsOn, balance, observed), ("state", seen is { } s ? EnumNames.Of(s) : null), ("endsOn", endsOn is { } d ? Day(d) : null),
                    ("balance", balance is null ? null : money), ("observed", observed));
            case Act.ChangeNumber:
                var number = Numbers[step.A % Numbers.Length];
                return New("number-changes", () => model.ChangeNumber(card, line, at(), number), ("number", number));
            case Act.ChangeProduct:
                var product = new[] { "prepaid", "payg", "one-card-two-numbers", "none-such" }[step.A % 4];
                return New("product-changes", () => model.ChangeProduct(card, line, at(), product), ("product", product));
            case Act.Detach:
                return New("detachments", () => model.Detach(card, line, at()));
            default:
                return null;
        }

        Wanted New(string what, Func<Expected> expect, params (string, object?)[] members) => At(card, what, expect, [("lineId", line), ("at", written), .. members]);
    }

    private Wanted? OfCard(Step step, ModelCard card)
    {
        var (at, written) = Time(step, card);
        switch (step.Act)
        {
            case Act.UnknownCard:
                return new Wanted($"/v1/cards/{Guid.NewGuid()}/activations", "{}", card, () => Expected.Refused("card-not-found", 404));
            case Act.AttachLine:
                var (number, product) = (step.A % 5 == 0 ? null : Numbers[step.A % Numbers.Length], Carriers[step.B % 3].Product);
                return At(card, "lines", () => ModelOrganisation.AttachLine(card, number, product), [("number", number), ("product", product)]);
            case Act.Void:
                var fact = step.A % 15 == 0 ? null : card.Facts[step.B % card.Facts.Count];
                return At(card, "voids", () => model.Void(fact), [("factId", fact?.Id ?? Guid.NewGuid())]);
            case Act.ReplaceSim:
                var iccid = Iccids[step.A % Iccids.Length];
                return New("sim-replacements", () => model.ReplaceSim(card, at(), iccid), ("iccid", iccid));
            case Act.ReportSim:
                var condition = new[] { "lost", "damaged", "inOrder" }[step.A % 3];
                return New("sim-conditions", () => model.ReportSim(card, at(), condition), ("condition", condition));
            case Act.IdentifyCarrier:
                var identified = SameZone(card)[step.A % 2].Carrier;
                return New("carrier-identifications", () => model.IdentifyCarrier(card, at(), identified), ("carrier", identified));
            case Act.SwitchCarrier:
                var (carrier, with) = SameZone(card)[step.A % 2];
                return New("carrier-switches", () => model.SwitchCarrier(card, at(), carrier, with), ("carrier", carrier), ("product", with));
            case Act.Retire:
                return New("retirements", () => model.Retire(card, at()));
            case Act.Reopen:
                return New("reopenings", () => model.Reopen(card, at()));
            case Act.Describe:
                var (owner, importance) = (step.A % 2 == 0 ? Owners[step.C % 3] : null, step.A % 3 == 0 ? Importances[step.C % 3] : null);
                var (tags, notes) = (step.A % 5 == 0 ? Tags[step.C % 4] : null, step.A % 7 == 0 ? "a note" : null);
                return New("descriptions", () => model.Describe(card, at(), owner, importance, tags, notes), ("owner", owner), ("importance", importance), ("tags", tags), ("notes", notes));
            default:
                return null;
        }

        Wanted New(string what, Func<Expected> expect, params (string, object?)[] members) => At(card, what, expect, [("at", written), .. members]);
    }

    private static (string Carrier, string? Product)[] SameZone(ModelCard card) => card.Now.Carrier switch
    {
        "ph-tm" or "hk-cmhk" => [("ph-tm", "prepaid"), ("hk-cmhk", "one-card-two-numbers")],
        "gb-giffgaff" => [("gb-giffgaff", "payg"), ("gb-giffgaff", null)],
        _ => [("nobody-knows", "x"), ("somebody-else", null)],
    };

    /// <summary>When it happened: mostly now, which is left out; else a day or an instant before, seldom one ahead.</summary>
    private (Func<EntryTime> At, string? Written) Time(Step step, ModelCard card)
    {
        var today = model.Now.InZone(model.ZoneOf(card.Now.Carrier)).Date;
        LocalDate? day = (step.B % 9) switch { 5 => today, 6 => today.PlusDays(-(step.C % 60)), 7 => today.PlusDays(step.C % 8 == 0 ? 2 : -1), _ => null };
        if (day is { } date) return (() => EntryTime.On(date), Day(date));
        if (step.B % 9 != 8) return (() => EntryTime.At(model.Now), null);
        var instant = model.Now - Duration.FromHours(step.C % 200);
        return (() => EntryTime.At(instant), InstantPattern.ExtendedIso.Format(instant));
    }

    private static Wanted At(ModelCard card, string what, Func<Expected> expect, IEnumerable<(string, object?)> members) => new($"/v1/cards/{card.Id}/{what}", Json([.. members]), card, expect);

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static string Json(params (string Name, object? Value)[] members) => JsonSerializer.Serialize(members.Where(m => m.Value is not null).ToDictionary(m => m.Name, m => m.Value));
}
