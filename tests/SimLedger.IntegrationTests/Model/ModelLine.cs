using NodaTime;
using SimLedger.Rules;

namespace SimLedger.IntegrationTests.Model;

/// <summary>How a line must be shown at an instant: its facts put to the rules, which are proved elsewhere.</summary>
internal sealed record ModelLine(
    Guid CardId, Guid LineId, string? Number, string? Carrier, string? Product, string? Owner, string Importance, Stage Stage, bool Closed, bool Settle, LocalDate? DueOn, LocalDate? EndsOn,
    LocalDate? RenewBy, bool Overdue, string[] Flags, string[] Tags, LocalDate Today)
{
    private static readonly Flag[] ToSettle = [Flag.RuleUnknown, Flag.NotStarted, Flag.Arrears, Flag.ConflictingRules];

    /// <summary>Place in the due list: what must be settled first, then by day, importance and id.</summary>
    public (int, LocalDate, int, string) Place =>
        (Settle ? 0 : 1, DueOn ?? LocalDate.MaxIsoValue, Importance switch { "critical" => 0, "high" => 1, _ => 2 }, LineId.ToString("D"));

    public static ModelLine Of(ModelCard card, Guid lineId, Packs packs, Instant now)
    {
        var state = card.Now;
        var line = state.Line(lineId);
        var pack = packs.Of(state.Carrier);
        var standing = Ask(card, state, line, pack, now);
        var differs = Differs(card, state, line, pack, now);
        var today = now.InZone(pack.Zone).Date;
        string[] flags =
        [
            .. standing.Flags.Select(flag => EnumNames.Of(flag)),
            .. state.Sim switch { "lost" => ["simLost"], "damaged" => ["simDamaged"], _ => Array.Empty<string>() },
            .. differs ? ["statusDiffers"] : Array.Empty<string>(),
        ];
        return new ModelLine(
            card.Id, lineId, line.Number, packs.Code(state.Carrier), line.Product, state.Owner.Length == 0 ? null : state.Owner, state.Importance, standing.Stage,
            standing.Stage == Stage.Lost || state.Retired || line.Detached, differs || standing.Flags.Any(ToSettle.Contains),
            standing.Stage switch { Stage.Unstarted => null, Stage.Active => standing.EndsOn, _ => standing.StageEndsOn ?? standing.EndsOn },
            standing.EndsOn, standing.RenewBy, standing.RenewBy < today, [.. flags.Order(StringComparer.Ordinal)], state.Tags, today);
    }

    private static Standing Ask(ModelCard card, CardState state, LineState line, RulePack pack, Instant at)
    {
        var since = state.CarrierSince;
        var entries = card.Entries(line.Id).Where(f => since is null || f.At.ToInstant(pack.Zone) >= since).Select(Entry).OfType<Entry>().ToList();
        var activatedOn = since is { } moved && line.ActivatedOn < moved.InZone(pack.Zone).Date ? null : line.ActivatedOn;
        return Evaluator.Evaluate(pack, new Question(line.Product ?? "", entries, at, activatedOn));
    }

    /// <summary>Whether the last that was recorded of the line is a look at the carrier's side that saw another stage than the rules tell for then.</summary>
    private static bool Differs(ModelCard card, CardState state, LineState line, RulePack pack, Instant now)
    {
        Fact? last = null;
        foreach (var fact in card.Entries(line.Id).Where(f => f.Type != "BalanceObserved" && !(f.Type == "StatusChecked" && f.Seen is null)))
        {
            var (at, before) = (fact.At.ToInstant(pack.Zone), last?.At.ToInstant(pack.Zone));
            if (at > now || at < state.CarrierSince) continue; // A day of a carrier further east may lie ahead in the zone of this one.
            if (last is null || at > before || (at == before && fact.Type != "CarrierStatedExpiry")) last = fact;
        }
        return last is { Type: "StatusChecked", Seen: { } seen } && Ask(card, state, line, pack, last.At.ToInstant(pack.Zone)).Stage != seen;
    }

    private static Entry? Entry(Fact fact)
    {
        var (id, at) = (fact.Id.ToString("D"), fact.At);
        return fact.Type switch
        {
            "Activated" => new Entry(id, EntryType.Activated, at),
            "ToppedUp" => new Entry(id, EntryType.TopUp, at, fact.Amount, fact.Currency),
            "Renewed" => new Entry(id, EntryType.Renewed, at, fact.Amount, fact.Currency),
            "UsageRecorded" => new Entry(id, EntryType.Usage, at, UsageKind: fact.Use),
            "BalanceObserved" => new Entry(id, EntryType.Balance, at, fact.Amount, fact.Currency),
            "CarrierStatedExpiry" => new Entry(id, EntryType.CarrierStated, at, EndsOn: fact.EndsOn),
            "IdentityRegistered" => new Entry(id, EntryType.Registered, at),
            "StatusChecked" => null,
            _ => throw new InvalidOperationException($"No entry of {fact.Type}."),
        };
    }
}

/// <summary>The packs as they lie in the repository, read by the rules' own reader.</summary>
internal sealed class Packs
{
    private readonly Dictionary<string, RulePack> _byCode = [];

    public Packs(params string[] codes)
    {
        foreach (var code in codes)
        {
            var file = Path.Combine(Repository.Root, "src", "SimLedger.Server", "RulePacks", $"{code}.json");
            _byCode[code] = RulePackReader.Read(File.ReadAllBytes(file), file).Pack!;
        }
    }

    public RulePack Of(string? carrier) => Find(carrier) ?? RulePack.WithoutRules;

    public RulePack? Find(string? carrier) => carrier is null ? null : _byCode.GetValueOrDefault(carrier);

    /// <summary>Carriers without rules keep the name that they were given.</summary>
    public string? Code(string? carrier) => carrier;
}
