namespace SimLedger.Rules.Explaining;

/// <summary>Simplified Chinese, in the terms the users themselves use: 到期日, 充值, 续费, 宽限期, 停机, 可找回期, 冻结期, 丢号.</summary>
internal sealed class SimplifiedChinese : Language
{
    public override string Tag => "zh-Hans";

    public override IReadOnlyDictionary<StatementCode, string> Templates => SimplifiedChineseTemplates.All;

    protected override string Space => "";

    /// <summary>Between a Chinese character and a Latin letter or digit there is a space, on either side.</summary>
    protected override bool NeedsSpace(char before, char after) =>
        (IsHan(before) && char.IsAsciiLetterOrDigit(after)) || (char.IsAsciiLetterOrDigit(before) && IsHan(after));

    public override string NameOf(Stage stage) => stage switch
    {
        Stage.Unstarted => "未开始",
        Stage.Active => "有效期内",
        Stage.Lapsed => "到期之后",
        Stage.Grace => "宽限期",
        Stage.Suspended => "停机期",
        Stage.Reclaimable => "可找回期",
        Stage.Quarantine => "冻结期",
        _ => "丢号",
    };

    public override string NameOf(string clock, ClockKind kind, bool withId)
    {
        var name = kind switch
        {
            ClockKind.Validity => "有效期",
            ClockKind.Inactivity => "长时间未使用期限",
            ClockKind.Balance => "余额期限",
            ClockKind.Plan => "套餐期",
            ClockKind.Registration => "实名登记期限",
            _ => "未激活卡存放期",
        };
        return withId ? $"{name}“{clock}”" : name;
    }

    public override string Say(Way way, RulePack? pack)
    {
        var (must, currency) = (way.Must, way.Currency);
        var words = way.Act switch
        {
            EntryType.Activated => "激活",
            EntryType.TopUp => OwnWord(way.Act, pack) ?? "充值",
            EntryType.Renewed => OwnWord(way.Act, pack) ?? "续费",
            EntryType.Usage => UsageOf(must.UsageKinds, must.Direction, must.Chargeable),
            EntryType.Balance => "查得账户余额",
            EntryType.CarrierStated => "运营商告知到期日",
            EntryType.Registered => "实名登记",
            EntryType.Extended => "购买延期",
            _ => "撤销",
        };
        words += (must.MinAmount, must.MaxAmount) switch
        {
            ({ } least, null) => $"，至少 {Text(least, currency)}",
            (null, { } most) => $"，最多 {Text(most, currency)}",
            ({ } least, { } most) => least == most ? $" {Text(least, currency)}" : $"，{Text(least, currency)} 至 {Text(most, currency)}",
            _ => "",
        };
        if (must.Offers is { Count: > 0 } offers) words += $"，商品 {OneOf(offers)}";
        if (must.Channels is { Count: > 0 } channels) words += $"，渠道：{OneOf([.. channels.Select(channel => NameOfChannel(channel, pack))])}";
        if (must.PaidOnly) words += "，不含优惠活动";
        var isBalance = way.Act is EntryType.Balance;
        if (must.BalanceAtLeast is { } atLeast) words += isBalance ? $"不低于 {Text(atLeast, currency)}" : $"，账户余额不低于 {Text(atLeast, currency)}";
        if (must.BalanceAtMost is { } atMost) words += isBalance ? $"不高于 {Text(atMost, currency)}" : $"，账户余额不高于 {Text(atMost, currency)}";
        if (must.CumulativeAtLeast is { } sum) words += (must.Within is { } within ? $"，{Length(within)}内" : "，") + $"累计至少 {Text(sum, currency)}";
        return words + (way.Gives is { } extension ? Gives(extension, currency) : "");
    }

    protected override string NameOf(ChannelKind kind) => kind switch
    {
        ChannelKind.Site => "网站",
        ChannelKind.App => "应用",
        ChannelKind.Store => "营业厅",
        ChannelKind.Kiosk => "自助终端机",
        ChannelKind.Hotline => "客服热线",
        ChannelKind.Ivr => "语音提示",
        _ => "第三方平台",
    };

    protected override string? Doubt(Confidence? confidence) => confidence switch
    {
        Confidence.User => "（据用户经验，运营商未确认）",
        Confidence.Unverified => "（规则未经核实）",
        _ => null,
    };

    protected override string Words(Datum datum, RulePack? pack) => datum switch
    {
        Datum.Day day => Text(day.Date),
        Datum.Days days => $"{Text(days.Count)} 天",
        Datum.Times times => $"{Text(times.Count)} 次",
        Datum.Facts facts => $"{Text(facts.Count)} 条记录",
        Datum.TimeOfDay time => Text(time.Time),
        Datum.Length length => Length(length.Term),
        Datum.Span { Exact: true } span => $"自该时刻起 {Length(span.Term)}",
        Datum.Span { FirstDayCounts: true } span => $"含当日共 {Length(span.Term)}",
        Datum.Span span => $"自当日起 {Length(span.Term)}",
        Datum.Money money => Text(money.Amount, money.Currency),
        Datum.OfClock clock => NameOf(clock.Id, clock.Kind, clock.NeedsId),
        Datum.Fact fact => FactOf(fact, pack),
        Datum.OfStage stage => NameOf(stage.Stage),
        Datum.Text text => text.Value,
        Datum.Quote quote => Quoted(quote.Value),
        Datum.Name name => name.ByLanguage.In(Tag),
        Datum.Texts texts => string.Join('、', texts.Values),
        Datum.Channels channels => OneOf([.. channels.CodesOrKinds.Select(channel => NameOfChannel(channel, pack))]),
        Datum.Usage usage => UsageOf(usage.Kinds, null, null),
        Datum.Services services => string.Join('，', services.Works.Select(service => NameOfService(service.Key, service.Value))),
        Datum.Balance balance => balance.Fate switch { BalanceFate.Kept => "保留", BalanceFate.Frozen => "冻结", _ => "作废" },
        Datum.Ways ways => string.Join('；', ways.All.Select(way => Say(way, pack))),
        _ => throw new InvalidOperationException($"No words for {datum.GetType().Name}."),
    };

    private string FactOf(Datum.Fact fact, RulePack? pack)
    {
        var entry = fact.Entry;
        var ownWord = OwnWord(entry.Type, pack);
        var space = ownWord?.EndsWith('）') == true ? "" : " ";
        var amount = entry.Amount is { } sum ? space + Text(sum, fact.Currency) : "";
        var what = entry.Type switch
        {
            EntryType.Activated => ownWord ?? "激活",
            EntryType.TopUp => (ownWord ?? "充值") + amount,
            EntryType.Renewed => (ownWord ?? "续费") + amount,
            EntryType.Usage => Use(entry.UsageKind, entry.Direction),
            EntryType.Balance => "查得账户余额" + (entry.BalanceAfter is { } balance ? $" {Text(balance, fact.Currency)}" : amount),
            EntryType.CarrierStated => "运营商告知",
            EntryType.Registered => "实名登记",
            EntryType.Extended => "购买延期" + amount,
            _ => "撤销记录",
        };
        return $"{Text(fact.On)} {what}";
    }

    private static string UsageOf(IReadOnlyList<UsageKind>? kinds, Direction? direction, bool? chargeable)
    {
        var charge = chargeable switch { true => "计费的", false => "不计费的", _ => "" };
        return charge + (kinds is null or [] ? Use(null, direction) : OneOf([.. kinds.Select(kind => Use(kind, direction))]));
    }

    private static string Use(UsageKind? kind, Direction? direction) => (kind, direction) switch
    {
        (UsageKind.Call, Direction.Out) => "拨出电话",
        (UsageKind.Call, Direction.In) => "接听电话",
        (UsageKind.Call, _) => "通话",
        (UsageKind.Sms, Direction.Out) => "发出短信",
        (UsageKind.Sms, Direction.In) => "收到短信",
        (UsageKind.Sms, _) => "短信",
        (UsageKind.Mms, Direction.Out) => "发出彩信",
        (UsageKind.Mms, Direction.In) => "收到彩信",
        (UsageKind.Mms, _) => "彩信",
        (UsageKind.Data, _) => "使用流量",
        (_, Direction.Out) => "主动使用",
        (_, Direction.In) => "接听或接收",
        _ => "使用",
    };

    private static string Gives(Extension extension, string? currency)
    {
        var verb = extension.Combine is Combine.Add ? "顺延" : "延长";
        if (extension.Combine is Combine.Set) return "（以其写明的到期日为准）";
        if (extension.By is { } by)
        {
            if (extension.Combine is Combine.EndOfMonth) return by.N == 0 ? "（至当月月底）" : $"（{Length(by)}后的月底）";
            if (extension.Combine is Combine.AfterPlan) return $"（套餐到期后再加 {Length(by)}）";
            if (by.N == 0) return "";
            return extension.Combine is Combine.Add ? $"（顺延 {Length(by)}）" : $"（自当日起 {Length(by)}）";
        }

        if (extension.Tiers is { } tiers) return $"（{string.Join('，', tiers.Select(tier => $"满 {Text(tier.From, currency)} {verb} {Length(tier.By)}"))}）";
        if (extension.PerUnit is { } unit) return $"（每 {Text(unit.Amount, currency)} {verb} {Length(unit.By)}）";
        return $"（{verb}所购买的时长）";
    }

    private static string NameOfService(string service, bool works) => (service, works) switch
    {
        ("in", true) => "可接听和接收",
        ("in", false) => "不能接听和接收",
        ("out", true) => "可拨出和发送",
        ("out", false) => "不能拨出和发送",
        (_, true) => $"{service} 可用",
        _ => $"{service} 不可用",
    };

    private static bool IsHan(char c) => c is >= '\u4e00' and <= '\u9fff';

    private static string Length(Term term) => term.Unit switch
    {
        TermUnit.Hour => $"{Text(term.N)} 小时",
        TermUnit.Day => $"{Text(term.N)} 天",
        TermUnit.Month => $"{Text(term.N)} 个月",
        _ => $"{Text(term.N)} 年",
    };

    private static string OneOf(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join('、', names.Take(names.Count - 1))}或{names[^1]}";
}
