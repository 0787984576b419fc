namespace SimLedger.Rules.Explaining;

/// <summary>English. A fact always begins its sentence, so that it needs no article and no second form.</summary>
internal sealed class English : Language
{
    public override string Tag => "en";

    public override IReadOnlyDictionary<StatementCode, string> Templates => EnglishTemplates.All;

    protected override string Space => " ";

    public override string NameOf(Stage stage) => stage switch
    {
        Stage.Unstarted => "not started",
        Stage.Active => "active time",
        Stage.Lapsed => "time after the end",
        Stage.Grace => "grace period",
        Stage.Suspended => "suspension",
        Stage.Reclaimable => "reclaim window",
        Stage.Quarantine => "quarantine",
        _ => "loss of the number",
    };

    public override string NameOf(string clock, ClockKind kind, bool withId)
    {
        var name = kind switch
        {
            ClockKind.Validity => "validity",
            ClockKind.Inactivity => "inactivity limit",
            ClockKind.Balance => "balance limit",
            ClockKind.Plan => "plan period",
            ClockKind.Registration => "registration deadline",
            _ => "shelf life",
        };
        return withId ? $"{name} \"{clock}\"" : name;
    }

    public override string Say(Way way, RulePack? pack)
    {
        var (must, currency) = (way.Must, way.Currency);
        var words = way.Act switch
        {
            EntryType.Activated => "activation",
            EntryType.TopUp => OwnWord(way.Act, pack) ?? "top-up",
            EntryType.Renewed => OwnWord(way.Act, pack) ?? "renewal",
            EntryType.Usage => UsageOf(must.UsageKinds, must.Direction, must.Chargeable),
            EntryType.Balance => "balance seen",
            EntryType.CarrierStated => "the carrier's own word",
            EntryType.Registered => "identity registration",
            EntryType.Extended => "extension bought",
            _ => "void",
        };
        words += (must.MinAmount, must.MaxAmount) switch
        {
            ({ } least, null) => $" of at least {Text(least, currency)}",
            (null, { } most) => $" of at most {Text(most, currency)}",
            ({ } least, { } most) => least == most ? $" of {Text(least, currency)}" : $" of {Text(least, currency)} to {Text(most, currency)}",
            _ => "",
        };
        if (must.Offers is { Count: > 0 } offers) words += $" (offer {OneOf(offers)})";
        if (must.Channels is { Count: > 0 } channels) words += $" via {OneOf([.. channels.Select(channel => NameOfChannel(channel, pack))])}";
        if (must.PaidOnly) words += " without a promotion";
        var isBalance = way.Act is EntryType.Balance;
        if (must.BalanceAtLeast is { } atLeast) words += isBalance ? $", {Text(atLeast, currency)} or more" : $" with at least {Text(atLeast, currency)} of balance";
        if (must.BalanceAtMost is { } atMost) words += isBalance ? $", {Text(atMost, currency)} or less" : $" with at most {Text(atMost, currency)} of balance";
        if (must.CumulativeAtLeast is { } sum) words += $", adding up to at least {Text(sum, currency)}";
        if (must.Within is { } within) words += $" within {Length(within)}";
        return words + (way.Gives is { } extension ? Gives(extension, currency) : "");
    }

    protected override string NameOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Site => "website",
        ChannelKind.App => "app",
        ChannelKind.Store => "store",
        ChannelKind.Kiosk => "kiosk",
        ChannelKind.Hotline => "hotline",
        ChannelKind.Ivr => "voice menu",
        _ => "third-party platform",
    };

    protected override string? Doubt(Confidence? confidence) => confidence switch
    {
        Confidence.User => " (by users' reports; the carrier has not confirmed it)",
        Confidence.Unverified => " (unverified: nobody has confirmed this rule)",
        _ => null,
    };

    protected override string Words(Datum datum, RulePack? pack) => datum switch
    {
        Datum.Day day => Text(day.Date),
        Datum.Days days => Number(days.Count, "day"),
        Datum.Times times => Number(times.Count, "time"),
        Datum.Facts facts => Number(facts.Count, "fact"),
        Datum.TimeOfDay time => Text(time.Time),
        Datum.Length length => Length(length.Term),
        Datum.Span { Exact: true } span => $"{Length(span.Term)} from that moment",
        Datum.Span { FirstDayCounts: true } span => $"{Length(span.Term)}, that day included",
        Datum.Span span => $"{Length(span.Term)} from that day",
        Datum.Money money => Text(money.Amount, money.Currency),
        Datum.OfClock clock => NameOf(clock.Id, clock.Kind, clock.NeedsId),
        Datum.Fact fact => FactOf(fact, pack),
        Datum.OfStage stage => NameOf(stage.Stage),
        Datum.Text text => text.Value,
        Datum.Quote quote => Quoted(quote.Value),
        Datum.Name name => name.ByLanguage.In(Tag),
        Datum.Texts texts => string.Join(", ", texts.Values),
        Datum.Channels channels => OneOf([.. channels.CodesOrKinds.Select(channel => NameOfChannel(channel, pack))]),
        Datum.Usage usage => UsageOf(usage.Kinds, null, null),
        Datum.Services services => string.Join(", ", services.Works.Select(service => ServiceOf(service.Key, service.Value))),
        Datum.Balance balance => balance.Fate switch { BalanceFate.Kept => "kept", BalanceFate.Frozen => "frozen", _ => "forfeited" },
        Datum.Ways ways => string.Join("; ", ways.All.Select(way => Say(way, pack))),
        _ => throw new InvalidOperationException($"No words for {datum.GetType().Name}."),
    };

    private string FactOf(Datum.Fact fact, RulePack? pack)
    {
        var entry = fact.Entry;
        var ownWord = OwnWord(entry.Type, pack);
        var on = Text(fact.On);
        var of = entry.Amount is { } amount ? $" of {Text(amount, fact.Currency)}" : "";
        return entry.Type switch
        {
            EntryType.Activated => $"{ownWord ?? "Activation"} on {on}",
            EntryType.TopUp => $"{ownWord ?? "Top-up"}{of} on {on}",
            EntryType.Renewed => $"{ownWord ?? "Renewal"}{of} on {on}",
            EntryType.Usage => $"{Capital(UsageOf(entry.UsageKind is { } kind ? [kind] : null, entry.Direction, null))} on {on}",
            EntryType.Balance => $"Balance{(entry.BalanceAfter is { } balance ? $" of {Text(balance, fact.Currency)}" : of)} seen on {on}",
            EntryType.CarrierStated => $"The carrier's own word of {on}",
            EntryType.Registered => $"Identity registration on {on}",
            EntryType.Extended => $"Extension bought{(of.Length > 0 ? $" for{of[3..]}" : "")} on {on}",
            _ => $"The void of {on}",
        };
    }

    private static string UsageOf(IReadOnlyList<UsageKind>? kinds, Direction? direction, bool? chargeable)
    {
        var charge = chargeable switch { true => "chargeable ", false => "free ", _ => "" };
        var way = direction switch { Direction.Out => "outgoing ", Direction.In => "incoming ", _ => "" };
        var what = kinds is null or [] ? "use" : OneOf([.. kinds.Select(kind => kind switch
        {
            UsageKind.Call => "call",
            UsageKind.Sms => "SMS",
            UsageKind.Mms => "MMS",
            _ => "data use",
        })]);
        return charge + way + what;
    }

    private static string Gives(Extension extension, string? currency)
    {
        var verb = extension.Combine is Combine.Add ? "adds" : "gives";
        if (extension.Combine is Combine.Set) return " (sets the end it names)";
        if (extension.By is { } by)
        {
            if (extension.Combine is Combine.EndOfMonth && by.N == 0) return " (gives the rest of the month)";
            if (extension.Combine is Combine.EndOfMonth) return $" (gives {Length(by)} and the rest of that month)";
            if (extension.Combine is Combine.AfterPlan) return $" (gives {Length(by)} after the plan's end)";
            return by.N == 0 ? "" : $" ({verb} {Length(by)})";
        }

        if (extension.Tiers is { } tiers)
        {
            return $" ({verb} {string.Join(", ", tiers.Select(tier => $"{Length(tier.By)} from {Text(tier.From, currency)} on"))})";
        }

        if (extension.PerUnit is { } unit) return $" ({verb} {Length(unit.By)} for each {Text(unit.Amount, currency)})";
        return $" ({verb} the period bought)";
    }

    private static string ServiceOf(string service, bool works)
    {
        var name = service switch { "in" => "incoming service", "out" => "outgoing service", _ => service };
        return works ? $"{name} works" : $"{name} does not work";
    }

    private static string Length(Term term) => Number(term.N, EnumNames.Of(term.Unit));

    private static string Number(long n, string one) => n == 1 ? $"1 {one}" : $"{Text(n)} {one}s";

    private static string OneOf(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} or {names[^1]}";

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
